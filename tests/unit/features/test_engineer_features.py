"""One trip and many give the same bits, from columns known at pick-up alone."""

from __future__ import annotations

import ast
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.features import engineer_features
from include.features.dictionary import FEATURE_NAMES, FEATURES, SOURCES
from include.features.engineer_features import FEATURE_SOURCES, engineer_all_features
from include.features.geospatial_features import extract_zone_features
from include.features.tariff_features import extract_tariff_features
from include.features.temporal_features import extract_datetime_features
from include.serving.quotes.trips import request_matrix, trip_of
from include.serving.schemas import PredictionRequest
from include.utils.hashing import PACKAGE

ZONES = st.integers(1, 265)
TIMES = st.datetimes(min_value=datetime(2009, 1, 1), max_value=datetime(2040, 12, 31))
Trip = tuple[Any, int, int, int | None]
TRIPS = st.lists(st.tuples(TIMES, ZONES, ZONES, st.one_of(st.none(), st.integers(0, 9))), min_size=1, max_size=20)
NO_NUMBERS = {"include.errors", "include.utils.hashing", "include.trips.places"}
"""Modules that features load and no number comes from; `places` turns coordinates into the zones that a quote names."""


def columns_of(trips: list[Trip]) -> dict[str, np.ndarray]:
    when, start, end, passengers = zip(*trips, strict=True)
    return {
        "pickup_at": np.array(when, "datetime64[us]"),
        "pickup_zone": np.array(start),
        "dropoff_zone": np.array(end),
        "passenger_count": np.array(passengers, np.float64),
    }


def named(time: str, start: int, end: int, passengers: float | None = None) -> dict[str, float]:
    row = engineer_all_features(columns_of([(np.datetime64(time, "us").item(), start, end, passengers)]))[0]  # type: ignore[list-item]
    return dict(zip(FEATURE_NAMES, row.tolist(), strict=True))


@given(TRIPS)
def test_a_batch_equals_its_rows_bit_for_bit(trips: list[Trip]) -> None:
    together = engineer_all_features(columns_of(trips))
    apart = np.concatenate([engineer_all_features(columns_of([trip])) for trip in trips])
    assert together.tobytes() == apart.tobytes()


@given(TRIPS)
def test_a_request_takes_the_same_path(trips: list[Trip]) -> None:
    requests = [
        trip_of(
            PredictionRequest(service="yellow", pickup_datetime=w, pickup_zone=s, dropoff_zone=e, passenger_count=p)
        )
        for w, s, e, p in trips
    ]
    assert request_matrix(requests).tobytes() == engineer_all_features(columns_of(trips)).tobytes()


@given(TRIPS)
def test_the_matrix_holds_what_the_named_functions_give(trips: list[Trip]) -> None:
    quotes = columns_of(trips)
    by_name = extract_datetime_features(quotes) | extract_tariff_features(quotes["pickup_at"])
    by_name |= extract_zone_features(quotes["pickup_zone"], quotes["dropoff_zone"])
    by_name["passenger_count"] = np.nan_to_num(quotes["passenger_count"])
    assert set(by_name) == set(FEATURE_NAMES)
    matrix = engineer_all_features(quotes)
    for position, name in enumerate(FEATURE_NAMES):
        assert matrix[:, position].tobytes() == by_name[name].astype(np.float32).tobytes(), name


@given(TRIPS)
def test_every_feature_stays_in_its_declared_range(trips: list[Trip]) -> None:
    matrix = engineer_all_features(columns_of(trips))
    for position, feature in enumerate(FEATURES):
        assert feature.high is not None
        assert feature.low - 1e-5 <= matrix[:, position].min(), feature.name
        assert matrix[:, position].max() <= feature.high + 1e-5, feature.name


def test_portions_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    trips = columns_of([(datetime(2019, 3, 1) + timedelta(hours=7 * i), 1 + i, 265 - i, i % 7) for i in range(100)])
    whole = engineer_all_features(trips)
    monkeypatch.setattr(engineer_features, "PORTION_ROWS", 7)
    assert engineer_all_features(trips).tobytes() == whole.tobytes()


def test_any_mapping_of_columns_will_do() -> None:
    trips = columns_of([(datetime(2019, 3, 1), 132, 230, None), (datetime(2020, 2, 29, 23), 264, 265, 2)])
    expected = engineer_all_features(trips).tobytes()
    assert engineer_all_features(pd.DataFrame(trips)).tobytes() == expected
    table = pa.table({**trips, "passenger_count": pa.array([None, 2], pa.int32())})
    assert engineer_all_features(table).tobytes() == expected


