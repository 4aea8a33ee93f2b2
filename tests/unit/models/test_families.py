"""Every row of the table trains, says the same as ONNX, gives equal bytes again; a new row is a new family."""

from __future__ import annotations

import sys
import types
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from include.errors import BundleError, SettingsError
from include.features.trip_features import TARGETS
from include.models import families
from include.models.base_trainer import TrainerConfig
from include.models.bundle import bundle_files
from include.models.families import ROWS, Family, family_names, find_row, require_family, task_of
from include.models.linear import fit_estimator
from include.models.rows import Window
from include.models.trainers import NAMED, make_trainer
from include.models.zone_pair import export_table

TARGET = {"regression": "duration_min", "classification": "high_tip"}
SHORT = {
    "mlp": {"epochs": 2},
    "xgboost": {"rounds": 30},
    "lightgbm": {"rounds": 30},
    "lightgbm_again": {"rounds": 30},
    "random_forest": {"n_estimators": 5},
}


def short(row: Family) -> dict[str, Any]:
    """Parameters that fit in a moment; a blend's members are shortened too."""
    members = tuple(replace(m, params={**m.params, **short(m)}) for m in row.params.get("members", ()))
    return SHORT.get(row.name, {}) | ({"members": members} if members else {})


def exported(row: Family, window: Window) -> tuple[Any, dict[str, bytes]]:
    trainer = make_trainer(row.name, TrainerConfig(TARGET[row.task], params=short(row)))
    data = trainer.prepare_data(window)
    trainer.train(data)
    bundle = trainer.export(data)
    return trainer, bundle_files(bundle.card, trainer.onnx, bundle.calibration)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.name}-{row.task}")
def test_a_family_trains_agrees_with_onnx_and_is_the_same_when_repeated(row: Family, window: Window) -> None:
    trainer, files = exported(row, window)
    metrics = trainer.bundle.card.metrics
    assert metrics["parity_alike"] >= 0.9999  # `export` refuses less; the figure is on the card
    assert np.isfinite(trainer.loss)
    again = exported(row, window)[1]
    assert {name: data == again[name] for name, data in files.items()} == dict.fromkeys(files, True)


def test_a_family_without_a_form_for_a_target_is_not_made_for_it() -> None:
    assert find_row("additive_log", "classification") is None
    with pytest.raises(SettingsError, match="additive_log has no classification form for high_tip"):
        make_trainer("additive_log", TrainerConfig("high_tip"))
    with pytest.raises(SettingsError, match="no regression form for high_tip"):
        NAMED["ridge", "regression"](TrainerConfig("high_tip"))


def test_every_row_has_its_named_trainer_and_every_target_a_baseline() -> None:
    assert set(NAMED) == {(row.name, row.task) for row in ROWS}
    assert all(find_row(families.BASELINE, task_of(target)) for target in TARGETS)


def test_what_is_searched_has_a_default_so_that_a_search_can_begin_there() -> None:
    for row in ROWS:
        for target in (target for target in TARGETS if task_of(target) == row.task):
            missing = set(row.search) - set(row.params)
            assert not missing, (row.name, row.task, target)


def test_an_unknown_family_lists_the_known() -> None:
    with pytest.raises(SettingsError, match=r"'oracle'; known families: zone_pair_median, .*blend, or all"):
        require_family("oracle")


class CityMean:
    """The least family there is."""

    def fit(self, x: np.ndarray, y: np.ndarray) -> CityMean:
        self.mean = float(y.mean())
        return self

    def predict(self, x: np.ndarray) -> np.ndarray:
        return np.full(len(x), self.mean, np.float32)

    def to_onnx(self, name: str) -> bytes:
        from onnx import helper

        from include.models.onnx_graphs import cell_nodes, table_graph

        nodes = [*cell_nodes("cell", "columns", "weights"), helper.make_node("Gather", ["table", "cell"], ["value"])]
        zero, one = np.zeros(1, np.int64), np.array([1], np.int64)
        table = np.array([self.mean], np.float32)
        return table_graph(name, nodes, {"columns": zero, "weights": zero, "axis": one, "table": table})


def test_one_row_is_a_new_family(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    row = Family("city_mean", "regression", "city.CityMean", fit_estimator, export_table)
    monkeypatch.setattr(families, "ROWS", (*ROWS, row))
    monkeypatch.setitem(sys.modules, "city", types.SimpleNamespace(CityMean=CityMean))
    assert "city_mean" in family_names()
    trainer, _ = exported(row, window)
    labels = window.train.y["duration_min"], window.tune.y["duration_min"]
    assert trainer.loss == pytest.approx(np.abs(labels[1] - labels[0].mean()).mean(), rel=1e-5)


def test_an_export_that_says_something_else_is_no_candidate(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    class Crooked(CityMean):
        def to_onnx(self, name: str) -> bytes:
            other = CityMean()
            other.mean = self.mean * 1.001
            return other.to_onnx(name)

    row = Family("crooked", "regression", "x.CityMean", fit_estimator, export_table)
    monkeypatch.setattr(families, "ROWS", (*ROWS, row))
    monkeypatch.setattr("include.models.linear.build", lambda *_: Crooked())
    with pytest.raises(BundleError, match=r"crooked for duration_min: its ONNX form agrees .* on 0.0000% of rows"):
        exported(row, window)
