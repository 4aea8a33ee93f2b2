"""What cleaning costs: `python tests/bench/bench_clean.py`. Nothing here fails: the figures are to be compared.

Three million rows in memory: CPU seconds of the kernels, of the same rules written as pandas users write them, and of
reading and writing Parquet. Then the streamed step at one, three and nine million rows: its memory should not follow.
Each figure comes from a process of its own; the month is an embedded sample.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from include.ingestion.sample import generate_month
from include.lake import Lake, Manifest, read_table
from include.processing.clean_data import LIMITS, clean_taxi_data
from include.processing.clean_stream import publish_clean
from include.processing.reversals import CONTENT, SAME_TRIP
from include.trips.contract import schema_for, to_canonical
from include.trips.month import Month
from tests.bench.bench_ingest import cpu_seconds, peak_mb

if TYPE_CHECKING:
    import pandas as pd

SERVICE, MONTH = "yellow", Month(2019, 3)
PART, MILLION = 500_000, 1_000_000
TARGET_S = 4.0


def raw_month(lake: Lake, rows: int) -> Manifest:
    """A raw month of so many rows, of samples with a seed each, so that no trip is in it twice."""

    def batches() -> Iterator[pa.RecordBatch]:
        for number in range(rows // PART):
            trips, _ = to_canonical(generate_month(SERVICE, MONTH, PART, 1 + number), SERVICE, "sample")
            numbers = pa.array(np.arange(PART) + number * PART)
            yield from trips.set_column(trips.num_columns - 1, "source_row", numbers).to_batches()

    return lake.publish_batches("raw", SERVICE, MONTH, batches(), schema_for(SERVICE), str(rows), dict)


def kernels(raw: Manifest, scratch: Path) -> dict[str, float]:
    """The whole month in memory, and Parquet beside it."""
    trips = read_table(raw.uri)
    before, found = peak_mb(), []
    seconds = cpu_seconds(lambda: found.append(clean_taxi_data(trips, SERVICE, MONTH)))
    peak, (kept, quarantined) = peak_mb(), found[0]
    read = cpu_seconds(lambda: read_table(raw.uri))
    write = cpu_seconds(lambda: pq.write_table(kept, scratch / "kept.parquet", compression="zstd", compression_level=3))
    return {"cpu_s": seconds, "peak_mb": peak, "before_mb": before, "kept": kept.num_rows,
            "quarantined": quarantined.num_rows, "read_cpu_s": read, "write_cpu_s": write}  # fmt: skip


def with_pandas(raw: Manifest, scratch: Path) -> dict[str, float]:
    """The same rules on a frame that is there already."""
    trips = read_table(raw.uri).to_pandas()
    before, found = peak_mb(), []
    seconds = cpu_seconds(lambda: found.append(pandas_clean(trips)))
    kept, quarantined = found[0]
    return {"cpu_s": seconds, "peak_mb": peak_mb(), "before_mb": before, "kept": len(kept),
            "quarantined": len(quarantined)}  # fmt: skip


def pandas_clean(trips: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Our rules as `duplicated`, `groupby` and boolean masks."""
    minutes = (trips["dropoff_at"] - trips["pickup_at"]).dt.total_seconds() / 60
    skipped = np.datetime64("2019-03-10T02:00", "us")
    negative = (trips["fare_usd"] < 0) | (trips["total_usd"] < 0)
    bad = trips["pickup_at"].isna() | trips["dropoff_at"].isna() | negative | pandas_matched(trips, negative)
    bad |= ~trips["pickup_at"].between(MONTH.start, MONTH.end, inclusive="left")
    bad |= (trips["pickup_at"] < skipped + np.timedelta64(1, "h")) & (trips["dropoff_at"] >= skipped)
    bad |= ~trips["pickup_zone"].between(1, LIMITS.last_zone) | ~trips["dropoff_zone"].between(1, LIMITS.last_zone)
    bad |= ~minutes.between(LIMITS.min_minutes, LIMITS.max_minutes)
    bad |= ~((trips["fare_usd"] > 0) & (trips["fare_usd"] <= LIMITS.max_fare_usd))
    bad |= ~trips["distance_mi"].between(0, LIMITS.max_miles)
    bad |= trips["distance_mi"] / (minutes.where(minutes > 0) / 60) > LIMITS.max_mph
    return trips[~bad], trips[bad]


def pandas_matched(trips: pd.DataFrame, negative: pd.Series) -> pd.Series:
    """Trips that a reversal takes back, and duplicates among the others."""
    keys = [name for name in SAME_TRIP if name in trips]
    cents = trips.assign(fare_cents=(trips["fare_usd"].abs() * 100).round(), negative=negative)
    place = cents.groupby([*keys, "fare_cents", "negative"], dropna=False).cumcount()
    cents = cents.assign(place=place)[[*keys, "fare_cents", "place", "negative", "source_row"]]
    back = cents[cents["negative"]].merge(cents[~cents["negative"]], on=[*keys, "fare_cents", "place"])
    taken = trips["source_row"].isin(back["source_row_y"])
    repeats = trips[~taken].duplicated([name for name in CONTENT if name in trips])
    return taken | repeats.reindex(trips.index, fill_value=False)


def step(raw: Manifest, scratch: Path) -> dict[str, float]:
    """Both stages of the lake, in a stream."""
    before = peak_mb()
    seconds = cpu_seconds(lambda: publish_clean(Lake(str(scratch / "cleaned")), raw, "key"))
    return {"rows": raw.rows, "cpu_s": seconds, "peak_mb": peak_mb(), "before_mb": before}


TASKS: dict[str, Callable[[Manifest, Path], dict[str, float]]] = {
    "kernels": kernels, "pandas": with_pandas, "step": step,
}  # fmt: skip


def main() -> None:
    """Prints a line per measurement, and the ratio to pandas."""
    if len(sys.argv) == 3:
        task, root = sys.argv[1], sys.argv[2]
        raw = Lake(root).require("raw", SERVICE, MONTH)
        print(json.dumps({name: round(value, 2) for name, value in TASKS[task](raw, Path(root)).items()}))
        return
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        lake, found = Lake(f"{scratch}/lake"), {}
        for millions, tasks in ((3, ("kernels", "pandas", "step")), (1, ("step",)), (9, ("step",))):
            raw_month(lake, millions * MILLION)
            for task in tasks:
                found[f"{task} {millions} M"] = _in_process(task, lake.root)
                print(f"{task} {millions} M", *(f"{n}={v:,.2f}" for n, v in found[f"{task} {millions} M"].items()))
    ours, theirs = found["kernels 3 M"]["cpu_s"], found["pandas 3 M"]["cpu_s"]
    print(f"pandas / kernels CPU ratio={theirs / ours:.1f}; kernels {ours:.1f} CPU s (target {TARGET_S:g})")


def _in_process(task: str, root: str) -> dict[str, float]:
    command = [sys.executable, __file__, task, root]
    outcome = subprocess.run(command, capture_output=True, text=True, check=True)
    figures: dict[str, float] = json.loads(outcome.stdout)
    return figures


if __name__ == "__main__":
    main()
