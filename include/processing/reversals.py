"""Rows that belong together: reversals with the trip that they take back, and exact duplicates.

A reversal has a negative fare or total and is otherwise the same trip: vendor, times, zones, amount. Of the negative
rows of whole green months 92-99 % have their trip, all of vendor 2 and in the row beside; of the 47 others 38 are
dispatched by an app. In the first hours of yellow 2024-01 it is 119 of 136; the other 17 name another drop-off zone
than the trip of the same seconds and fare, and are no reversals here. Exact duplicates were in none of the real months.
Hashes only say which rows to compare: what is matched was compared value by value.
"""

from __future__ import annotations

import hashlib

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from include.trips.columns import COLUMNS, SOURCE_ROW

SAME_TRIP = ("vendor_id", "license_number", "base_number", "pickup_at", "dropoff_at", "pickup_zone", "dropoff_zone")
"""Equal in both rows, missing equal to missing; each service has some of them."""
FARE, TOTAL = "fare_usd", "total_usd"
CONTENT = tuple(column.name for column in COLUMNS)
"""Two rows with the same values here are the same; the row number in the file is none of them."""
ODD = np.uint64(0x9E3779B97F4A7C15)
MISSING = np.float64(np.nan).view(np.uint64)


def key_columns(names: list[str]) -> list[str]:
    """Those of the columns that decide which rows are compared."""
    return [name for name in (*SAME_TRIP, FARE) if name in names]


def key_hashes(trips: pa.Table) -> np.ndarray:
    """(n,) uint64; rows that may be matched have the same one, others nearly never; batches agree."""
    hashes = np.full(trips.num_rows, ODD)
    for name in key_columns(trips.column_names):
        hashes ^= _bits(trips[name], name == FARE)
        for shift in (32, 29):
            hashes *= ODD
            hashes ^= hashes >> np.uint64(shift)
    return hashes


def _bits(values: pa.ChunkedArray, is_amount: bool) -> np.ndarray:
    if pa.types.is_string(values.type) or pa.types.is_large_string(values.type):
        return _text_bits(values)
    if pa.types.is_timestamp(values.type):
        return np.asarray(values.to_numpy(zero_copy_only=False).view(np.uint64))
    numbers = cents(values) if is_amount else floats(values)
    bits = numbers.view(np.uint64)
    bits[np.isnan(numbers)] = MISSING
    return bits


def _text_bits(values: pa.ChunkedArray) -> np.ndarray:
    encoded = pa.chunked_array(values).combine_chunks().dictionary_encode()
    digests = [hashlib.blake2b(text.encode(), digest_size=8).digest() for text in encoded.dictionary.to_pylist()]
    table = np.append(np.frombuffer(b"".join(digests), np.uint64), MISSING)
    return np.asarray(table[encoded.indices.fill_null(len(digests)).to_numpy(zero_copy_only=False)])


def floats(values: pa.ChunkedArray) -> np.ndarray:
    """A number column -> (n,) float64 of its own; null is NaN, and -0 is 0."""
    return np.asarray(values.to_numpy(zero_copy_only=False).astype(np.float64) + 0.0)


def cents(values: pa.ChunkedArray) -> np.ndarray:
    """Dollars -> (n,) whole cents without sign, as float64: sums of published amounts carry floating-point noise."""
    return np.asarray(np.rint(np.abs(floats(values)) * 100))


def repeated(hashes: np.ndarray) -> np.ndarray:
    """(n,) hashes -> positions, in order of the hash, of those that occur twice or more."""
    order = np.argsort(hashes)
    ordered = hashes[order]
    same = ordered[1:] == ordered[:-1]
    return np.asarray(order[(np.append(same, False) | np.append(False, same))[: len(order)]])


def match_trips(trips: pa.Table) -> dict[str, np.ndarray]:
    """Canonical trips -> (n,) bool for each of MATCHED. The rows are those of `match_rows`, wherever they stand."""
    candidates = repeated(key_hashes(trips))
    found = match_rows(trips.take(pa.array(candidates)))
    masks = {}
    for reason, mask in found.items():
        masks[reason] = np.zeros(trips.num_rows, bool)
        masks[reason][candidates[mask]] = True
    return masks


