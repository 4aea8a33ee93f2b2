"""A month in TLC's format that nobody drove: a function of service, month, rows and seed, so it needs no network.

It is made in chunks of pick-ups in order, each from a seed of its own, so a month of any size fits in memory and is the
same wherever it is made. What it is made of was measured on TLC's files: see `sample_facts.py` and `data/SOURCES.md`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from include.errors import NotPublishedError
from include.ingestion.sample_clock import pickup_times
from include.ingestion.sample_hired import hired_chunk
from include.ingestion.sample_layout import ERAS, first_month, publish
from include.ingestion.sample_metered import metered_chunk
from include.trips.columns import METERED
from include.trips.month import Month

CHUNK_ROWS = 200_000
SAMPLE_SOURCES = (
    *(f"ingestion/sample{part}.py" for part in ("", "_bill", "_clock", "_facts", "_faults", "_hired", "_layout",
                                                "_metered", "_pairs", "_places", "_roads", "_tariff")),
    "ingestion/data", "trips/calendar.py", "trips/data/zones.csv", "trips/data/zones.geojson",
)  # fmt: skip
"""Everything that decides what a month looks like; part of its vintage."""


def generate_month(service: str, month: Month, rows: int, seed: int) -> pa.Table:
    """`rows` trips as TLC published that month of that service, by pick-up; equal arguments give equal tables.

    The schema's metadata say that it is synthetic. NotPublishedError for a month before the service's first.
    """
    return pa.concat_tables(month_chunks(service, month, rows, seed))


def write_month(path: Path, service: str, month: Month, rows: int, seed: int) -> Path:
    """`generate_month` as a Parquet file, a chunk at a time; equal arguments give equal bytes."""
    chunks = month_chunks(service, month, rows, seed)
    first = next(chunks)
    with pq.ParquetWriter(path, first.schema) as writer:
        writer.write_table(first)
        for chunk in chunks:
            writer.write_table(chunk)
    return path


def month_chunks(service: str, month: Month, rows: int, seed: int) -> Iterator[pa.Table]:
    """The month's rows in order, at most CHUNK_ROWS at a time; at least one table, if an empty one."""
    if str(month) < first_month(service):
        raise NotPublishedError(
            f"The sample has no {service} trips of {month}: TLC's first {service} month is {first_month(service)}."
        )
    month_seed = (seed, month.ordinal, sorted(ERAS).index(service))
    pickup = pickup_times(service, month, rows, np.random.default_rng([*month_seed, 0]))
    make = metered_chunk if service in METERED else hired_chunk
    for number, begin in enumerate(range(0, max(rows, 1), CHUNK_ROWS)):
        rng = np.random.default_rng([*month_seed, 2, number])
        part = pickup[begin : begin + CHUNK_ROWS]
        table = publish(service, month, *make(service, month, part, month_seed, rng), rows=len(part))
        yield table.replace_schema_metadata({"synthetic": f"generated, not TLC data; seed {seed}"})
