"""Searches in the pipeline: the test month has no say, a kill costs one trial, the next month begins with the best."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from include.config import Settings
from include.lake import Lake
from include.models import tuned
from include.models.bundle import read_bundle
from include.models.families import Family
from include.models.tracking import client
from include.models.train_all import fit_family, plan_training
from include.models.tuned import tune_loss
from include.models.tuning import Budget, Loss, search
from include.trips.month import Month
from tests.homes import feature_months, settings_of
from tests.integration.models.test_protocol import challengers, digests, upside_down
from tests.unit.models.test_tuning import SPACE, loss

pytestmark = pytest.mark.integration

KILLED = """
import sys, time
from pathlib import Path
from include.models.tuning import Budget, search
from tests.unit.models.test_tuning import SPACE, loss

def slow(params, share):
    with Path(sys.argv[2]).open("a") as told:
        told.write("fit\\n")
    time.sleep(0.2)
    return loss(params, share)

search("s", SPACE, slow, Budget(15, 600), Path(sys.argv[1]), 1, [{"a": 1.0}])
"""


@pytest.mark.parametrize("fits", [1, 9])
def test_a_killed_search_ends_as_if_it_had_not_been(fits: int, tmp_path: Path) -> None:
    journal, told = tmp_path / "journal", tmp_path / "told"
    dying = subprocess.Popen([sys.executable, "-c", KILLED, str(journal), str(told)])
    while not told.exists() or len(told.read_text().splitlines()) < fits:
        assert dying.poll() is None
        time.sleep(0.02)
    os.kill(dying.pid, signal.SIGKILL)
    assert dying.wait() == -signal.SIGKILL
    calls: list[float] = []

    def counted(params: Any, share: float) -> float:
        calls.append(share)
        return loss(params, share)

    resumed = search("s", SPACE, counted, Budget(15, 600), journal, 1, [{"a": 1.0}])
    before, calls = len(calls), []
    assert resumed == search("s", SPACE, counted, Budget(15, 600), tmp_path / "whole", 1, [{"a": 1.0}])
    assert len(calls) - fits <= before <= len(calls) - fits + 2  # what was finished is not fitted again


@pytest.fixture(scope="module")
def tuning(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Three months of the sample, and a budget."""
    families = ("zone_pair_median", "additive_log", "ridge")
    settings = settings_of(tmp_path_factory.mktemp("home"), sample_rows=4000, families=families, tune_trials=3)
    feature_months(settings, "yellow", "2019-01", "2019-02", "2019-03")
    return settings


def test_another_test_month_sees_the_same_search_and_challenger(tuning: Settings) -> None:
    plan = plan_training("yellow", "2019-03", "always", tuning)
    chosen = challengers(plan, tuning)
    upside_down(Lake(tuning.lake), "2019-03")
    changed = plan_training("yellow", "2019-03", "always", tuning)
    assert changed["uris"]["2019-03"] != plan["uris"]["2019-03"]
    assert changed["key"] == plan["key"]
    fresh = tuning.model_copy(update={"home": tuning.home / "fresh", "lake_url": str(tuning.home / "fresh-lake")})
    again = challengers(changed, fresh)
    assert {target: digests(found["uri"]) for target, found in again.items()} == {
        target: digests(found["uri"]) for target, found in chosen.items()
    }
    for stage in ("tuned/ridge/high_tip", "tuned/additive_log/fare_usd"):
        held, other = (Lake(s.lake).require(stage, "yellow", Month.parse("2019-03")) for s in (tuning, fresh))
        assert held.sha256 == other.sha256
        assert held.meta == other.meta


def test_a_search_is_on_the_card_in_the_run_and_begins_the_next_month(tuning: Settings) -> None:
    plan = plan_training("yellow", "2019-02", "always", tuning)
    found = {outcome["target"]: outcome for outcome in fit_family(plan, "ridge", tuning)}["fare_usd"]
    card, run = read_bundle(found["uri"]).card, client(tuning).get_run(found["run_id"])
    held = Lake(tuning.lake).require("tuned/ridge/fare_usd", "yellow", Month.parse("2019-02"))
    assert card.params["alpha"] == held.meta["params"]["alpha"]
    assert (card.params["tuned_month"], card.params["tuned_trials"]) == ("2019-02", 3)
    assert (run.data.params["alpha"], run.data.params["tuned_trials"]) == (str(card.params["alpha"]), "3")
    assert json.loads(run.data.tags["tuning"]) == {"trials": 3, "seconds": 600.0}
    assert json.loads(run.data.tags["tuned"]) == {}
    assert run.data.metrics["search_seconds"] > 0
    artifact = Path(run.info.artifact_uri.removeprefix("file://"), "trials.csv").read_text()
    assert artifact == Path(held.uri).read_text()
    assert artifact.splitlines()[0] == "trial,ended,loss_0.2,loss_1,alpha"
    later = plan_training("yellow", "2019-03", "always", tuning.model_copy(update={"tune_trials": 0}))
    assert later["tuned"]["ridge"]["fare_usd"] == {"month": "2019-02", "params": held.meta["params"]}
    assert later["tuning"] == {}
    outcomes = {outcome["target"]: outcome for outcome in fit_family(later, "ridge", tuning)}
    after = read_bundle(outcomes["fare_usd"]["uri"]).card
    assert (after.params["alpha"], after.params["tuned_month"]) == (held.meta["params"]["alpha"], "2019-02")
    assert "tuned_trials" not in after.params
    tags = client(tuning).get_run(outcomes["fare_usd"]["run_id"]).data.tags
    assert json.loads(tags["tuned"]) == later["tuned"]["ridge"]["fare_usd"]


def test_a_family_killed_between_its_search_and_its_fit_searches_nothing_again(
    tuning: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = plan_training("yellow", "2019-02", "always", tuning)
    with monkeypatch.context() as dying:
        dying.setattr("include.models.train_all.log_text", lambda *_: (_ for _ in ()).throw(ConnectionError("away")))
        with pytest.raises(ConnectionError):
            fit_family(plan, "additive_log", tuning)

    def fares_only(row: Family, target: str, *given: Any) -> Loss:
        return tune_loss(row, target, *given) if target == "fare_usd" else lambda *_: pytest.fail("searched again")

    monkeypatch.setattr(tuned, "tune_loss", fares_only)
    first, _ = fit_family(plan, "additive_log", tuning)
    assert first["target"] == "duration_min"
    assert read_bundle(first["uri"]).card.params["tuned_trials"] == 3
