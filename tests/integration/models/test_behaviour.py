"""A trained model behaves as a passenger expects: on made-up months, and on real ones where they are at hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from include.features.engineer_features import engineer_all_features
from include.features.geospatial_features import JFK_ZONE, extract_zone_features
from include.ingestion.frames import dataframe_to_table, load_parquet_to_dataframe
from include.models.anchor_protocols import Months
from include.models.base_trainer import TrainerConfig
from include.models.bundle import Bundle
from include.models.recipes import COLUMN
from include.models.rows import Rows, Window, join_rows
from include.models.trainers import make_trainer
from include.trips.month import Month
from include.trips.zones import BOROUGHS, UNKNOWN_ZONES, load_zones
from tests.unit.models.trips import sample_rows

pytestmark = pytest.mark.integration
NOON, RUSH, NIGHT = "2019-06-12T12:00", "2019-06-12T17:30", "2019-06-12T04:00"  # a Wednesday
BANDS_KM = (0, 2, 4, 7, 12, 20)
REAL_MONTHS = (Month(2019, 3), Month(2019, 4), Month(2019, 5), Month(2019, 6))


@pytest.fixture(scope="module", params=["sample", "real"])
def rows(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Rows:
    """Yellow trips of one made-up month, or of four real ones."""
    if request.param == "sample":
        return sample_rows(tmp_path_factory.mktemp("rows"))
    return real_rows(request.getfixturevalue("real_data"))


def real_rows(folder: Path) -> Rows:
    paths = [(month, folder / "yellow" / f"yellow_tripdata_{month}.parquet") for month in REAL_MONTHS]
    tables = [(month, dataframe_to_table(load_parquet_to_dataframe(p, "yellow"), "yellow")) for month, p in paths]
    months = Months("yellow", (1, 180), tables, [], [])
    return join_rows([months.rows([one]) for one in months.train])


def trained(rows: Rows, target: str) -> Bundle:
    late, odd = rows.day > 22, rows.day % 2 == 1
    trainer = make_trainer("lightgbm", TrainerConfig(target))
    data = trainer.prepare_data(Window(rows.where(~late), rows.where(late & odd), rows.where(late & ~odd)))
    trainer.train(data)
    return trainer.export(data)


@pytest.fixture(scope="module")
def minutes(rows: Rows) -> Bundle:
    return trained(rows, "duration_min")


@pytest.fixture(scope="module")
def fares(rows: Rows) -> Bundle:
    return trained(rows, "fare_usd")


@pytest.fixture(scope="module")
def travelled(rows: Rows) -> tuple[np.ndarray, np.ndarray]:
    """Pick-up and destination of 400 trips that were made, between two different known zones."""
    known = (rows.x[:, COLUMN["places_known"]] == 1) & (rows.x[:, COLUMN["same_zone"]] == 0)
    x = rows.x[known]
    x = x[np.random.default_rng(1).permutation(len(x))[:400]]
    return x[:, COLUMN["pickup_zone"]].astype(int), x[:, COLUMN["dropoff_zone"]].astype(int)


def quotes(pickup: np.ndarray, dropoff: np.ndarray, at: str, passengers: float = 1) -> np.ndarray:
    """Requests at one time, (n, features)."""
    n = len(pickup)
    return engineer_all_features({
        "pickup_at": np.full(n, np.datetime64(at, "us")), "pickup_zone": pickup, "dropoff_zone": dropoff,
        "passenger_count": np.full(n, passengers),
    })  # fmt: skip


def test_a_farther_zone_is_never_faster_on_average(minutes: Bundle, travelled: tuple[np.ndarray, np.ndarray]) -> None:
    zones = np.flatnonzero(load_zones().known)
    origins = np.unique(travelled[0])
    pickup, dropoff = (grid.ravel() for grid in np.meshgrid(origins, zones))
    km = extract_zone_features(pickup, dropoff)["haversine_km"]
    said = minutes.predict(quotes(pickup, dropoff, NOON))
    band = np.digitize(km, BANDS_KM)
    means = [said[band == b].mean() for b in np.unique(band)]
    assert len(origins) > 30
    assert len(means) == len(BANDS_KM)
    assert (np.diff(means) > 0).all(), means


def test_rush_hour_is_never_faster_than_the_night(minutes: Bundle, travelled: tuple[np.ndarray, np.ndarray]) -> None:
    rush, night = (minutes.predict(quotes(*travelled, at)).mean() for at in (RUSH, NIGHT))
    assert rush > night


@pytest.mark.parametrize("unknown", UNKNOWN_ZONES)
def test_an_unknown_zone_is_answered(minutes: Bundle, fares: Bundle, unknown: int) -> None:
    known = np.array([JFK_ZONE, 230, unknown])
    matrix = quotes(np.concatenate([np.full(3, unknown), known]), np.concatenate([known, np.full(3, unknown)]), RUSH)
    for bundle in (minutes, fares):
        values, low, high = bundle.predict_with_interval(matrix)
        assert np.isfinite([values, low, high]).all()
        assert (low <= values).all()
        assert (values <= high).all()
        assert (values >= bundle.bounds[0]).all()


def test_a_trip_is_quoted_the_same_in_any_order_and_alone(
    minutes: Bundle, travelled: tuple[np.ndarray, np.ndarray]
) -> None:
    matrix = quotes(*travelled, RUSH)
    said, order = minutes.predict(matrix), np.random.default_rng(2).permutation(len(matrix))
    assert len(np.unique(said)) > 50
    np.testing.assert_allclose(minutes.predict(matrix[order]), said[order], rtol=1e-6)
    alone = [minutes.predict(matrix[i : i + 1])[0] for i in range(0, len(matrix), 8)]
    np.testing.assert_allclose(alone, said[::8], rtol=1e-6)


def test_passengers_hardly_matter(minutes: Bundle, fares: Bundle, travelled: tuple[np.ndarray, np.ndarray]) -> None:
    for bundle in (minutes, fares):
        one, four = (bundle.predict(quotes(*travelled, NOON, count)) for count in (1, 4))
        assert np.abs(four - one).mean() < 0.05 * one.mean()


def test_between_jfk_and_manhattan_the_fare_is_flat(fares: Bundle) -> None:
    """52 dollars in 2019, by the tariff, whatever the distance."""
    zones = load_zones()
    manhattan = np.flatnonzero((zones.borough == BOROUGHS.index("Manhattan")) & (zones.known == 1))
    jfk = np.full(len(manhattan), JFK_ZONE)
    for pickup, dropoff in ((jfk, manhattan), (manhattan, jfk)):
        said = fares.predict(quotes(pickup, dropoff, NOON))
        assert np.median(said) == pytest.approx(52, abs=1)
        assert np.quantile(np.abs(said - 52), 0.9) < 3
