"""The sample is a function of its arguments, says that it is synthetic, and has each era's columns and laws."""

from __future__ import annotations

import ast
import hashlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from include.config import ROOT
from include.errors import NotPublishedError
from include.ingestion import sample
from include.ingestion.sample import CHUNK_ROWS, SAMPLE_SOURCES, generate_month, month_chunks, write_month
from include.ingestion.sample_layout import ERAS
from include.trips.contract import to_canonical
from include.trips.month import Month
from include.utils.hashing import code_hash

MONTHS = {
    "yellow": ("2009-01", "2010-05", "2012-09", "2015-01", "2016-03", "2016-07", "2019-03", "2020-04", "2022-12",
               "2023-02", "2025-01"),
    "green": ("2013-08", "2015-05", "2016-07", "2019-01", "2021-01", "2023-02", "2025-01"),
    "fhv": ("2015-01", "2017-01", "2019-01"),
    "fhvhv": ("2019-02", "2021-06", "2025-01"),
}  # fmt: skip
SERVICE_MONTHS = [(service, Month.parse(month)) for service, months in MONTHS.items() for month in months]
any_month = st.sampled_from(SERVICE_MONTHS)


def canonical(service: str, month: str, rows: int = 3000, seed: int = 5) -> dict[str, np.ndarray]:
    trips, _ = to_canonical(generate_month(service, Month.parse(month), rows, seed), service, "sample")
    return {name: trips[name].to_numpy(zero_copy_only=False) for name in trips.column_names}


