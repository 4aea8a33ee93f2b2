"""Trip files as frames: as published, or canonical when a service is named."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from include.errors import BadDataError
from include.ingestion.frames import dataframe_to_table, is_synthetic
from include.ingestion.ingest_data import load_csv_to_dataframe, load_parquet_to_dataframe
from include.ingestion.sample import write_month
from include.trips.contract import schema_for
from include.trips.month import Month
from tests.unit.ingestion.files import HEADER_2016_07, ROW_2016_07, csv_text, fhvhv_month, write_text


def test_a_csv_as_published_and_canonical(tmp_path: Path) -> None:
    path = write_text(tmp_path / "yellow.csv.gz", csv_text(3, HEADER_2016_07, ROW_2016_07 + ",,"))
    published = load_csv_to_dataframe(path)
    assert list(published.columns) == HEADER_2016_07.split(",")
    assert published["DOLocationID"].tolist() == [236] * 3
    assert list(load_csv_to_dataframe(path, "yellow").columns) == schema_for("yellow").names


def test_a_parquet_as_published_and_canonical(tmp_path: Path) -> None:
    path = tmp_path / "fhvhv.parquet"
    pq.write_table(fhvhv_month(20), path)
    assert load_parquet_to_dataframe(path)["trip_time"].tolist() == [900] * 20
    assert load_parquet_to_dataframe(path, "fhvhv")["fare_usd"].tolist() == [18.4] * 20


def test_an_empty_csv_has_its_names(tmp_path: Path) -> None:
    frame = load_csv_to_dataframe(write_text(tmp_path / "yellow.csv", csv_text(0)))
    assert (len(frame), frame.columns[0]) == (0, "VendorID")


def test_another_services_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadDataError, match="is a yellow trip file"):
        load_csv_to_dataframe(write_text(tmp_path / "a.csv", csv_text()), "green")


def test_a_frame_becomes_the_canonical_table_again(tmp_path: Path) -> None:
    path = tmp_path / "fhvhv.parquet"
    pq.write_table(fhvhv_month(20), path)
    trips = load_parquet_to_dataframe(path, "fhvhv")
    table = dataframe_to_table(trips, "fhvhv")
    assert table.schema.equals(schema_for("fhvhv"))
    assert table["fare_usd"].to_pylist() == [18.4] * 20
    assert table["airport_fee_usd"].null_count == trips["airport_fee_usd"].isna().sum()


def test_only_the_sample_calls_itself_synthetic(tmp_path: Path) -> None:
    made = write_month(tmp_path / "made.parquet", "yellow", Month(2019, 3), 10, 1)
    assert is_synthetic(made)
    pq.write_table(fhvhv_month(1), tmp_path / "real.parquet")
    assert not is_synthetic(tmp_path / "real.parquet")
    assert not is_synthetic(write_text(tmp_path / "real.csv", csv_text(1, HEADER_2016_07, ROW_2016_07)))
