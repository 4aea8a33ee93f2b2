"""A reversal and the charge it takes back: one vendor, the same times and zones, the amount with the other sign.

Rows are compared by 64-bit keys, so that a month needs eight bytes a row however it is read.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

CHARGE_KEY = ("vendor_id", "pickup_at", "dropoff_at", "pickup_zone", "dropoff_zone", "fare_usd")


def charge_keys(trips: pa.Table) -> np.ndarray:
    """Keys of the rows with a fare above zero, (m,) uint64 in ascending order."""
    fare = np.asarray(trips["fare_usd"].to_numpy(zero_copy_only=False))
    return np.sort(_keys(trips.select(CHARGE_KEY).filter(pa.array(fare > 0))))


def reversal_has_partner(trips: pa.Table, charges: np.ndarray | None = None) -> np.ndarray:
    """(n,) float64: 1 for a negative fare whose charge is among `charges`, 0 for one without, NaN for any other row.

    `charges` are `charge_keys` of the whole month, in ascending order; None takes those of `trips`.
    """
    fare = np.asarray(trips["fare_usd"].to_numpy(zero_copy_only=False))
    negative = np.flatnonzero(fare < 0)
    found = np.full(len(fare), np.nan)
    if len(negative):
        known = charge_keys(trips) if charges is None else charges
        found[negative] = _among(_keys(trips.select(CHARGE_KEY).take(pa.array(negative))), known)
    return found


def _among(keys: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Which keys are known; searched for, because a few are looked up in millions."""
    position = np.searchsorted(known, keys)
    there = position < len(known)
    there[there] = known[position[there]] == keys[there]
    return there


def _keys(rows: pa.Table) -> np.ndarray:
    """One uint64 a row, from each column's 64 bits; the fare counts without its sign, in cents."""
    mixed = np.zeros(rows.num_rows, np.uint64)
    for name in CHARGE_KEY:
        values = rows[name].to_numpy(zero_copy_only=False)
        if name == "fare_usd":
            values = np.round(np.abs(values) * 100)
        bits = np.asarray(values, "datetime64[us]" if values.dtype.kind == "M" else np.float64).view(np.uint64)
        mixed = _mix(mixed ^ bits)
    return mixed


def _mix(bits: np.ndarray) -> np.ndarray:
    """The finalizer of SplitMix64 (Steele, Lea, Flood 2014): each bit of the result depends on all given ones."""
    bits = bits + np.uint64(0x9E3779B97F4A7C15)
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(bits ^ (bits >> np.uint64(31)))