def match_rows(trips: pa.Table) -> dict[str, np.ndarray]:
    """The same, by comparing all rows with each other; meant for the few whose hashes say that they may match.

    A negative row takes back one other row of its trip with the same fare and total; a negative fare that finds none,
    one with the same fare, for a tip may be in one row only. Each is used once, so two trips less one reversal is one
    trip. Of rows that would do, the first by content and then by row number is taken; order does not matter. Duplicates
    are what repeats among the rows without partner; the first by row number is none.
    """
    content, row = row_groups(trips, CONTENT), _row_numbers(trips)
    paired = negative = np.zeros(trips.num_rows, bool)
    if FARE in trips.column_names:
        negative = _is_negative(trips)
        paired = _paired(trips, negative, content, row)
    order = np.lexsort((row, content))
    order = order[~paired[order]]
    duplicate = np.zeros(trips.num_rows, bool)
    duplicate[order[1:]] = content[order[1:]] == content[order[:-1]]
    return {"reversal": paired & negative, "reversed_trip": paired & ~negative, "duplicate": duplicate}


def _is_negative(trips: pa.Table) -> np.ndarray:
    negative = floats(trips[FARE]) < 0
    return negative | (floats(trips[TOTAL]) < 0) if TOTAL in trips.column_names else negative


def _row_numbers(trips: pa.Table) -> np.ndarray:
    if SOURCE_ROW.name in trips.column_names:
        return floats(trips[SOURCE_ROW.name])
    return np.arange(trips.num_rows)


def _paired(trips: pa.Table, negative: np.ndarray, content: np.ndarray, row: np.ndarray) -> np.ndarray:
    fare = floats(trips[FARE])
    same_fare = _groups([row_groups(trips, SAME_TRIP), _ranks(pa.array(cents(trips[FARE])))])
    paired = np.zeros(len(fare), bool)
    rounds = [(same_fare, ~negative | (fare < 0))]
    if TOTAL in trips.column_names:
        same_total = _groups([same_fare, _ranks(pa.array(cents(trips[TOTAL])))])
        rounds.insert(0, (same_total, np.ones(len(fare), bool)))
    for key, may in rounds:
        free = np.flatnonzero(may & ~paired)
        paired[free] = _pair(key[free], negative[free], content[free], row[free])
    return paired


def _pair(key: np.ndarray, negative: np.ndarray, content: np.ndarray, row: np.ndarray) -> np.ndarray:
    """(n,) group numbers -> (n,) bool: in each group as many negative rows as others, the first by content and row."""
    order = np.lexsort((row, content, negative, key))
    side = 2 * key[order] + negative[order]
    begins = np.flatnonzero(np.append(True, side[1:] != side[:-1])[: len(side)])
    place = np.arange(len(side)) - np.repeat(begins, np.diff(np.append(begins, len(side))))
    groups = int(key.max(initial=-1)) + 1
    pairs = np.minimum(np.bincount(key[negative], minlength=groups), np.bincount(key[~negative], minlength=groups))
    paired = np.zeros(len(key), bool)
    paired[order] = place < pairs[key[order]]
    return paired


def row_groups(trips: pa.Table, names: tuple[str, ...]) -> np.ndarray:
    """(n,) int64: equal for rows that are equal in those of the columns that are there, ordered as they are."""
    held = [name for name in names if name in trips.column_names]
    return _groups([np.zeros(trips.num_rows, np.int64), *(_ranks(trips[name]) for name in held)])


def _groups(codes: list[np.ndarray]) -> np.ndarray:
    """Rank arrays -> the rank of each row among the distinct combinations, the first array counting most."""
    group = codes[0]
    for code in codes[1:]:
        group = np.unique(group * (int(code.max(initial=0)) + 1) + code, return_inverse=True)[1].astype(np.int64)
    return group


def _ranks(values: pa.ChunkedArray | pa.Array) -> np.ndarray:
    """(n,) int64: the place of each value among the distinct ones; missing comes last."""
    if pa.types.is_floating(values.type):
        numbers = floats(values)
        values = pa.array(numbers, mask=np.isnan(numbers))
    ranked = pc.rank(values, sort_keys="ascending", tiebreaker="dense")
    return np.asarray(ranked.to_numpy().astype(np.int64))
