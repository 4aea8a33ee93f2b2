"""Folders, files that are no trip files, and months that are not there."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from include.config import Settings
from include.errors import BadDataError, NotPublishedError, SettingsError
from include.ingestion.ingest_data import ingest_month, land_month
from include.ingestion.sample import generate_month
from include.ingestion.sources import refuse_absent_source
from include.lake import Lake
from include.trips.month import Month


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> tuple[Path, Settings]:
    place = tmp_path / "tlc"
    place.mkdir()
    pq.write_table(generate_month("green", Month(2019, 3), 1000, 1), place / "green_tripdata_2019-03.parquet")
    return place, settings.model_copy(update={"source": str(place)})


def test_a_month_is_ingested_once(folder: tuple[Path, Settings]) -> None:
    _, settings = folder
    assert land_month("green", "2019-03", settings)["status"] == "done"
    first = ingest_month("green", "2019-03", settings)
    assert (first["rows"], first["status"]) == (1000, "done")
    assert land_month("green", "2019-03", settings)["status"] == "unchanged"
    assert ingest_month("green", "2019-03", settings) == first | {"status": "unchanged"}


def test_a_missing_month_names_the_months_that_are_there(folder: tuple[Path, Settings]) -> None:
    with pytest.raises(NotPublishedError, match=r"green_tripdata_2019-04.*2019-03"):
        land_month("green", "2019-04", folder[1])


def test_a_truncated_file_never_lands(folder: tuple[Path, Settings]) -> None:
    place, settings = folder
    path = place / "green_tripdata_2019-03.parquet"
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(BadDataError, match="not a whole Parquet file"):
        land_month("green", "2019-03", settings)
    assert Lake(settings.lake).current("landing", "green", Month(2019, 3)) is None


@pytest.mark.parametrize(
    ("rows", "month", "said"),
    [(0, "2019-03", "has no trips"), (1000, "2019-02", "holds trips of 2019-02, not of 2019-03")],
)
def test_an_empty_or_wrong_month_is_refused(folder: tuple[Path, Settings], rows: int, month: str, said: str) -> None:
    place, settings = folder
    table = generate_month("green", Month.parse(month), 1000, 1).slice(0, rows)
    pq.write_table(table, place / "green_tripdata_2019-03.parquet")
    land_month("green", "2019-03", settings)
    with pytest.raises(BadDataError, match=said):
        ingest_month("green", "2019-03", settings)
    assert Lake(settings.lake).current("raw", "green", Month(2019, 3)) is None


def test_a_source_that_is_no_folder_is_named_before_anything_starts(settings: Settings) -> None:
    lost = settings.model_copy(update={"source": "/no/such/folder"})
    with pytest.raises(SettingsError, match="TAXI_SOURCE=/no/such/folder is no folder: name sample, tlc"):
        refuse_absent_source(lost)
