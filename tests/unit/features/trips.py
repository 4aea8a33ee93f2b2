"""A few made-up clean trips for tests of what earlier trips say."""

from __future__ import annotations

import numpy as np


def make_trips(rows: int, seed: int, month: str = "2019-03") -> dict[str, np.ndarray]:
    """`rows` seeded trips of a month by canonical column."""
    rng = np.random.default_rng(seed)
    start = np.datetime64(f"{month}-01", "us") + rng.integers(0, 28 * 86_400, rows).astype("timedelta64[s]")
    return {
        "pickup_at": start,
        "dropoff_at": start + rng.integers(60, 7200, rows).astype("timedelta64[s]"),
        "pickup_zone": rng.choice([4, 132, 161, 230, 265], rows),
        "dropoff_zone": rng.choice([4, 132, 161, 230, 264], rows),
        "distance_mi": rng.uniform(0, 20, rows),
        "fare_usd": rng.uniform(2.5, 80, rows),
    }
