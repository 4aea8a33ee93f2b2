"""The streamed month is the month cleaned at once, in whatever portions; what does not add up is not published."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given

from include.config import Settings
from include.errors import BadDataError
from include.lake import Lake, Manifest, read_table
from include.processing import month_matches, raw_month
from include.processing.clean_data import clean_month, clean_taxi_data
from include.processing.clean_stream import CleanStream, publish_clean, with_reason
from include.processing.month_matches import find_matches
from include.trips.contract import schema_for
from include.trips.month import Month
from tests.unit.processing.trip_rows import BACK, MONTH, NOON, SOME, TRIPS, month_of

MIXED: list[dict[str, Any]] = [
    {}, {"pickup_zone": 4}, BACK, {"pickup_zone": 4}, {"pickup_zone": 5}, {"fare_usd": 0.0}, BACK | {"pickup_zone": 6},
    {"pickup_zone": 5}, {"pickup_zone": 7},
]  # fmt: skip


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(str(tmp_path / "lake"))


def put(lake: Lake, *changes: dict[str, Any]) -> Manifest:
    return lake.publish_table("raw", "yellow", MONTH, month_of(*changes), "k")


def streamed(raw: Manifest, scratch: Path) -> tuple[pa.Table, pa.Table]:
    stream = CleanStream(raw, find_matches(raw, scratch), scratch / "spool")
    kept = pa.Table.from_batches(list(stream), stream.schema)
    return kept, pa.Table.from_batches(list(stream.quarantined()), with_reason(stream.schema))


@SOME
@given(changes=TRIPS)
def test_streaming_gives_what_cleaning_at_once_gives(changes: list[dict[str, Any]]) -> None:
    good = {"pickup_at": NOON.replace(day=20), "dropoff_at": NOON.replace(day=20, minute=9)}
    trips = month_of(*changes, good)
    with tempfile.TemporaryDirectory() as scratch, pytest.MonkeyPatch.context() as patch:
        patch.setattr(raw_month, "BATCH_ROWS", 2)
        patch.setattr(month_matches, "PARTITION_ROWS", 3)
        raw = Lake(scratch).publish_table("raw", "yellow", MONTH, trips, "k")
        kept, quarantined = streamed(raw, Path(scratch))
    expected_kept, expected_quarantined = clean_taxi_data(trips, "yellow", MONTH)
    assert str(kept.to_pydict()).replace("nan", "None") == str(expected_kept.to_pydict())
    assert str(quarantined.to_pydict()).replace("nan", "None") == str(expected_quarantined.to_pydict())


def test_portions_change_neither_rows_nor_bytes(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    raw, digests = put(lake, *MIXED), []
    for batch, partition in ((100, 100), (2, 3), (1, 1)):
        monkeypatch.setattr(raw_month, "BATCH_ROWS", batch)
        monkeypatch.setattr(month_matches, "PARTITION_ROWS", partition)
        clean = publish_clean(lake, raw, "key")
        digests.append((clean.sha256, lake.require("quarantine", "yellow", MONTH).sha256))
        assert clean.meta["quarantined"] == lake.require("quarantine", "yellow", MONTH).meta["quarantined"]
    assert len(set(digests)) == 1
    assert read_table(clean.uri)["source_row"].to_pylist() == [1, 4, 8]
    quarantined = read_table(lake.require("quarantine", "yellow", MONTH).uri)
    assert quarantined["reason"].to_pylist() == [
        "reversed_trip", "reversal", "duplicate", "fare_out_of_range", "negative_amount", "duplicate",
    ]  # fmt: skip


def test_hashes_that_collide_drop_no_trip(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = put(lake, *MIXED)
    expected = publish_clean(lake, raw, "key").sha256
    monkeypatch.setattr(month_matches, "key_hashes", lambda trips: np.zeros(trips.num_rows, np.uint64))
    assert publish_clean(lake, raw, "other key").sha256 == expected


def test_nothing_is_published_when_the_rows_do_not_add_up(lake: Lake) -> None:
    raw = put(lake, {}, {"fare_usd": 0.0})
    with pytest.raises(BadDataError, match="Cleaning of yellow 2019-03 does not add up: 1 kept and 1 quarantined of 2 "
                                           "read, 3 ingested"):  # fmt: skip
        publish_clean(lake, replace(raw, rows=3), "key")
    assert (lake.current("clean", "yellow", MONTH), lake.current("quarantine", "yellow", MONTH)) == (None, None)


@pytest.mark.parametrize("damage", [b"PAR1 cut off", b""])
def test_a_raw_month_that_cannot_be_read_is_named(lake: Lake, damage: bytes) -> None:
    raw = put(lake, {})
    Path(raw.uri).write_bytes(damage)
    with pytest.raises(BadDataError, match=f"{raw.uri} cannot be read: .*Run the month again"):
        publish_clean(lake, raw, "key")


def test_a_flaw_within_the_file_is_named_too(lake: Lake) -> None:
    raw = put(lake, *({"fare_usd": 1 + n / 7, "pickup_zone": 1 + n % 200} for n in range(2000)))
    path = Path(raw.uri)
    content = bytearray(path.read_bytes())
    content[200:2000] = bytes(1800)
    path.write_bytes(content)
    with pytest.raises(BadDataError, match="cannot be read"):
        publish_clean(lake, raw, "key")


def test_a_death_between_both_stages_is_repaired(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    lake = Lake(settings.lake)
    put(lake, *MIXED)
    publish = Lake.publish_batches

    def die_at_quarantine(self: Lake, stage: str, *rest: Any) -> Manifest:
        if stage == "quarantine":
            raise KeyboardInterrupt
        return publish(self, stage, *rest)

    monkeypatch.setattr(Lake, "publish_batches", die_at_quarantine)
    with pytest.raises(KeyboardInterrupt):
        clean_month("yellow", "2019-03", settings)
    half = lake.require("clean", "yellow", MONTH)
    monkeypatch.setattr(Lake, "publish_batches", publish)
    done = clean_month("yellow", "2019-03", settings)
    assert (done["status"], done["uri"]) == ("done", half.uri)
    assert lake.require("quarantine", "yellow", MONTH).rows == 6
    assert clean_month("yellow", "2019-03", settings)["status"] == "unchanged"


def test_hired_months_without_fares_are_held_to_the_other_rules(lake: Lake) -> None:
    trip = {"pickup_at": NOON, "dropoff_at": NOON.replace(minute=9), "pickup_zone": 1, "dropoff_zone": 2}
    rows = [trip | {"source_row": 0}, trip | {"source_row": 1, "dropoff_zone": 0}]
    trips = pa.Table.from_pylist(rows, schema=schema_for("fhvhv"))
    clean = publish_clean(lake, lake.publish_table("raw", "fhvhv", Month(2019, 3), trips, "k"), "key")
    assert read_table(clean.uri)["source_row"].to_pylist() == [0]
    some = pa.Table.from_pylist([*rows[:1], rows[1] | {"fare_usd": 5.0, "dropoff_zone": 3}], schema=trips.schema)
    clean = publish_clean(lake, lake.publish_table("raw", "fhvhv", Month(2019, 3), some, "k"), "key")
    assert read_table(clean.uri)["source_row"].to_pylist() == [1]
