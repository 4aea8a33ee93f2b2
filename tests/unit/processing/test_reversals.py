"""Matching against a slow and obvious reference, over any order and any hash."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.processing import reversals
from include.processing.reversals import CONTENT, SAME_TRIP, key_hashes, match_rows, match_trips, repeated
from include.trips.contract import schema_for
from tests.unit.processing.trip_rows import ALIKE, ANY_CHANGE, BACK, GOOD, NO_VALUE, SOME, month_of

MANY_ALIKE = st.lists(ALIKE | ANY_CHANGE, max_size=12)
Row = dict[str, Any]


def plain(value: Any) -> Any:
    """NaN equals nothing, so it stands as missing."""
    return None if value != value else value


def reference(trips: pa.Table) -> dict[int, str]:
    """One row after the other, in the order of content and then of row number; what `match_rows` says, by row."""
    rows = [{name: plain(value) for name, value in row.items()} for row in trips.to_pylist()]
    rows.sort(key=lambda row: ([(row[n] is None, row[n] or 0) for n in CONTENT if n in row], row["source_row"]))
    found: dict[int, str] = {}
    for amounts in (("fare_usd", "total_usd"), ("fare_usd",)):
        takers = [row for row in rows if is_negative(row, ("fare_usd", "total_usd")[: len(amounts)])]
        for taker in [row for row in takers if row["source_row"] not in found]:
            free = [row for row in rows if row["source_row"] not in found and not is_negative(row)]
            taken = [row for row in free if are_one(taker, row, amounts)][:1]
            if taken:
                found |= {taker["source_row"]: "reversal", taken[0]["source_row"]: "reversed_trip"}
    seen: list[Row] = []
    for row in [row for row in rows if row["source_row"] not in found]:
        content = {name: row[name] for name in CONTENT if name in row}
        if content in seen:
            found[row["source_row"]] = "duplicate"
        seen.append(content)
    return found


def is_negative(row: Row, amounts: tuple[str, ...] = ("fare_usd", "total_usd")) -> bool:
    return any(row[name] is not None and row[name] < 0 for name in amounts)


def are_one(row: Row, other: Row, amounts: tuple[str, ...]) -> bool:
    same = all(row[name] == other[name] for name in SAME_TRIP if name in row)
    return same and all(in_cents(row[name]) == in_cents(other[name]) for name in amounts)


def in_cents(amount: float | None) -> float | None:
    return None if amount is None else float(np.rint(abs(amount) * 100))


def by_row(trips: pa.Table, masks: dict[str, np.ndarray]) -> dict[int, str]:
    return {int(row): reason for reason, mask in masks.items() for row in trips["source_row"].to_numpy()[mask]}


@SOME
@given(MANY_ALIKE, st.randoms(use_true_random=False))
def test_it_is_what_a_slow_and_obvious_search_finds(changes: list[Row], random: Any) -> None:
    order = list(range(len(changes)))
    random.shuffle(order)
    trips = month_of(*changes).take(pa.array(order, pa.int64()))
    expected = reference(trips)
    assert by_row(trips, match_trips(trips)) == expected
    assert by_row(trips, match_rows(trips)) == expected


@SOME
@given(changes=MANY_ALIKE)
def test_rows_that_only_share_a_hash_are_not_matched(changes: list[Row]) -> None:
    trips = month_of(*changes)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reversals, "key_hashes", lambda table: np.zeros(table.num_rows, np.uint64))
        collided = match_trips(trips)
    assert by_row(trips, collided) == reference(trips)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ([{}, BACK], {0: "reversed_trip", 1: "reversal"}),
        ([BACK, {}], {0: "reversal", 1: "reversed_trip"}),
        ([{}, {"tip_usd": 3.0}, BACK], {0: "reversed_trip", 2: "reversal"}),
        ([{"tip_usd": 3.0}, {}, BACK], {1: "reversed_trip", 2: "reversal"}),
        ([{}, {}, BACK], {0: "reversed_trip", 2: "reversal"}),
        ([{}, {}, {}, BACK], {0: "reversed_trip", 2: "duplicate", 3: "reversal"}),
        ([{}, BACK, BACK], {0: "reversed_trip", 1: "reversal"}),
        ([{}, BACK | {"total_usd": -10.8}], {0: "reversed_trip", 1: "reversal"}),
        ([{"total_usd": 15.8}, {}, BACK], {1: "reversed_trip", 2: "reversal"}),
        ([{}, BACK | {"fare_usd": -10.004}], {0: "reversed_trip", 1: "reversal"}),
        ([{}, {"total_usd": -12.8}], {0: "reversed_trip", 1: "reversal"}),
        ([{}, {"total_usd": -0.3}], {}),
        ([{}, BACK | {"fare_usd": -10.01}], {}),
        ([{}, BACK | {"vendor_id": 2}], {}),
        ([{}, BACK | {"dropoff_zone": 237}], {}),
        ([{"vendor_id": None}, BACK | {"vendor_id": None}], {0: "reversed_trip", 1: "reversal"}),
        ([{"tip_usd": 0.0}, {"tip_usd": -0.0}], {1: "duplicate"}),
        ([{"tip_usd": None}, {"tip_usd": NO_VALUE}], {1: "duplicate"}),
        ([{}, {"store_and_fwd": "Y"}], {}),
    ],
)
def test_who_takes_back_whom(changes: list[Row], expected: dict[int, str]) -> None:
    trips = month_of(*changes)
    assert by_row(trips, match_trips(trips)) == expected


@SOME
@given(MANY_ALIKE, st.integers(0, 12))
def test_batches_of_a_month_have_the_hashes_of_the_month(changes: list[Row], cut: int) -> None:
    trips = month_of(*changes)
    parts = [key_hashes(part) for part in (trips.slice(0, cut), trips.slice(min(cut, trips.num_rows)))]
    assert np.array_equal(np.concatenate(parts), key_hashes(trips))


@SOME
@given(st.lists(st.integers(0, 5)))
def test_repeated_finds_what_occurs_twice(values: list[int]) -> None:
    found = repeated(np.array(values, np.uint64))
    assert sorted(found.tolist()) == [i for i, value in enumerate(values) if values.count(value) > 1]


def test_hired_trips_have_duplicates_by_base_and_no_reversals() -> None:
    trip = {name: GOOD[name] for name in ("pickup_at", "dropoff_at")} | {"base_number": "B00001", "pickup_zone": None}
    rows = [trip | {"source_row": number} for number in range(3)]
    rows[1]["base_number"] = "B00002"
    trips = pa.Table.from_pylist(rows, schema=schema_for("fhv"))
    assert by_row(trips, match_trips(trips)) == {2: "duplicate"}
