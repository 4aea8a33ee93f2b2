"""Which months a training takes, and what it refuses before anything is fitted."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from include.config import Settings
from include.errors import BadDataError, NothingToDo, QualityError, SettingsError
from include.features import build_month
from include.features.build_month import build_feature_month, feature_key
from include.lake import Lake
from include.models import plan
from include.models.families import ROWS
from include.models.plan import TRAINING_LIBRARIES, TRAINING_SOURCES, plan_training
from include.trips.month import Month
from tests.unit.processing.months import healthy_month

EARLIER, MIDDLE, TEST = Month(2019, 2), Month(2019, 3), Month(2019, 4)


CHANGE_NO_CANDIDATE = {
    "clustering_models", "dim_reduction", "explore", "group_names", "zone_profiles",  # views for people
    "costs", "pyfunc_model", "tracking", "wandb_log",  # what is written down beside a fit
    "gate", "plan",  # rules of the decision, in its own key; what the key is made of
}  # fmt: skip


class Judge:
    """Stands for the feature suite: counts what it is asked, refuses what it is told to."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.refuses: set[str] = set()

    def __call__(self, service: str, month: str, settings: Settings) -> dict[str, Any]:
        self.asked.append(month)
        if month in self.refuses:
            raise QualityError(f"{service} {month} is not fit for use")
        return {"status": "done"}


@pytest.fixture
def judge(monkeypatch: pytest.MonkeyPatch) -> Judge:
    standing = Judge()
    monkeypatch.setattr(plan, "validate_feature_month", standing)
    monkeypatch.setattr(plan, "_one_source", lambda *_: False)
    return standing


def put(settings: Settings, *months: Month) -> None:
    for month in months:
        Lake(settings.lake).publish_table("clean", "yellow", month, healthy_month(), "k")
        build_feature_month("yellow", str(month), settings)


def put_verdict(settings: Settings, month: Month) -> None:
    path = settings.home / "report.json"
    path.write_text("{}")
    Lake(settings.lake).publish_file("quality_features", "yellow", month, path, "k", 1, suffix=".json")


def planned(settings: Settings, test: Month = TEST) -> dict[str, Any]:
    return plan_training("yellow", str(test), "always", settings)


def test_a_month_made_by_other_label_code_is_built_again_and_judged(
    settings: Settings, judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(settings, TEST)
    with monkeypatch.context() as earlier:
        earlier.setattr(build_month, "LABEL_SOURCES", ("features/statistics.py",))
        put(settings, MIDDLE)
    lake = Lake(settings.lake)
    wanted = feature_key(lake.require("clean", "yellow", MIDDLE))
    assert lake.require("features", "yellow", MIDDLE).key != wanted
    planned(settings)
    assert lake.require("features", "yellow", MIDDLE).key == wanted
    assert judge.asked == [str(MIDDLE)]


def test_months_that_are_fresh_are_neither_built_nor_judged(
    settings: Settings, judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(settings, MIDDLE, TEST)
    monkeypatch.setattr(plan, "build_feature_month", lambda *_: pytest.fail("nothing is stale"))
    planned(settings)
    assert judge.asked == []


def test_a_refused_month_is_a_gap_and_trains_nothing(settings: Settings, judge: Judge) -> None:
    put(settings, EARLIER, MIDDLE, TEST)
    for month in (EARLIER, MIDDLE):
        put_verdict(settings, month)
    whole = planned(settings)
    assert (whole["earlier"], whole["gaps"]) == ([str(EARLIER), str(MIDDLE)], [])
    judge.refuses = {str(MIDDLE)}
    without = planned(settings)
    assert (without["earlier"], without["gaps"]) == ([str(EARLIER)], [str(MIDDLE)])
    assert set(without["uris"]) == {str(EARLIER), str(TEST)}
    assert without["key"] != whole["key"]


def test_a_window_of_refused_months_is_nothing_to_do(settings: Settings, judge: Judge) -> None:
    put(settings, MIDDLE, TEST)
    put_verdict(settings, MIDDLE)
    judge.refuses = {str(MIDDLE)}
    with pytest.raises(NothingToDo, match="No month before 2019-04 is in the lake and fit for use"):
        planned(settings)


def test_a_refused_test_month_decides_nothing(settings: Settings, judge: Judge) -> None:
    put(settings, MIDDLE, TEST)
    put_verdict(settings, TEST)
    judge.refuses = {str(TEST)}
    with pytest.raises(QualityError, match="2019-04 is not fit"):
        planned(settings)


def test_an_empty_lake_names_the_phases_to_run_first(settings: Settings) -> None:
    with pytest.raises(BadDataError, match=r"no features month yellow 2019-04 .*run the phases before this one"):
        planned(settings)


def test_families_that_leave_a_target_without_a_challenger_are_refused(settings: Settings, judge: Judge) -> None:
    put(settings, MIDDLE, TEST)
    alone = settings.model_copy(update={"families": ("zone_pair_median", "additive_log")})
    told = "TAXI_FAMILIES=zone_pair_median,additive_log has no family for high_tip .*add one of ridge, .*blend"
    with pytest.raises(SettingsError, match=told):
        planned(alone)
    kept = plan_training("yellow", str(TEST), "always", alone, contested=False)
    assert kept["families"] == ["zone_pair_median", "additive_log"]  # what is only fitted meets nobody


def test_every_module_that_makes_a_candidate_is_in_the_training_code() -> None:
    """Loaded by a process that imports the fits and nothing else, and by the families by name."""
    code = "import sys, include.models.train_all; print(*(m for m in sys.modules if m.startswith('include.models.')))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    named = {row.estimator.rpartition(".")[0] for row in ROWS if row.estimator.startswith("include.models.")}
    modules = {name.rpartition(".")[2] for name in (*loaded, *named)}
    hashed = {source.removeprefix("models/").removesuffix(".py") for source in TRAINING_SOURCES}
    assert modules - CHANGE_NO_CANDIDATE == hashed


def test_what_exports_and_runs_a_candidate_is_in_the_training_code() -> None:
    assert {"onnx", "onnxruntime", "skl2onnx", "onnxmltools"} < set(TRAINING_LIBRARIES)