def test_equal_arguments_give_equal_bytes_in_another_process(tmp_path: Path) -> None:
    here = write_month(tmp_path / "here.parquet", "yellow", Month(2019, 3), 2000, 5)
    there = tmp_path / "there.parquet"
    code = (
        "from pathlib import Path; from include.ingestion.sample import write_month; from include.trips.month import "
        f"Month; write_month(Path({str(there)!r}), 'yellow', Month(2019, 3), 2000, 5)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
    assert hashlib.sha256(here.read_bytes()).digest() == hashlib.sha256(there.read_bytes()).digest()


def test_other_arguments_give_other_months() -> None:
    first = generate_month("yellow", Month(2019, 1), 1000, 5)
    assert first.equals(generate_month("yellow", Month(2019, 1), 1000, 5))
    assert not first.equals(generate_month("yellow", Month(2019, 1), 1000, 6))
    assert not first.equals(generate_month("yellow", Month(2019, 2), 1000, 5))


@settings(max_examples=20)
@given(any_month, st.integers(1, 400), st.integers(0, 2**31))
def test_any_month_has_its_rows_in_order_and_meets_the_contract(
    service_month: tuple[str, Month], rows: int, seed: int
) -> None:
    service, month = service_month
    table = generate_month(service, month, rows, seed)
    trips, report = to_canonical(table, service, "sample")
    assert trips.num_rows == rows
    assert not report.unknown
    assert not report.uncoded
    assert (np.diff(trips["pickup_at"].to_numpy()).astype(np.int64) >= 0).all()
    assert b"synthetic" in table.schema.metadata


@pytest.mark.parametrize(("service", "month"), SERVICE_MONTHS, ids=lambda value: str(value))
def test_no_part_of_a_month_depends_on_what_comes_after_it(
    service: str, month: Month, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sample, "CHUNK_ROWS", 300)
    chunks = list(month_chunks(service, month, 1000, 5))
    assert [chunk.num_rows for chunk in chunks] == [300, 300, 300, 100]
    assert len({chunk.schema for chunk in chunks}) == 1


def test_an_empty_month_has_the_columns() -> None:
    assert generate_month("green", Month(2019, 3), 0, 1).num_rows == 0


def test_a_month_before_the_first_is_refused() -> None:
    with pytest.raises(NotPublishedError, match="first fhvhv month is 2019-02"):
        generate_month("fhvhv", Month(2018, 1), 10, 1)


def test_types_drift_as_tlc_s_do() -> None:
    def kinds(service: str, month: str) -> dict[str, pa.DataType]:
        schema = generate_month(service, Month.parse(month), 50, 1).schema
        return dict(zip(schema.names, schema.types, strict=True))

    assert kinds("yellow", "2019-06")["airport_fee"] == pa.null()
    assert kinds("yellow", "2021-06")["airport_fee"] == pa.float64()
    assert kinds("yellow", "2024-01")["Airport_fee"] == pa.float64()
    assert kinds("yellow", "2024-01")["VendorID"] == pa.int32()
    assert kinds("yellow", "2025-01")["cbd_congestion_fee"] == pa.float64()
    assert kinds("green", "2020-08")["ehail_fee"] == pa.null()
    assert kinds("green", "2025-02")["store_and_fwd_flag"] == pa.large_string()
    assert kinds("yellow", "2015-01")["pickup_longitude"] == pa.float64()
    assert kinds("yellow", "2009-01")["Payment_Type"] == pa.string()


def test_coordinates_lie_in_the_city_s_zones() -> None:
    trips = canonical("yellow", "2015-01")
    known = trips["pickup_lat"] != 0
    assert known.mean() > 0.97
    assert (trips["pickup_zone"][known] < 264).mean() > 0.99
    assert (trips["pickup_zone"][~known] == 264).all()


@pytest.mark.parametrize(("month", "flat", "base", "unit"), [("2019-03", 52, 2.5, 0.5), ("2023-05", 70, 3.0, 0.7)])
def test_fares_follow_the_rate_card_of_the_day(month: str, flat: float, base: float, unit: float) -> None:
    trips = canonical("yellow", month, 20_000)
    fare, rate = np.abs(trips["fare_usd"]), trips["rate_code"]
    assert set(fare[rate == 2]) == {flat}
    long = (trips["dropoff_at"] - trips["pickup_at"]) > np.timedelta64(60, "s")
    units = (fare[(rate == 1) & long & (fare < 400)] - base) / unit
    np.testing.assert_allclose(units, np.round(units), atol=1e-6)


def test_card_tips_are_presets_and_cash_tips_unknown() -> None:
    trips = canonical("yellow", "2019-03", 20_000)
    before = trips["total_usd"] - trips["tip_usd"]
    card = (trips["payment_type"] == 1) & (trips["vendor_id"] == 2)
    percent = trips["tip_usd"][card] / before[card] * 100
    at = [float((np.abs(percent - preset) < 0.06).mean()) for preset in (20, 25, 30)]
    assert 0.45 < at[0] < 0.62
    assert at[0] > 3 * at[1] > 3 * at[2] > 0
    assert trips["tip_usd"][trips["payment_type"] == 2].max() == 0


def test_vendors_write_the_congestion_surcharge_in_their_own_way() -> None:
    trips = canonical("yellow", "2019-03", 5000)
    parts = sum(trips[f"{part}_usd"] for part in ("fare", "extra", "mta_tax", "tip", "tolls", "improvement"))
    beside = trips["total_usd"] - parts
    first = trips["vendor_id"] == 1
    np.testing.assert_allclose(beside[first], 0, atol=1e-6)
    np.testing.assert_allclose(beside[~first], trips["congestion_usd"][~first], atol=1e-6)


def test_app_dispatched_trips_lack_the_whole_block() -> None:
    trips, _ = to_canonical(generate_month("yellow", Month(2025, 11), 4000, 5), "yellow", "sample")
    app = trips["payment_type"].to_numpy() == 0
    assert 0.2 < app.mean() < 0.35
    for name in ("passenger_count", "rate_code", "store_and_fwd", "congestion_usd", "airport_fee_usd"):
        assert (trips[name].is_null().to_numpy() == app).all(), name


@settings(max_examples=10)
@given(st.integers(0, 2**31))
def test_every_reversal_follows_the_trip_that_it_takes_back(seed: int) -> None:
    trips = canonical("yellow", "2024-01", 4000, seed)
    back = np.flatnonzero(trips["fare_usd"] < 0)
    assert len(back) > 10
    for name in ("vendor_id", "pickup_at", "dropoff_at", "pickup_zone", "dropoff_zone", "distance_mi"):
        assert (trips[name][back] == trips[name][back - 1]).all(), name
    for name in ("fare_usd", "total_usd"):
        assert (trips[name][back] == -trips[name][back - 1]).all(), name


def test_it_knows_neither_features_nor_models() -> None:
    for source in (ROOT / "include" / "ingestion").glob("sample*.py"):
        imported = [node.module or "" for node in ast.walk(ast.parse(source.read_text("utf-8")))
                    if isinstance(node, ast.ImportFrom)]  # fmt: skip
        assert not [name for name in imported if name.startswith(("include.features", "include.models"))], source.name


def test_every_file_of_the_sample_is_in_its_vintage() -> None:
    files = {f"ingestion/{path.name}" for path in (ROOT / "include" / "ingestion").glob("sample*.py")}
    assert files == {name for name in SAMPLE_SOURCES if name.startswith("ingestion/sample")}
    assert code_hash(*SAMPLE_SOURCES)


def test_eras_and_chunks_are_what_the_tests_assume() -> None:
    assert set(MONTHS) == set(ERAS)
    assert CHUNK_ROWS > 1000
