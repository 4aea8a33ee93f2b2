"""What a file must be to count as downloaded, what may be continued, and what a server's headers mean."""

from __future__ import annotations

import gzip
import io
import sys
import zipfile
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import httpx
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.errors import BadDataError, SettingsError
from include.ingestion.download import Patience, download_from_url, verify_download
from include.ingestion.names import published_names
from include.ingestion.parts import Part
from include.ingestion.probe import size_of
from include.ingestion.progress import progress
from include.ingestion.retries import tries
from include.ingestion.transfer import Pace
from include.ingestion.web import TryAgainError, retry_after_s, shown
from include.trips.month import Month

URL = "https://example.org/yellow_tripdata_2019-01.parquet"
NOW = datetime(2026, 11, 5, 12, tzinfo=UTC)


def parquet() -> bytes:
    file = io.BytesIO()
    pq.write_table(pa.table({"n": list(range(100))}), file)
    return file.getvalue()


def zipped(name: str, body: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, body)
    return file.getvalue()


WHOLE = {
    "old.csv": b"\n VendorID, fare \n\n1,2.5\n",
    "m.parquet": parquet(),
    "m.csv": b"VendorID,fare\n1,2.5\n",
    "m.csv.gz": gzip.compress(b"VendorID,fare\n" * 50),
    "m.zip": zipped("m.csv", b"VendorID,fare\n"),
}


# --- verify_download -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("suffix", ["", ".part"])
def test_a_whole_file_is_accepted_under_its_own_and_its_part_name(tmp_path: Path, name: str, suffix: str) -> None:
    path = tmp_path / f"{name}{suffix}"
    path.write_bytes(WHOLE[name])
    assert verify_download(path) == path


@pytest.mark.parametrize("name", [name for name in WHOLE if not name.endswith(".csv")])
@given(data=st.data())
def test_no_cut_file_is_accepted(tmp_path_factory: pytest.TempPathFactory, name: str, data: st.DataObject) -> None:
    path = tmp_path_factory.getbasetemp() / name
    path.write_bytes(WHOLE[name][: data.draw(st.integers(0, len(WHOLE[name]) - 1))])
    with pytest.raises(BadDataError, match=rf"{name}.* Get the file again|{name} is empty"):
        verify_download(path)


@pytest.mark.parametrize("name", [*WHOLE, "m.csv.part"])
@pytest.mark.parametrize("page", [b"<html>", b"\xef\xbb\xbf\n <?xml version='1.0'?><Error/>"])
def test_a_page_is_never_a_trip_file(tmp_path: Path, name: str, page: bytes) -> None:
    (tmp_path / name).write_bytes(page)
    with pytest.raises(BadDataError, match="HTML or XML page"):
        verify_download(tmp_path / name)