def test_only_columns_known_at_pickup_are_read() -> None:
    read: set[str] = set()

    class Watched(dict[str, np.ndarray]):
        def __getitem__(self, name: str) -> np.ndarray:
            read.add(name)
            return super().__getitem__(name)

    trips = columns_of([(datetime(2019, 3, 1), 132, 230, 1)]) | {"fare_usd": np.array([52.0])}
    engineer_all_features(Watched(trips))
    assert read == set(SOURCES)


@pytest.mark.parametrize("name", SOURCES)
def test_a_column_that_is_not_there_is_a_key_error_that_says_so(name: str) -> None:
    trips = columns_of([(datetime(2019, 3, 1), 132, 230, 1)])
    del trips[name]
    with pytest.raises(KeyError, match=f"no column '{name}': features are made of pickup_zone.*known at pick-up"):
        engineer_all_features(trips)


@pytest.mark.parametrize("wrong", [0, -1, 266, 1.5, np.nan])
@pytest.mark.parametrize("end", ["pickup_zone", "dropoff_zone"])
def test_a_number_that_is_no_zone_is_refused(end: str, wrong: float) -> None:
    trips = columns_of([(datetime(2019, 3, 1), 132, 230, 1)] * 2)
    trips[end] = np.array([132, wrong])
    with pytest.raises(ValueError, match=rf"{end} holds {wrong}.*from 1 to 265"):
        engineer_all_features(trips)


def test_no_trips_are_a_matrix_of_no_rows() -> None:
    trips = {name: values[:0] for name, values in columns_of([(datetime(2019, 3, 1), 132, 230, 1)]).items()}
    matrix = engineer_all_features(trips)
    assert matrix.shape == (0, len(FEATURE_NAMES))
    assert matrix.dtype == np.float32


def test_known_trip() -> None:
    trip = named("2019-07-04T18:30", 132, 230)
    assert (trip["hour"], trip["weekday"], trip["is_holiday"], trip["is_airport"]) == (18, 3, 1, 1)
    assert (trip["is_jfk_flat"], trip["jfk_flat_usd"], trip["hour_surcharge_usd"]) == (1, 52, 0)
    assert (trip["pickup_in_cbd"], trip["dropoff_in_cbd"], trip["is_surcharge_trip"]) == (0, 1, 1)
    assert 20 < trip["haversine_km"] < 22  # JFK to Times Square
    assert trip["avenue_km"] + trip["street_km"] == pytest.approx(trip["manhattan_km"], rel=1e-6)


@pytest.mark.parametrize(("given_", "expected"), [(None, 0), (float("nan"), 0), (96, 0), (-1, 0), (0, 0), (6, 6)])
def test_passengers_that_cannot_be_are_not_given(given_: float | None, expected: float) -> None:
    assert named("2019-03-01T12:00", 132, 230, given_)["passenger_count"] == expected


def test_the_hour_that_passes_twice_is_one_time_and_the_one_that_never_was_is_taken_as_written() -> None:
    def row(time: Any) -> bytes:
        request = PredictionRequest(service="yellow", pickup_zone=132, dropoff_zone=230, pickup_datetime=time)
        return request_matrix([trip_of(request)]).tobytes()

    first, second = datetime(2019, 11, 3, 5, 30, tzinfo=UTC), datetime(2019, 11, 3, 6, 30, tzinfo=UTC)
    assert row(first) == row(second) == row("2019-11-03T01:30:00") == row("2019-11-03T01:30:00-05:00")
    assert named("2019-03-10T02:30", 132, 230)["minute_of_day"] == 150


def test_every_module_that_makes_features_is_in_the_code_hash() -> None:
    """Loaded by a process that imports the features and nothing else."""
    code = (
        "import sys, include.features.engineer_features; print(*(m for m in sys.modules if m.startswith('include.')))"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    modules = {name for name in loaded if (PACKAGE / f"{name.removeprefix('include.').replace('.', '/')}.py").exists()}
    hashed = {
        f"include.{path.removesuffix('.py').replace('/', '.')}" for path in FEATURE_SOURCES if path.endswith(".py")
    }
    assert modules - NO_NUMBERS == hashed


def test_data_files_that_those_modules_read_are_in_the_code_hash() -> None:
    texts: set[str] = set()
    for source in FEATURE_SOURCES:
        if source.endswith(".py") and source != "features/engineer_features.py":
            nodes = ast.walk(ast.parse((PACKAGE / source).read_text()))
            texts |= {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    read = {f"trips/data/{text}" for text in texts if text.endswith((".csv", ".geojson", ".npz", ".parquet"))}
    assert read == {source for source in FEATURE_SOURCES if not source.endswith(".py")}
