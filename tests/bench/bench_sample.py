"""A month of the embedded sample as a Parquet file: seconds, megabytes and peak memory. `--rows 3000000`."""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from pathlib import Path

from include.ingestion.sample import write_month
from include.trips.month import Month

TARGET_SECONDS = 20


def main() -> None:
    """Prints CPU and wall seconds beside the target, the file's size and the peak of the process."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=3_000_000)
    parser.add_argument("--service", default="yellow")
    parser.add_argument("--month", default="2019-03")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        wall, cpu = time.perf_counter(), time.process_time()
        path = write_month(Path(scratch) / "month.parquet", chosen.service, Month.parse(chosen.month), chosen.rows, 1)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        size = path.stat().st_size / 1e6
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{chosen.rows:,} rows of {chosen.service} {chosen.month}: {cpu:.1f} CPU s, {wall:.1f} s of wall time "
          f"(target {TARGET_SECONDS} s), {size:.0f} MB, peak {peak:.0f} MB")  # fmt: skip


if __name__ == "__main__":
    main()
