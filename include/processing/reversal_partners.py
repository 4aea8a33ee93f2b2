"""Which negative fares have the charge that they take back, among rows that may be in other parts of the month.

Rows are compared by the 64-bit keys that cleaning matches by, so a month needs eight bytes a row however it is read.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from include.processing.reversals import FARE, floats, key_hashes

CHARGE_KEY = ("vendor_id", "pickup_at", "dropoff_at", "pickup_zone", "dropoff_zone", FARE)


def charge_keys(trips: pa.Table) -> np.ndarray:
    """Keys of the rows with a fare above zero, (m,) uint64 in ascending order."""
    return np.sort(_keys(trips.filter(pa.array(floats(trips[FARE]) > 0))))


def reversal_has_partner(trips: pa.Table, charges: np.ndarray | None = None) -> np.ndarray:
    """(n,) float64: 1 for a negative fare whose charge is among `charges`, 0 for one without, NaN for any other row.

    `charges` are `charge_keys` of the whole month, in ascending order; None takes those of `trips`.
    """
    negative = np.flatnonzero(floats(trips[FARE]) < 0)
    found = np.full(trips.num_rows, np.nan)
    if len(negative):
        known = charge_keys(trips) if charges is None else charges
        found[negative] = _among(_keys(trips.take(pa.array(negative))), known)
    return found


def _keys(trips: pa.Table) -> np.ndarray:
    return key_hashes(trips.select(CHARGE_KEY))


def _among(keys: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Which keys are known; searched for, because a few are looked up in millions."""
    position = np.searchsorted(known, keys)
    there = position < len(known)
    there[there] = known[position[there]] == keys[there]
    return there
