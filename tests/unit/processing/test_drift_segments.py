from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from include.processing.drift_columns import BINNED
from include.processing.drift_segments import SEGMENTS, hour_band, segments_of_service
from include.trips.columns import ALL_SERVICES


def test_hours_fall_into_their_band() -> None:
    at = [f"2019-03-04T{h:02d}:59:59" for h in (0, 5, 6, 9, 10, 15, 16, 19, 20, 23)]
    trips = pa.table({"pickup_at": np.array(at, "datetime64[us]")})
    assert [*hour_band(trips)] == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]


@pytest.mark.parametrize("service", ALL_SERVICES)
def test_every_service_has_segments(service: str) -> None:
    assert {"borough", "hours"} <= {segment.name for segment in segments_of_service(service)}


def test_segments_split_by_columns_that_are_counted() -> None:
    assert {segment.column for segment in SEGMENTS} <= {binned.name for binned in BINNED}
