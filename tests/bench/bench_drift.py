"""A month's drift profile, and its comparison with twelve: CPU seconds and peak memory. `--rows 3000000`."""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from include.lake import Lake
from include.processing.drift_compare import compare
from include.processing.drift_limits import drift_limits
from include.processing.drift_store import load_profile, stored_profile
from include.trips.month import Month
from include.trips.regimes import known_regimes

MONTH = Month(2019, 3)
MAKE = """
from include.ingestion.sample import generate_month
from include.lake import Lake
from include.processing.clean_data import clean_taxi_data
from include.trips.contract import to_canonical
from include.trips.month import Month
month = Month.parse("{month}")
trips, _ = to_canonical(generate_month("yellow", month, {rows}, 1), "yellow", "sample")
Lake("{lake}").publish_table("clean", "yellow", month, clean_taxi_data(trips, "yellow", month)[0], "k")
"""


def main() -> None:
    """Prints the figures; the month is made in another process, whose memory does not count."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=3_000_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        subprocess.run([sys.executable, "-c", MAKE.format(month=MONTH, rows=rows, lake=scratch)], check=True)
        measure(Lake(scratch), rows)


def measure(lake: Lake, rows: int) -> None:
    """The profile, as the step makes it, then its comparison."""
    started = time.process_time()
    manifest = stored_profile(lake, lake.require("clean", "yellow", MONTH))
    seconds = time.process_time() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    size = Path(manifest.uri).stat().st_size / 1e3
    print(f"profile of {rows:,} rows: {seconds:.1f} CPU s, peak {peak:.0f} MB, {size:.0f} kB stored")
    started = time.process_time()
    profile = load_profile(manifest)
    reference = [replace(profile, month=str(MONTH.plus(-back))) for back in range(12, 0, -1)]
    results = compare(profile, reference, drift_limits(), known_regimes("yellow"))
    print(f"{len(results)} comparisons with 12 months: {time.process_time() - started:.2f} CPU s")


if __name__ == "__main__":
    main()
