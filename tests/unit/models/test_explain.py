"""An explanation sums to the prediction, and blames what the model looks at."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pytest

from include.config import Settings
from include.errors import BadDataError
from include.models.base_trainer import TrainerConfig
from include.models.bundle import Bundle
from include.models.explain import TOLERANCE, champion_of, explain_prediction, report, trip_of
from include.models.recipes import COLUMN
from include.models.rows import Rows, Window
from include.models.trainers import make_trainer

JFK, TIMES_SQUARE = 132, 230


def bundle_of(family: str, target: str, window: Window) -> Bundle:
    trainer = make_trainer(family, TrainerConfig(target, params={"rounds": 30} if family == "lightgbm" else {}))
    data = trainer.prepare_data(window)
    trainer.train(data)
    return trainer.export(data)


@pytest.mark.parametrize(
    ("family", "target"), [("ridge", "duration_min"), ("lightgbm", "fare_usd"), ("ridge", "high_tip")]
)
def test_parts_sum_to_the_prediction(window: Window, rows: Rows, family: str, target: str) -> None:
    bundle, trip = bundle_of(family, target, window), trip_of(JFK, TIMES_SQUARE, datetime(2019, 6, 14, 18, 30), 1)
    said = explain_prediction(bundle, trip, rows.x[:40])
    assert said.value == pytest.approx(float(bundle.predict(trip)[0]))
    assert said.base == pytest.approx(float(bundle.predict(rows.x[:40]).mean()), abs=TOLERANCE)
    assert said.base + said.contributions.sum() == pytest.approx(said.value, abs=TOLERANCE)
    assert sum(said.by_origin().values()) == pytest.approx(said.contributions.sum())
    sizes = [abs(part) for _, _, part in said.largest_first()]
    assert sizes == sorted(sizes, reverse=True)
    again = explain_prediction(bundle, trip, rows.x[:40])
    assert np.array_equal(again.contributions, said.contributions)


def test_a_table_of_zones_and_bands_blames_them_alone(window: Window, rows: Rows) -> None:
    bundle, trip = (
        bundle_of("zone_pair_median", "fare_usd", window),
        trip_of(JFK, TIMES_SQUARE, datetime(2019, 6, 14, 4)),
    )
    said = explain_prediction(bundle, trip, rows.x[:40])
    looked_at = {COLUMN[name] for name in ("pickup_zone", "dropoff_zone", "time_band")}
    assert {int(i) for i in np.flatnonzero(said.contributions)} <= looked_at
    assert said.contributions[COLUMN["pickup_zone"]] > 0, "from JFK is dearer than from elsewhere"
    told = report(said, "floor")
    assert told.startswith(f"floor says {said.value:.3f} USD")
    assert "passenger_count = 0" in told


def test_a_sum_that_misses_is_refused(window: Window, rows: Rows) -> None:
    """A model that answers differently each time cannot be explained."""
    bundle = bundle_of("ridge", "duration_min", window)
    rng = np.random.default_rng(1)

    class Restless(Bundle):
        def __init__(self) -> None:
            self.card = bundle.card

        def predict(self, matrix: np.ndarray) -> np.ndarray:
            return rng.normal(20, 5, len(matrix))

    with pytest.raises(BadDataError, match="miss its prediction"):
        explain_prediction(Restless(), rows.x[:1], rows.x[:40])


def test_what_cannot_be_explained_is_named(settings: Settings) -> None:
    with pytest.raises(BadDataError, match="fhv has no fare_usd: its targets are duration_min"):
        champion_of("fhv", "fare_usd", settings)
    with pytest.raises(BadDataError, match="has no champion"):
        champion_of("yellow", "fare_usd", settings)


def test_trees_say_what_their_splits_gained(window: Window) -> None:
    for family in ("lightgbm", "xgboost"):
        trainer = make_trainer(family, TrainerConfig("duration_min", params={"rounds": 30}))
        gain = trainer.train(trainer.prepare_data(window)).gain
        assert set(gain) == set(COLUMN)
        assert sum(gain.values()) == pytest.approx(1)
        assert max(gain, key=lambda name: gain[name]) in ("haversine_km", "manhattan_km")
