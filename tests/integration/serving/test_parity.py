"""What the service says over HTTP of a whole real month is what the training pipeline's bundles say of its features."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import pytest
from fastapi.testclient import TestClient

from include.features.dictionary import FEATURE_NAMES
from include.lake import Lake
from include.lake.lake import read_table
from include.models.bundle import model_name, read_bundle, read_pointer
from include.models.rows import load_rows
from include.serving.api import create_app
from include.serving.schemas import MAX_BATCH
from include.trips.month import Month
from tests.champions import published
from tests.homes import feature_months, settings_of
from tests.unit.models.trips import window_of

pytestmark = pytest.mark.integration


def test_a_real_month_by_batches_equals_the_pipeline_s_predictions(real_data: Path, tmp_path: Path) -> None:
    month = "2023-02"
    settings = settings_of(tmp_path, source=str(real_data), service="green")
    feature_months(settings, "green", month)
    lake, parsed = Lake(settings.lake), Month.parse(month)
    rows = load_rows(lake.require("features", "green", parsed).uri, "green")
    published(tmp_path, window_of(rows), service="green", source=str(real_data))
    trips = read_table(lake.require("clean", "green", parsed).uri,
                       ["pickup_at", "pickup_zone", "dropoff_zone", "passenger_count"])  # fmt: skip
    trips = trips.set_column(0, "pickup_datetime", pc.strftime(trips["pickup_at"], "%Y-%m-%dT%H:%M:%S"))
    asked = [{k: v for k, v in trip.items() if v is not None} | {"service": "green"} for trip in trips.to_pylist()]
    assert len(asked) == len(rows.x) > 50_000
    answers = []
    with TestClient(create_app(settings)) as client:
        for start in range(0, len(asked), MAX_BATCH):
            answer = client.post("/predict/batch", json={"trips": asked[start : start + MAX_BATCH]})
            answers += answer.json()["predictions"]
    assert rows.x.shape[1] == len(FEATURE_NAMES)
    for target in ("duration_min", "fare_usd"):
        pointer = read_pointer(settings.lake, model_name("green", target))
        assert pointer is not None
        expected = np.stack(read_bundle(pointer.uri).predict_with_interval(rows.x)).round(2)
        said = np.array([[one[target][name] for name in ("value", "p10", "p90")] for one in answers]).T
        np.testing.assert_array_equal(said, expected)
    pointer = read_pointer(settings.lake, model_name("green", "high_tip"))
    assert pointer is not None
    chance = read_bundle(pointer.uri).predict_probability(rows.x).round(4)
    np.testing.assert_allclose([one["high_tip"]["probability"] for one in answers], chance, atol=1e-4)
