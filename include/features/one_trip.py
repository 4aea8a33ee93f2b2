"""One trip's features by plain index arithmetic: the rows that `engineer_all_features` gathers, without arrays of one.

A dozen numpy calls on arrays of one number cost a request more than its model. A test holds both ways to the same bits.
"""

from __future__ import annotations

from datetime import datetime

import numpy as np

from include.features.dictionary import FEATURE_NAMES
from include.features.engineer_features import MAX_PASSENGERS, feature_tables
from include.features.temporal_features import MINUTES_A_DAY
from include.trips.calendar import DAYS, FIRST_DAY
from include.trips.zones import ZONE_COUNT

_FIRST_ORDINAL = FIRST_DAY.item().toordinal()


def one_trip(pickup_at: datetime, pickup_zone: int, dropoff_zone: int, passenger_count: int | None) -> np.ndarray:
    """A pick-up in naive New York time, zones 1..265, passengers -> (1, len(FEATURE_NAMES)) float32.

    ValueError for another zone; passengers that are missing or outside 0..9 count as not given.
    """
    for zone in (pickup_zone, dropoff_zone):
        if not 0 < zone < ZONE_COUNT:
            raise ValueError(f"zone {zone}: a zone from 1 to {ZONE_COUNT - 1} is expected (264: not known).")
    hour, day = pickup_at.hour, pickup_at.toordinal() - _FIRST_ORDINAL
    in_week = pickup_at.weekday() * MINUTES_A_DAY + hour * 60 + pickup_at.minute
    in_calendar = min(max(day, 0), DAYS - 1) * 24 + hour
    row = np.empty((1, len(FEATURE_NAMES)), np.float32)
    first = 0
    for table, index in zip(
        feature_tables(), (pickup_zone * ZONE_COUNT + dropoff_zone, in_week, in_calendar), strict=True
    ):
        last = first + len(table.names)
        row[0, first:last] = table.rows[index]
        first = last
    given = passenger_count is not None and 0 <= passenger_count <= MAX_PASSENGERS
    row[0, first] = passenger_count if given else 0
    return row
