"""Every real file at hand becomes canonical, no row is lost, and the reference facts agree with what people paid."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from include.config import Settings
from include.ingestion.ingest_data import ingest_month, land_month
from include.ingestion.published import open_published
from include.lake import Lake, read_table
from include.trips.contract import Arrival, ArrivalReport, schema_for
from include.trips.month import Month
from include.trips.tariff import tariff_at

pytestmark = pytest.mark.integration


def canonical(path: Path) -> tuple[pa.Table, ArrivalReport]:
    service = path.name.split("_")[0]
    with open_published(str(path), path.name) as file:
        arrival = Arrival(file.names, service, path.name)
        batches = [arrival.canonical(b) for b in file.batches(arrival.wanted, arrival.text_types)]
        assert file.unreadable == 0
    return pa.Table.from_batches(batches, arrival.schema), arrival.report()


def csv_rows(path: Path) -> int:
    """Lines with anything on them, without the header."""
    with path.open(newline="") as file:
        return sum(1 for fields in csv.reader(file) if fields) - 1


def test_every_fixture_of_2009_to_2020_becomes_canonical(real_data: Path) -> None:
    files = sorted((real_data / "fixtures").glob("*.csv"))
    assert len(files) >= 35
    for path in files:
        trips, report = canonical(path)
        service, month = path.name.split("_")[0], path.stem[-7:]
        assert trips.num_rows == csv_rows(path) > 0, path.name
        assert trips.schema.equals(schema_for(service)), path.name
        assert (report.unknown, report.uncoded) == ((), {}), path.name
        assert trips["pickup_at"].null_count == 0, path.name
        months = trips["pickup_at"].to_numpy().astype("datetime64[M]").astype(str)
        assert month in months, path.name


def test_every_metered_fixture_has_zones_fares_and_codes(real_data: Path) -> None:
    for path in sorted((real_data / "fixtures").glob("[gy]*.csv")):
        trips, _ = canonical(path)
        for name in ("pickup_zone", "dropoff_zone", "fare_usd", "total_usd", "payment_type", "vendor_id"):
            assert trips[name].null_count == 0, f"{path.name} {name}"
        zones = np.concatenate([trips["pickup_zone"].to_numpy(), trips["dropoff_zone"].to_numpy()])
        assert ((zones >= 1) & (zones <= 265)).all(), path.name


def test_a_hired_fixture_of_2018_has_its_base_under_either_name(real_data: Path) -> None:
    trips, report = canonical(real_data / "fixtures" / "fhv_tripdata_2018-01.csv")
    assert trips["base_number"].null_count == 0
    assert report.absent == ("affiliated_base_number",)


def test_every_parquet_month_becomes_canonical_without_losing_a_row(real_data: Path) -> None:
    files = sorted(real_data.glob("*/*_tripdata_*.parquet"))
    assert len(files) >= 36
    for path in files:
        trips, report = canonical(path)
        assert trips.num_rows == pq.read_metadata(path).num_rows, path.name
        assert (report.unknown, report.uncoded) == ((), {}), path.name
        assert trips["source_row"].to_pylist() == list(range(trips.num_rows))


def test_a_month_of_coordinates_lies_where_yellow_taxis_are(real_data: Path) -> None:
    trips, _ = canonical(real_data / "yellow" / "yellow_tripdata_2015-01.latlon.parquet")
    zones, lat = trips["pickup_zone"].to_numpy(), trips["pickup_lat"].to_numpy()
    assert (zones[lat == 0] == 264).all()
    assert (zones[lat != 0] <= 263).mean() > 0.995


@pytest.mark.parametrize(("service", "month"), [("green", "2023-01"), ("green", "2025-01"), ("yellow", "2020-06")])
def test_rows_read_are_rows_written(real_data: Path, settings: Settings, service: str, month: str) -> None:
    there = settings.model_copy(update={"source": str(real_data)})
    land_month(service, month, there)
    outcome = ingest_month(service, month, there)
    raw = Lake(there.lake).require("raw", service, Month.parse(month))
    published = pq.read_metadata(real_data / service / f"{service}_tripdata_{month}.parquet").num_rows
    profile = raw.meta["profile"]
    assert {outcome["rows"], raw.rows, profile["rows"], read_table(raw.uri).num_rows} == {published}
    passengers = read_table(raw.uri, ["passenger_count"])["passenger_count"]
    assert profile["columns"]["passenger_count"]["nulls"] == passengers.null_count


@pytest.mark.parametrize(
    ("name", "day", "share"),
    [
        ("yellow/yellow_tripdata_2015-01.latlon.parquet", date(2015, 1, 31), 0.97),
        ("yellow/yellow_tripdata_2019-03.parquet", date(2019, 3, 1), 0.99),
        ("green/green_tripdata_2020-08.parquet", date(2020, 8, 1), 0.93),
        ("yellow/yellow_tripdata_2024-01.parquet", date(2024, 1, 1), 0.99),
        ("green/green_tripdata_2025-02.parquet", date(2025, 2, 1), 0.97),
    ],
)
def test_meters_follow_the_tariff(real_data: Path, name: str, day: date, share: float) -> None:
    trips, _ = canonical(real_data / name)
    tariff, service = tariff_at(day, name.split("/")[0]), name.split("/")[0]
    columns = {n: np.nan_to_num(trips[n].to_numpy().astype(float)) for n in trips.column_names if n.endswith("_usd")}
    rate = trips["rate_code"].to_numpy()
    metered = columns["fare_usd"][(rate == 1) & (columns["fare_usd"] > 0)]
    units = (metered - tariff.base_usd) / tariff.unit_usd
    assert (np.abs(units - units.round()) < 1e-6).mean() > share
    flat = columns["fare_usd"][(rate == 2) & (columns["fare_usd"] > 1)]
    assert np.median(flat) == tariff.jfk_flat_usd
    for column in ("mta_tax_usd", "improvement_usd", "congestion_usd", "airport_fee_usd", "cbd_fee_usd"):
        charged = columns[column][columns[column] > 0] if column in columns else np.empty(0)
        if len(charged):
            assert np.median(charged) == getattr(tariff, column), f"{service} {column}"


@pytest.mark.parametrize("month", ["2020-08", "2023-01", "2025-02"])
def test_extras_follow_the_clock(real_data: Path, month: str) -> None:
    trips, _ = canonical(real_data / "green" / f"green_tripdata_{month}.parquet")
    tariff = tariff_at(Month.parse(month).start, "green")
    pickup, extra = trips["pickup_at"].to_numpy(), np.nan_to_num(trips["extra_usd"].to_numpy())
    hour = (pickup.astype("datetime64[h]") - pickup.astype("datetime64[D]")).astype(int)
    weekday = (pickup.astype("datetime64[D]").astype(int) + 3) % 7
    paid = (extra > 0) & (trips["rate_code"].to_numpy() == 1)
    assert np.median(extra[paid & ((hour >= 20) | (hour < 6))]) == tariff.overnight_usd
    assert np.median(extra[paid & (hour >= 16) & (hour < 20) & (weekday < 5)]) == tariff.rush_usd


def test_the_congestion_zone_is_paid_from_its_first_day(real_data: Path) -> None:
    trips, _ = canonical(real_data / "green" / "green_tripdata_2025-01.parquet")
    paid = np.nan_to_num(trips["cbd_fee_usd"].to_numpy()) > 0
    assert trips["pickup_at"].to_numpy()[paid].min().astype("datetime64[D]") == np.datetime64("2025-01-05")


def test_the_meter_of_2009_to_2012_runs_in_steps_of_40_cents(real_data: Path) -> None:
    for year in (2009, 2010, 2011, 2012):
        trips, _ = canonical(real_data / "fixtures" / f"yellow_tripdata_{year}-01.csv")
        tariff = tariff_at(date(year, 1, 1))
        fares = trips["fare_usd"].to_numpy()[trips["fare_usd"].to_numpy() < tariff.jfk_flat_usd]
        units = (fares - tariff.base_usd) / tariff.unit_usd
        assert np.allclose(units, units.round(), atol=1e-6), year
