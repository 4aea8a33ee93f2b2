"""Parameters of a fit: remembered from earlier months alone, searched on the window alone, readable afterwards."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from include.config import Settings
from include.lake import Lake
from include.models import tuned
from include.models.base_trainer import TrainerConfig
from include.models.evaluate import compute_metrics, loss_of
from include.models.families import REGRESSION, Family, find_row
from include.models.plan import plan_training
from include.models.rows import TargetWindow, Window
from include.models.trainers import make_trainer
from include.models.tuned import remembered, search_seed, share_of, stage_of, tune, tune_loss
from include.trips.month import Month

PLAN: dict[str, Any] = {
    "service": "yellow", "month": "2019-04", "earlier": ["2019-03"], "key": "k", "synthetic": True, "tuned": {},
    "tuning": {"trials": 4, "seconds": 60.0},
}  # fmt: skip
EARLIER = {"ridge": {"fare_usd": {"month": "2019-02", "params": {"alpha": 500.0}}}}


@pytest.fixture
def data(window: Window) -> TargetWindow:
    return make_trainer("ridge", TrainerConfig("fare_usd")).prepare_data(window)


def row_of(family: str) -> Family:
    row = find_row(family, REGRESSION)
    assert row is not None
    return row


def remember(lake: Lake, month: str, params: dict[str, Any], folder: Path, synthetic: bool = False) -> None:
    (folder / "trials.csv").write_text(f"trial\n{params}\n")
    meta = {"params": params, "synthetic": synthetic}
    lake.publish_file(
        stage_of("ridge", "fare_usd"), "yellow", Month.parse(month), folder / "trials.csv", "k", 1, meta, ".csv"
    )


def test_a_month_remembers_the_latest_search_before_it(tmp_path: Path) -> None:
    lake = Lake(str(tmp_path / "lake"))
    for month, alpha in (("2019-01", 1.0), ("2019-02", 2.0), ("2019-04", 4.0), ("2019-05", 5.0)):
        remember(lake, month, {"alpha": alpha, "gone": 1}, tmp_path)
    tests = [Month.parse(month) for month in ("2019-01", "2019-02", "2019-04", "2019-06")]
    found = {str(test): remembered(lake, "yellow", test, ["ridge", "linear"], False) for test in tests}
    assert found["2019-01"] == {}
    alphas = {test: held["ridge"]["fare_usd"] for test, held in found.items() if held}
    assert alphas == {
        "2019-02": {"month": "2019-01", "params": {"alpha": 1.0}},
        "2019-04": {"month": "2019-02", "params": {"alpha": 2.0}},
        "2019-06": {"month": "2019-05", "params": {"alpha": 5.0}},
    }
    assert remembered(lake, "green", Month.parse("2019-06"), ["ridge"], False) == {}


def test_the_sample_teaches_real_months_nothing(tmp_path: Path) -> None:
    lake, test = Lake(str(tmp_path / "lake")), Month.parse("2019-06")
    remember(lake, "2019-01", {"alpha": 1.0}, tmp_path)
    remember(lake, "2019-02", {"alpha": 2.0}, tmp_path, synthetic=True)
    real, sample = (remembered(lake, "yellow", test, ["ridge"], synthetic) for synthetic in (False, True))
    assert (real["ridge"]["fare_usd"]["month"], sample["ridge"]["fare_usd"]["month"]) == ("2019-01", "2019-02")


def test_without_a_budget_the_earlier_months_parameters_are_taken(data: TargetWindow, settings: Settings) -> None:
    plan = PLAN | {"tuned": EARLIER, "tuning": {}}
    chosen = tune(plan, row_of("ridge"), "fare_usd", data, settings)
    assert (chosen.params, chosen.source) == ({"alpha": 500.0}, {"tuned_month": "2019-02"})
    assert tune(plan | {"tuned": {}}, row_of("ridge"), "fare_usd", data, settings) == tuned.Tuned()
    assert not (settings.home / "tuning").exists()


def test_a_search_is_no_worse_than_defaults_and_memory_and_is_remembered(
    data: TargetWindow, settings: Settings
) -> None:
    plan, row = PLAN | {"tuned": EARLIER}, row_of("ridge")
    chosen = tune(plan, row, "fare_usd", data, settings)
    loss = tune_loss(row, "fare_usd", data, 1)
    assert loss(chosen.params, 1.0) <= min(loss({"alpha": 500.0}, 1.0), loss({}, 1.0))
    trials = list(csv.DictReader(io.StringIO(chosen.trials)))
    assert [float(trial["alpha"]) for trial in trials[:2]] == [500.0, 10.0]
    assert float(trials[1]["loss_1"]) == loss({}, 1.0)
    assert chosen.source == {"tuned_month": "2019-04", "tuned_trials": 4, "tuned_pruned": 0}
    held = remembered(Lake(settings.lake), "yellow", Month.parse("2019-05"), ["ridge"], True)
    assert held == {"ridge": {"fare_usd": {"month": "2019-04", "params": chosen.params}}}


def test_a_family_without_a_space_is_fitted_as_it_is(data: TargetWindow, settings: Settings) -> None:
    assert tune(PLAN, row_of("linear"), "fare_usd", data, settings) == tuned.Tuned()


def test_a_search_without_a_good_trial_leaves_the_earlier_months(
    data: TargetWindow, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tuned, "tune_loss", lambda *_: lambda *_: float("nan"))
    chosen = tune(PLAN | {"tuned": EARLIER}, row_of("ridge"), "fare_usd", data, settings)
    assert chosen.params == {"alpha": 500.0}
    assert remembered(Lake(settings.lake), "yellow", Month.parse("2019-05"), ["ridge"], True) == {}


@pytest.mark.parametrize(("family", "target"), [("ridge", "fare_usd"), ("ridge", "high_tip")])
def test_a_trials_loss_is_what_the_fit_then_has(family: str, target: str, window: Window) -> None:
    """Of the native model, before calibration: a quantity's is the loss that decides, within parity."""
    trainer = make_trainer(family, TrainerConfig(target, params={"alpha": 3.0} if target == "fare_usd" else {"C": 3.0}))
    data = trainer.prepare_data(window)
    trainer.train(data)
    bundle = trainer.export(data)
    loss = tune_loss(trainer.row, target, data, 1)(trainer.params, 1.0)
    said = bundle.uncalibrated(data.tune.x)
    assert loss == pytest.approx(compute_metrics(target, data.tune.y, said)[loss_of(target)], rel=1e-4)


