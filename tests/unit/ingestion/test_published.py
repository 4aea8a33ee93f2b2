"""Published files of every form give the same rows; what is damaged or shifted is refused by name."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from include.errors import BadDataError
from include.ingestion import published
from include.ingestion.published import open_published
from include.trips.contract import Arrival
from tests.unit.ingestion.files import HEADER_2016_07, ROW_2016_07, csv_text, fhv_month, fhvhv_month, write_text


def canonical(path: Path, service: str = "yellow") -> pa.Table:
    with open_published(str(path), path.name) as file:
        arrival = Arrival(file.names, service, path.name)
        return pa.Table.from_batches(
            [arrival.canonical(b) for b in file.batches(arrival.wanted, arrival.text_types)], arrival.schema
        )


def quoted(line: str) -> str:
    return ",".join(f'"{field}"' for field in line.split(","))


@pytest.mark.parametrize("suffix", [".csv", ".csv.gz", ".csv.zip"])
def test_every_packing_gives_the_same_rows(tmp_path: Path, suffix: str) -> None:
    plain = canonical(write_text(tmp_path / "yellow.csv", csv_text()))
    packed = canonical(write_text(tmp_path / f"packed{suffix}", csv_text()))
    assert packed.equals(plain)
    assert plain["pickup_zone"].to_pylist() == [263] * 3


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (HEADER_2016_07, ROW_2016_07 + ",,"),  # 17 names, 19 fields
        (HEADER_2016_07.replace(",", ", "), ROW_2016_07),
        (HEADER_2016_07 + " ", ROW_2016_07),
        (quoted(HEADER_2016_07), quoted(ROW_2016_07)),
        ("\ufeff" + HEADER_2016_07.upper(), ROW_2016_07),
        (HEADER_2016_07, ROW_2016_07.replace(",1,.50,", ",1.0,0.50,").replace("263", "263.0")),
    ],
)  # fmt: skip
def test_habits_of_the_publisher_change_nothing(tmp_path: Path, header: str, row: str) -> None:
    expected = canonical(write_text(tmp_path / "plain.csv", csv_text()))
    assert canonical(write_text(tmp_path / "yellow.csv", csv_text(3, header, row))).equals(expected)


def test_batches_cut_a_file_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_text(tmp_path / "yellow.csv", csv_text(5000))
    whole = canonical(path)
    monkeypatch.setattr(published, "CSV_BLOCK_BYTES", 4096)
    pieces = canonical(path)
    assert pieces.column("pickup_at").num_chunks > 10
    assert pieces.equals(whole)
    assert whole["source_row"].to_pylist() == list(range(5000))


def test_na_is_text_and_not_null(tmp_path: Path) -> None:
    path = write_text(tmp_path / "zones.csv", "LocationID,zone\n265,NA\n")
    with open_published(str(path), path.name) as file:
        assert next(iter(file.batches(file.names, {}))).to_pylist() == [{"LocationID": 265, "zone": "NA"}]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (ROW_2016_07 + ",9,", "a row goes on after the last with '9'.*shifted"),
        ("0," + ROW_2016_07, "column tpep_pickup_datetime: .*CSV conversion error to timestamp.*invalid value '1'"),
        (ROW_2016_07.removeprefix("1,"), "names 17 columns, but its first row has 16 fields.*shifted"),
        (ROW_2016_07.replace("2016-07-10 06:56:05", "x"), "column tpep_pickup_datetime.*invalid value 'x'"),
    ],
)
def test_shifted_columns_are_refused(tmp_path: Path, row: str, said: str) -> None:
    with pytest.raises(BadDataError, match=said):
        canonical(write_text(tmp_path / "yellow.csv", csv_text(3, HEADER_2016_07, row)))


def test_few_odd_lines_are_counted_and_many_refuse_the_file(tmp_path: Path) -> None:
    text = csv_text(2000) + "1,2,3\r\n"
    path = write_text(tmp_path / "yellow.csv", text)
    with open_published(str(path), path.name) as file:
        arrival = Arrival(file.names, "yellow", path.name)
        assert sum(b.num_rows for b in file.batches(arrival.wanted, arrival.text_types)) == 2000
        assert file.unreadable == 1
    with pytest.raises(BadDataError, match=r"yellow.csv: 4 of 2,004 lines do not have the 17 fields"):
        canonical(write_text(path, text + "1,2,3\r\n" * 3))


@pytest.mark.parametrize("suffix", [".csv.gz", ".csv.zip"])
def test_cut_archives_are_refused(tmp_path: Path, suffix: str) -> None:
    path = write_text(tmp_path / f"yellow{suffix}", csv_text(3000))
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(BadDataError, match=f"yellow{suffix} cannot be read as a trip file"):
        canonical(path)


def test_an_archive_of_several_files_is_refused_naming_them(tmp_path: Path) -> None:
    import zipfile

    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("one.csv", csv_text())
        archive.writestr("two.csv", csv_text())
    with pytest.raises(BadDataError, match=r"holds one.csv, two.csv, not one CSV"):
        canonical(tmp_path / "a.zip")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadDataError, match=r"gone.parquet cannot be read"):
        canonical(tmp_path / "gone.parquet")


@pytest.mark.parametrize("compression", ["snappy", "zstd"])
def test_truncated_parquet_is_refused(tmp_path: Path, compression: str) -> None:
    path = tmp_path / "fhvhv.parquet"
    pq.write_table(fhvhv_month(), path, compression=compression)
    whole = path.read_bytes()
    for kept in (5, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:kept])
        with pytest.raises(BadDataError, match=r"fhvhv.parquet cannot be read as a trip file"):
            canonical(path, "fhvhv")


@given(st.integers(0, 2**31), st.integers(0, 7))
@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_flipped_bit_is_refused_or_leaves_the_shape_whole(tmp_path: Path, at: int, bit: int) -> None:
    """Parquet has no checksums: a flip may pass as another value, but never as another fault or another row count."""
    path = tmp_path / "fhv.parquet"
    pq.write_table(fhv_month(50), path, compression="zstd")
    data = bytearray(path.read_bytes())
    data[at % len(data)] ^= 1 << bit
    path.write_bytes(data)
    with contextlib.suppress(BadDataError):
        assert canonical(path, "fhv").num_rows == 50
