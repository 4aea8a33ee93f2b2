"""Months land and become canonical; what must not get through is refused by name, and no row is lost on the way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sqlalchemy import text

from include.config import Settings
from include.errors import BadDataError, QualityError
from include.ingestion import published
from include.ingestion.ingest_data import ingest_month, land_month, stream_to_lake
from include.ingestion.sample import generate_month
from include.lake import Lake, read_table
from include.processing.clean_data import clean_month
from include.processing.validate_data import validate_month
from include.trips.month import Month
from include.warehouse.engine import get_engine
from tests.unit.ingestion.files import csv_text, write_text

MARCH = Month(2019, 3)
GREEN = generate_month("green", MARCH, 1000, 1)
Put = Callable[[pa.Table], Settings]


@pytest.fixture
def put(tmp_path: Path, settings: Settings) -> Put:
    """Lands a table as green's March 2019."""

    def landed(table: pa.Table) -> Settings:
        place = tmp_path / "tlc"
        place.mkdir(exist_ok=True)
        pq.write_table(table, place / "green_tripdata_2019-03.parquet")
        there = settings.model_copy(update={"source": str(place)})
        land_month("green", "2019-03", there)
        return there

    return landed


def changed(name: str, value: object, rows: int = 1000) -> pa.Table:
    """GREEN with the first `rows` values of a column replaced."""
    kept = GREEN[name].to_pylist()
    position = GREEN.column_names.index(name)
    return GREEN.set_column(position, name, pa.array([value] * rows + kept[rows:], GREEN[name].type))


def refused(settings: Settings, said: str) -> None:
    with pytest.raises(BadDataError, match=said):
        ingest_month("green", "2019-03", settings)
    assert Lake(settings.lake).current("raw", "green", MARCH) is None


def test_a_file_that_rotted_after_landing(put: Put) -> None:
    settings = put(GREEN)
    landed = Lake(settings.lake).require("landing", "green", MARCH)
    data = bytearray(Path(landed.uri).read_bytes())
    data[len(data) // 2] ^= 4
    Path(landed.uri).write_bytes(data)
    refused(settings, r"has changed since it landed from .*green_tripdata_2019-03.parquet.*land the month again")


def test_another_services_month(put: Put) -> None:
    refused(put(generate_month("yellow", MARCH, 1000, 1)), r"is a yellow trip file .*TAXI_SERVICE=yellow")


def test_another_month_inside(put: Put) -> None:
    refused(put(generate_month("green", Month(2019, 2), 1000, 1)), "holds trips of 2019-02, not of 2019-03")


def test_a_month_without_rows(put: Put) -> None:
    refused(put(GREEN.slice(0, 0)), "green_tripdata_2019-03.parquet has no trips")


def test_a_csv_with_a_header_only(tmp_path: Path, settings: Settings) -> None:
    write_text(tmp_path / "yellow_tripdata_2016-07.csv", csv_text(0))
    there = settings.model_copy(update={"source": str(tmp_path)})
    land_month("yellow", "2016-07", there)
    with pytest.raises(BadDataError, match="has no trips"):
        ingest_month("yellow", "2016-07", there)


def test_a_month_of_2041(put: Put) -> None:
    refused(put(changed("lpep_pickup_datetime", datetime(2041, 5, 1))), "holds trips of 2041-05, not of 2019-03")


def test_a_few_trips_of_2041_are_quarantined(put: Put) -> None:
    settings = put(changed("lpep_pickup_datetime", datetime(2041, 5, 1), 3))
    assert ingest_month("green", "2019-03", settings)["rows"] == 1000
    done = clean_month("green", "2019-03", settings)
    assert done["quarantined"]["out_of_month"] >= 3
    assert done["rows"] + sum(done["quarantined"].values()) == 1000


def test_zones_out_of_range_are_kept_raw_and_refused_by_validation(put: Put) -> None:
    settings = put(changed("PULocationID", 999))
    ingest_month("green", "2019-03", settings)
    raw = Lake(settings.lake).require("raw", "green", MARCH)
    assert set(read_table(raw.uri)["pickup_zone"].to_pylist()) == {999}
    with pytest.raises(QualityError, match="pickup_zone_in_range"):
        validate_month("green", "2019-03", settings)


def test_a_zone_that_is_no_number(put: Put) -> None:
    position = GREEN.column_names.index("PULocationID")
    table = GREEN.set_column(position, "PULocationID", pa.array(["x"] * 1000))
    refused(put(table), r"column PULocationID \(string\) does not fit pickup_zone \(int32\)")


def test_times_with_a_zone(put: Put) -> None:
    aware = GREEN["lpep_pickup_datetime"].cast(pa.timestamp("us", "UTC"))
    position = GREEN.column_names.index("lpep_pickup_datetime")
    refused(put(GREEN.set_column(position, "lpep_pickup_datetime", aware)), "time zone UTC; naive New York time")


def test_a_good_month_is_logged_with_its_profile(put: Put) -> None:
    settings = put(GREEN.append_column("mood", pa.array(np.arange(1000))))
    outcome = ingest_month("green", "2019-03", settings)
    raw = Lake(settings.lake).require("raw", "green", MARCH)
    assert (outcome["rows"], outcome["unknown_columns"]) == (1000, ["mood"])
    assert raw.meta["arrival"]["layout"] == "green since 2016-07"
    with get_engine(settings).connect() as connection:
        row = connection.execute(text("SELECT rows_read, unknown_columns, profile FROM ingestion_log")).one()
    assert row[:2] == (1000, "mood")
    assert '"p50"' in row[2]
    assert raw.meta["profile"]["columns"]["pickup_at"]["nulls"] == 0


def test_the_size_of_a_batch_changes_nothing_in_the_lake(put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = put(GREEN)
    lake = Lake(settings.lake)
    landed = lake.require("landing", "green", MARCH)
    whole = stream_to_lake(lake, landed, "whole")
    monkeypatch.setattr(published, "BATCH_ROWS", 90)
    pieces = stream_to_lake(lake, landed, "pieces")
    assert (pieces.sha256, pieces.rows, pieces.meta) == (whole.sha256, whole.rows, whole.meta)


def test_lines_that_cannot_be_read_are_in_the_log(tmp_path: Path, settings: Settings) -> None:
    write_text(tmp_path / "yellow_tripdata_2016-07.csv", csv_text(2000) + "1,2,3\r\n")
    there = settings.model_copy(update={"source": str(tmp_path)})
    land_month("yellow", "2016-07", there)
    outcome = ingest_month("yellow", "2016-07", there)
    assert (outcome["rows"], outcome["unreadable_lines"]) == (2000, 1)
    with get_engine(there).connect() as connection:
        assert '"unreadable_lines": 1' in connection.execute(text("SELECT profile FROM ingestion_log")).scalar_one()
