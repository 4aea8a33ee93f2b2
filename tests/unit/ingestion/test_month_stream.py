"""What is learnt about a month while it streams by."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from include.ingestion.month_stream import MonthStream
from include.ingestion.published import open_published
from include.ingestion.sample import generate_month
from include.trips.month import Month


def test_pick_ups_in_the_repeated_hour_are_counted(tmp_path: Path) -> None:
    path, november = tmp_path / "yellow_tripdata_2019-11.parquet", Month(2019, 11)
    pq.write_table(generate_month("yellow", november, 20_000, 1), path)
    with open_published(str(path), path.name) as published:
        stream = MonthStream(published, "yellow", november, path.name)
        pickup = np.concatenate([batch.column("pickup_at").to_numpy(zero_copy_only=False) for batch in stream])
    twice = (pickup >= np.datetime64("2019-11-03T01:00")) & (pickup < np.datetime64("2019-11-03T02:00"))
    assert stream.meta()["repeated_hour"] == twice.sum() > 0
