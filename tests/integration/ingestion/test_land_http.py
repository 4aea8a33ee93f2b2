"""Months landed from a web server: a base URL of one's own, and TLC's files."""

from __future__ import annotations

import gzip
import io
import zipfile
from functools import cache
from pathlib import Path

import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest

from include.config import Settings, load_settings
from include.errors import NotPublishedError, SourceUnavailableError
from include.ingestion.ingest_data import ingest_month, land_month
from include.ingestion.sample import generate_month
from include.lake import Lake
from include.trips.month import Month
from tests.servers.http import Fault, TripServer

pytestmark = pytest.mark.integration
MARCH = "green_tripdata_2019-03.parquet"


@cache
def published(seed: int, kind: str = "parquet") -> bytes:
    """A month of 300 green trips as a published file; another seed is another publication."""
    table, file = generate_month("green", Month(2019, 3), 300, seed), io.BytesIO()
    if kind == "parquet":
        pq.write_table(table, file)
    else:
        pa_csv.write_csv(table, file)
    if kind == "csv.zip":
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr("green_tripdata_2019-03.csv", file.getvalue())
        return archive.getvalue()
    return gzip.compress(file.getvalue()) if kind == "csv.gz" else file.getvalue()


@pytest.fixture
def own(trip_server: TripServer, settings: Settings) -> Settings:
    """TAXI_SOURCE is the server's address; one try, so that a fault shows."""
    return settings.model_copy(update={"source": f"{trip_server.url}/", "download_attempts": 1})


@pytest.fixture
def tlc(trip_server: TripServer, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """TAXI_SOURCE=tlc with TLC's address in the environment replaced by the server's."""
    monkeypatch.setenv("TAXI_TLC_BASE_URL", f"{trip_server.url}/trip-data")
    monkeypatch.setenv("TAXI_DOWNLOAD_ATTEMPTS", "1")
    return load_settings({"home": settings.home, "source": "tlc"})


def land(settings: Settings) -> str:
    return str(land_month("green", "2019-03", settings)["status"])


def test_landed_then_unchanged_then_republished_then_landed_again(trip_server: TripServer, own: Settings) -> None:
    trip_server.publish(MARCH, published(1))
    first = land_month("green", "2019-03", own)
    assert (first["status"], first["origin"]) == ("done", f"{trip_server.url}/{MARCH}")
    assert (land(own), len(trip_server.gets())) == ("unchanged", 1)

    trip_server.publish(MARCH, published(2))
    again = land_month("green", "2019-03", own)
    assert (again["status"], land(own)) == ("done", "unchanged")
    assert again["sha256"] != first["sha256"]
    landed = Lake(own.lake).require("landing", "green", Month(2019, 3))
    assert landed.meta["vintage"]["etag"] == trip_server.etag(published(2))
    assert landed.meta["vintage"]["size"] == len(published(2))
    assert ingest_month("green", "2019-03", own)["rows"] == 300


@pytest.mark.parametrize("place", ["", "green/"])
@pytest.mark.parametrize("kind", ["parquet", "csv", "csv.gz", "csv.zip"])
def test_a_base_url_may_hold_every_name_that_a_folder_may(
    trip_server: TripServer, own: Settings, place: str, kind: str
) -> None:
    trip_server.absent = 404
    url = trip_server.publish(f"{place}green_tripdata_2019-03.{kind}", published(1, kind))
    landed = land_month("green", "2019-03", own)
    assert (landed["origin"], Path(landed["uri"]).read_bytes()) == (url, published(1, kind))
    assert landed["uri"].endswith(kind)


def test_a_landing_that_was_cut_is_continued_by_the_next_one(trip_server: TripServer, own: Settings) -> None:
    trip_server.publish(MARCH, published(1))
    trip_server.faults.append(Fault(cut_after=2000))
    with pytest.raises(SourceUnavailableError):
        land(own)
    assert land(own) == "done"
    assert trip_server.gets()[-1].range == "bytes=2000-"


def test_what_landed_before_vouches_for_a_month_that_is_not_there_yet(trip_server: TripServer, own: Settings) -> None:
    trip_server.publish(MARCH, published(1))
    with pytest.raises(SourceUnavailableError, match="land a month that is there first"):
        land_month("green", "2019-04", own)
    land(own)
    with pytest.raises(NotPublishedError, match=rf"nor its 7 other names.*{MARCH} answers"):
        land_month("green", "2019-04", own)
    trip_server.throttled = 403
    with pytest.raises(SourceUnavailableError, match="throttled or blocked"):
        land_month("green", "2019-04", own)


def test_a_password_in_the_address_is_used_and_not_recorded(trip_server: TripServer, own: Settings) -> None:
    trip_server.publish(MARCH, published(1))
    secret = trip_server.url.replace("//", "//reader:hunter2@")
    settings = own.model_copy(update={"source": secret})
    assert "hunter2" not in str(land_month("green", "2019-03", settings))
    assert "hunter2" not in str(Lake(own.lake).require("landing", "green", Month(2019, 3)))
    with pytest.raises(NotPublishedError) as absent:
        land_month("green", "2019-04", settings)
    assert "hunter2" not in str(absent.value)
    assert trip_server.seen[-1].user == "reader:hunter2"


def test_tlc_month_lands_and_a_later_one_is_not_published(trip_server: TripServer, tlc: Settings) -> None:
    trip_server.publish(f"trip-data/{MARCH}", published(1))
    trip_server.publish("trip-data/yellow_tripdata_2019-01.parquet", published(2))
    assert land(tlc) == "done"
    with pytest.raises(NotPublishedError, match=r"HTTP 403, while .*yellow_tripdata_2019-01.parquet answers"):
        land_month("green", "2031-01", tlc)
    with pytest.raises(NotPublishedError):
        land_month("yellow", "2031-01", tlc)


def test_tlc_that_refuses_what_it_published_is_a_block(trip_server: TripServer, tlc: Settings) -> None:
    with pytest.raises(SourceUnavailableError, match=r"throttled or blocked"):
        land(tlc)
    assert {seen.path.rpartition("/")[2] for seen in trip_server.seen} == {
        MARCH, "yellow_tripdata_2019-01.parquet", "green_tripdata_2019-01.parquet",
    }  # fmt: skip