def test_other_content_under_a_known_name_is_refused(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_bytes(parquet())
    with pytest.raises(BadDataError, match="not a CSV"):
        verify_download(tmp_path / "m.csv")
    with pytest.raises(BadDataError, match="is not there"):
        verify_download(tmp_path / "absent.parquet")


# --- parts -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def part(tmp_path: Path) -> Part:
    """Five of ten bytes of version "a"."""
    part = Part(tmp_path / "m.parquet.part")
    part.begin(URL, '"a"', 10)
    part.path.write_bytes(b"01234")
    return part


def test_a_part_is_continued_from_its_last_byte(part: Part) -> None:
    assert part.resume(URL) == (5, '"a"')


@pytest.mark.parametrize("extra", [b"56789", b"56789too much"])
def test_a_part_that_is_whole_or_longer_gives_bytes_back_until_one_is_missing(part: Part, extra: bytes) -> None:
    part.path.write_bytes(b"01234" + extra)
    assert part.resume(URL) == (9, '"a"')
    assert part.path.read_bytes() == b"012345678"


@pytest.mark.parametrize("etag", ["", 'W/"a"'])
def test_a_part_without_a_strong_etag_is_not_continued(part: Part, etag: str) -> None:
    part.begin(URL, etag, 10)
    part.path.write_bytes(b"01234")
    assert part.resume(URL) == (0, "")


def test_a_part_of_another_address_or_without_its_record_is_not_continued(part: Part) -> None:
    assert part.resume(URL + ".other") == (0, "")
    part.about.write_text("{")
    assert part.resume(URL) == (0, "")
    part.about.unlink()
    assert part.resume(URL) == (0, "")


def test_beginning_again_drops_the_bytes_of_the_version_before(part: Part) -> None:
    part.begin(URL, '"b"', 10)
    assert (part.size, part.resume(URL)) == (0, (0, ""))


# --- headers, addresses, names ---------------------------------------------------------------------------------------


@given(st.integers(0, 10**6))
def test_retry_after_reads_seconds_and_dates_alike(seconds: int) -> None:
    date = format_datetime(NOW + timedelta(seconds=seconds), usegmt=True)
    assert retry_after_s({"retry-after": str(seconds)}, NOW) == seconds
    assert retry_after_s({"retry-after": date}, NOW) == seconds


@pytest.mark.parametrize("value", ["", "soon", "-5", "Wed, 99 Foo 2026", format_datetime(NOW - timedelta(days=1))])
def test_retry_after_that_says_nothing_is_no_wait(value: str) -> None:
    assert retry_after_s({"retry-after": value}, NOW) == 0


@pytest.mark.parametrize(
    ("status", "headers", "size"),
    [
        (200, {"content-length": "70"}, 70),
        (206, {"content-length": "20", "content-range": "bytes 50-69/70"}, 70),
        (206, {"content-length": "20", "content-range": "bytes 50-69/*"}, 0),
        (200, {}, 0),
    ],
)
def test_the_size_is_the_whole_files(status: int, headers: dict[str, str], size: int) -> None:
    assert size_of(httpx.Response(status, headers=headers)) == size


@pytest.mark.parametrize(
    "url", ["ftp://host/m.parquet", "s3://bucket/m.parquet", "http:///m", "/folder/m", "http://host:port/m"]
)
def test_only_web_addresses_are_fetched(url: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"expected http://host.*TAXI_SOURCE=/path"):
        download_from_url(url, tmp_path / "m.parquet")


def test_passwords_are_not_shown() -> None:
    assert shown("https://me:sec@ret@host:8/a@b") == "https://host:8/a@b"
    assert shown(URL) == URL


def test_the_names_looked_for_are_the_documented_ones() -> None:
    names = published_names("green", Month(2019, 3))
    kinds = (".parquet", ".csv", ".csv.gz", ".csv.zip")
    assert names[:4] == tuple(f"green_tripdata_2019-03{kind}" for kind in kinds)
    assert names[4:] == tuple(f"green/{name}" for name in names[:4])


# --- patience --------------------------------------------------------------------------------------------------------


@given(attempts=st.integers(1, 6), cured_after=st.integers(0, 8))
def test_a_fault_is_met_as_often_as_allowed_and_not_once_more(attempts: int, cured_after: int) -> None:
    met = []

    def attempt() -> str:
        met.append(1)
        if len(met) <= cured_after:
            raise TryAgainError("away")
        return "here"

    patience = Patience(attempts=attempts, pause_s=0)
    if cured_after < attempts:
        assert tries(patience)(attempt) == "here"
    else:
        with pytest.raises(TryAgainError, match="away"):
            tries(patience)(attempt)
    assert len(met) == min(attempts, cured_after + 1)


def test_a_line_that_drips_too_slowly_is_given_up_after_a_window() -> None:
    pace = Pace(Patience(timeout_s=10, slowest_bytes_per_s=100), URL)
    start = pace.since
    pace.add(1000, start + 9)
    pace.add(1000, start + 11)
    pace.add(400, start + 15)
    with pytest.raises(TryAgainError, match=r"sent 900 bytes in 10.0 s, fewer than 100 a second"):
        pace.add(500, start + 21)


def test_the_bar_is_drawn_for_a_terminal_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with progress("m.parquet", 10, 0) as advance:
        advance(5)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    with progress("m.parquet", 10, 0) as advance:
        advance(5)
    assert "m.parquet" in capsys.readouterr().err
