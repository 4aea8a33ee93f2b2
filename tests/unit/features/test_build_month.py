"""A clean month becomes features and labels, in portions, and what is known after the trip stays out of reach."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import select

from include.config import Settings
from include.errors import BadDataError
from include.features import build_month, engineer_features
from include.features.build_month import ArrowColumns, Quote, build_feature_month, feature_table, quote_of
from include.features.dictionary import FEATURE_NAMES
from include.lake import Lake, Manifest, read_columns, read_table
from include.trips.contract import PICKUP_COLUMNS
from include.warehouse.engine import get_engine
from include.warehouse.tables import FEATURE_ROWS, FEATURE_STATISTICS
from tests.unit.processing.months import MONTH, ROWS, healthy_month


@pytest.fixture
def clean(settings: Settings) -> Manifest:
    """A clean month in the lake."""
    table = healthy_month(dropoff_zone=np.arange(ROWS) % 265 + 1)
    return Lake(settings.lake).publish_table("clean", "yellow", MONTH, table, "k")


def test_a_row_per_trip_with_features_and_labels(settings: Settings, clean: Manifest) -> None:
    built = build_feature_month("yellow", str(MONTH), settings)
    months = read_columns(built["uri"])
    assert list(months)[:2] == ["source_row", "day"]
    assert tuple(months)[2 : 2 + len(FEATURE_NAMES)] == FEATURE_NAMES
    assert months["day"].tolist() == [2 + i // 144 for i in range(ROWS)]
    assert set(months["duration_min"]) == {12.0}
    assert {months[name].dtype for name in FEATURE_NAMES} == {np.dtype(np.float32)}


def test_portions_give_the_same_file(
    settings: Settings, clean: Manifest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    whole = build_feature_month("yellow", str(MONTH), settings)
    monkeypatch.setattr(build_month, "PORTION_ROWS", 77)
    elsewhere = settings.model_copy(update={"home": tmp_path / "other"})
    Lake(elsewhere.lake).publish_table("clean", "yellow", MONTH, read_table(clean.uri), "k")
    parts = build_feature_month("yellow", str(MONTH), elsewhere)
    assert Path(parts["uri"]).read_bytes() == Path(whole["uri"]).read_bytes()
    read = [Lake(s.lake).require("features", "yellow", MONTH).meta for s in (settings, elsewhere)]
    assert read[0] == read[1]


def test_the_month_is_never_held_whole(settings: Settings, clean: Manifest, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []

    def watched(trips: Any) -> Any:
        sizes.append(len(trips["pickup_at"]))
        return engineer_features.engineer_all_features(trips)

    monkeypatch.setattr(build_month, "PORTION_ROWS", 100)
    monkeypatch.setattr(build_month, "engineer_all_features", watched)
    build_feature_month("yellow", str(MONTH), settings)
    assert sum(sizes) == ROWS
    assert max(sizes) <= 100


def test_statistics_of_the_month_are_in_the_warehouse_and_replaced_whole(settings: Settings, clean: Manifest) -> None:
    build_feature_month("yellow", str(MONTH), settings)
    earlier = statistics_in(settings)
    columns = read_columns(Lake(settings.lake).require("features", "yellow", MONTH).uri)
    assert set(earlier) == set(columns) - {"source_row", "day"}
    assert earlier["dropoff_zone"]["max_value"] == 265
    assert (earlier["fare_usd"]["mean_value"], earlier["fare_usd"]["row_count"]) == (10.0, ROWS)
    Lake(settings.lake).publish_table("clean", "yellow", MONTH, healthy_month(fare_usd=20.0), "other")
    build_feature_month("yellow", str(MONTH), settings)
    later = statistics_in(settings)
    assert set(later) == set(earlier)
    assert later["fare_usd"]["mean_value"] == 20.0


def test_a_second_time_changes_nothing_and_fills_a_new_warehouse(settings: Settings, clean: Manifest) -> None:
    assert build_feature_month("yellow", str(MONTH), settings)["status"] == "done"
    empty = settings.model_copy(update={"warehouse_url": f"sqlite:///{settings.home}/empty.db"})
    assert build_feature_month("yellow", str(MONTH), empty)["status"] == "unchanged"
    assert statistics_in(empty) == statistics_in(settings)
    with get_engine(empty).connect() as connection:
        assert len(connection.execute(select(FEATURE_ROWS.c.source_row)).all()) == ROWS


def statistics_in(settings: Settings) -> dict[str, dict[str, Any]]:
    with get_engine(settings).connect() as connection:
        rows = connection.execute(select(FEATURE_STATISTICS)).mappings().all()
    return {row["column_name"]: dict(row) for row in rows}


def test_a_damaged_month_is_refused_by_name(settings: Settings, clean: Manifest) -> None:
    Path(clean.uri).write_bytes(b"not parquet")
    with pytest.raises(BadDataError, match=r"cannot be read: .* Clean the month again"):
        build_feature_month("yellow", str(MONTH), settings)


def test_a_quote_knows_nothing_of_the_trip_itself() -> None:
    trips = ArrowColumns(healthy_month())
    quote = quote_of(trips)
    assert set(quote) == set(PICKUP_COLUMNS)
    for name in set(trips) - set(PICKUP_COLUMNS):
        with pytest.raises(KeyError, match=f"'{name}' is not known at pick-up"):
            quote[name]


@pytest.mark.parametrize(
    "reach", [lambda q: q["fare_usd"], lambda q: {**q}["dropoff_at"], lambda q: q.copy()["tip_usd"]]
)
def test_no_way_round_leads_to_a_leak(reach: Callable[[Quote], object]) -> None:
    with pytest.raises(KeyError):
        reach(quote_of(ArrowColumns(healthy_month())))


def test_a_feature_that_reaches_past_the_pickup_fails_the_month(monkeypatch: pytest.MonkeyPatch) -> None:
    def leaking(trips: Any) -> Any:
        return engineer_features.engineer_all_features(trips) * trips["distance_mi"][:, None]

    monkeypatch.setattr(build_month, "engineer_all_features", leaking)
    with pytest.raises(KeyError, match="'distance_mi' is not known at pick-up, so no feature may read it"):
        feature_table(ArrowColumns(healthy_month()))


def test_what_happens_after_the_pickup_changes_no_feature() -> None:
    told = feature_table(ArrowColumns(healthy_month()))
    other = healthy_month(dropoff_at=np.datetime64("2019-03-31", "us"), distance_mi=90.0, fare_usd=400.0,
                          tip_usd=0.0, payment_type=2, rate_code=5, total_usd=401.0, tolls_usd=1.0)  # fmt: skip
    changed = feature_table(ArrowColumns(other))
    assert changed.select(FEATURE_NAMES).equals(told.select(FEATURE_NAMES))
    assert not changed["fare_usd"].equals(told["fare_usd"])


def test_a_service_without_passengers_or_some_zones_quotes_without_them() -> None:
    columns = dict(ArrowColumns(healthy_month()))
    del columns["passenger_count"], columns["payment_type"]
    columns["pickup_zone"] = np.where(np.arange(ROWS) % 2, np.nan, 161.0)
    table = feature_table(columns)
    assert set(table["passenger_count"].to_pylist()) == {0.0}
    assert set(table["pickup_zone"].to_pylist()) == {161.0, 264.0}


def test_columns_are_converted_when_asked() -> None:
    columns = ArrowColumns(healthy_month())
    assert "fare_usd" in columns
    assert "tea" not in columns
    assert len(columns) == len(list(columns))
    with pytest.raises(KeyError, match="tea"):
        columns["tea"]