def test_shares_are_seeded_nested_and_not_tiny(data: TargetWindow) -> None:
    rows = data.train
    small, large = share_of(rows, 0.2), share_of(rows, 0.6)
    assert len(small) == int(0.2 * len(rows))
    assert len(share_of(rows, 0.01)) == tuned.LEAST_ROWS
    assert share_of(rows, 1.0) is rows
    assert np.array_equal(small.x, share_of(rows, 0.2).x)
    assert {row.tobytes() for row in small.x} <= {row.tobytes() for row in large.x}


def test_every_search_has_its_own_seed() -> None:
    names = [(s, t, f) for s in ("yellow", "green") for t in ("fare_usd", "high_tip") for f in ("ridge", "mlp")]
    seeds = {search_seed(*name) for name in names}
    assert len(seeds) == len(names)
    assert max(seeds) < 2**28
    assert search_seed("yellow", "fare_usd", "ridge") == search_seed("yellow", "fare_usd", "ridge")


def test_what_is_remembered_and_the_budget_are_part_of_the_plans_key(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("include.models.plan._fresh_features", lambda *_: type("Held", (), {"uri": "u"}))
    monkeypatch.setattr("include.models.plan._one_source", lambda *_: True)
    monkeypatch.setattr(Lake, "months", lambda *_: (Month.parse("2019-03"), Month.parse("2019-04")))
    monkeypatch.setattr(
        "include.models.plan.remembered", lambda *_: EARLIER if (tmp_path / "searched").exists() else {}
    )

    def key(**changed: Any) -> tuple[str, Any, Any]:
        plan = plan_training("yellow", "2019-04", "always", settings.model_copy(update=changed))
        return plan["key"], plan["tuned"], plan["tuning"]

    off, on, longer = key(), key(tune_trials=3), key(tune_trials=3, tune_seconds=5.0)
    assert off[1:] == ({}, {})
    assert on[2] == {"trials": 3, "seconds": 600.0}
    assert key(tune_seconds=5.0) == off  # without trials there is nothing that could take long
    (tmp_path / "searched").touch()
    knows = key()
    assert knows[1] == EARLIER
    assert len({off[0], on[0], longer[0], knows[0]}) == 4
