"""What the page of a challenger is made of, for quantities and for chances."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from include.config import Settings
from include.features.dictionary import FEATURE_NAMES
from include.models import evaluated
from include.models.base_trainer import TrainerConfig, served_metrics
from include.models.bundle import Bundle
from include.models.evaluated import evaluation_of, log_evaluation, report_path
from include.models.rows import Rows, TargetRows, Window
from include.models.trainers import make_trainer

PLAN: dict[str, Any] = {"service": "yellow", "month": "2019-04", "earlier": ["2019-02", "2019-03"], "key": "abc",
                        "training_code": "def"}  # fmt: skip
BOARD = [{"family": "ridge", "loss": 3.0}, {"family": "zone_pair_median", "loss": 4.0}]


def served(target: str, window: Window, rows: Rows) -> tuple[Bundle, TargetRows]:
    trainer = make_trainer("ridge", TrainerConfig(target))
    data = trainer.prepare_data(window)
    trainer.train(data)
    return trainer.export(data), rows.of(target)


@pytest.mark.parametrize("target", ["duration_min", "fare_usd", "high_tip"])
def test_an_evaluation_says_what_is_served_and_what_it_relies_on(target: str, window: Window, rows: Rows) -> None:
    bundle, trips = served(target, window, rows)
    found = evaluation_of(PLAN, bundle, trips, BOARD)
    assert found.metrics == served_metrics(bundle, trips)
    assert np.array_equal(found.predicted, bundle.predict(trips.x))
    assert np.array_equal(found.features["hour"], trips.x[:, FEATURE_NAMES.index("hour")])
    assert {row["feature"] for row in found.importance} == set(FEATURE_NAMES)
    if target != "high_tip":
        assert {row["feature"] for row in found.importance[:5]} & {"manhattan_km", "haversine_km"}
    assert (found.leaderboard, found.baseline) == (BOARD, "zone_pair_median")
    assert found.facts["months before"] == "2019-02, 2019-03"
    assert "estimator sklearn.linear_model" in found.facts["parameters"]


def test_a_page_that_cannot_be_written_leaves_the_one_before(
    window: Window, rows: Rows, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    logged: list[str] = []
    monkeypatch.setattr(evaluated, "_log", lambda *given: logged.append(given[1]))
    monkeypatch.setattr(evaluated, "gain_of", lambda *_: {"street_km": 1.0})
    bundle, trips = served("duration_min", window, rows)
    candidate = {"target": "duration_min", "run_id": "r"}
    path = log_evaluation(settings, PLAN, candidate, bundle, trips, BOARD)
    assert path == report_path(settings, PLAN, "duration_min")
    assert path.relative_to(settings.home).as_posix() == "reports/models/yellow/2019-04/duration_min.html"
    before = path.read_text(encoding="utf-8")
    assert "nyc_taxi_yellow_duration_min: ridge" in before
    assert "<th>street_km</th>" in before
    monkeypatch.setattr("include.models.evaluation_report.generate_evaluation_report", lambda *_: "\udcff")
    with pytest.raises(UnicodeEncodeError):
        log_evaluation(settings, PLAN, candidate, bundle, trips, BOARD)
    assert path.read_text(encoding="utf-8") == before
    assert [file.name for file in path.parent.iterdir()] == ["duration_min.html"]
    assert logged == ["r"]
