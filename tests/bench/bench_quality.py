"""How much a month's validation costs: `python tests/bench/bench_quality.py`.

Three million rows of an embedded sample of March 2019 against the whole raw suite in Great Expectations, then nine
million through the profile by row group. Each in a process of its own, which prints CPU seconds (importing Great
Expectations told apart) and peak memory. Nothing here fails: the figures are to be compared.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from include.lake.lake import ROW_GROUP, read_table
from include.processing.expectations import Expected, raw_suite
from include.trips.contract import schema_for, to_canonical
from include.trips.month import Month

SERVICE, MONTH = "yellow", Month(2019, 3)
PART = 250_000
SIZES = {"whole": 3_000_000, "profile": 9_000_000}


def build_month(rows: int, target: Path) -> None:
    """Canonical rows in the lake's row groups: one sampled part after the other, numbered through."""
    from include.ingestion.sample import generate_month

    part, _ = to_canonical(generate_month(SERVICE, MONTH, PART, 1), SERVICE, "sample")
    place = part.schema.get_field_index("source_row")
    with pq.ParquetWriter(target, schema_for(SERVICE), compression="zstd") as writer:
        for start in range(0, rows, ROW_GROUP):
            group = pa.concat_tables([part] * (ROW_GROUP // part.num_rows))
            numbers = pa.array(np.arange(start, start + group.num_rows))
            writer.write_table(group.set_column(place, "source_row", numbers).combine_chunks(), ROW_GROUP)


def measure(task: str, month: Path) -> dict[str, float]:
    """Figures of one validation, from a process that did nothing else."""
    suite = raw_suite(SERVICE, MONTH.start, MONTH.end)
    started = time.process_time()
    import great_expectations.expectations  # noqa: F401

    imported = time.process_time()
    broken = (whole if task == "whole" else profile)(month, suite)
    spent = time.process_time() - imported
    return {"rows": SIZES[task], "expectations": len(suite), "broken": broken, "cpu_s": spent,
            "import_cpu_s": imported - started, "peak_mb": peak_mb()}  # fmt: skip


def whole(month: Path, suite: list[Expected]) -> int:
    """Reads the month and gives every row to Great Expectations; how many expectations are broken."""
    from include.processing.outcomes import outcomes
    from include.processing.run_suite import examine

    _, merged = examine(read_table(str(month)), suite, "bench", "bench")
    return sum(not outcome.success for outcome in outcomes(suite, merged))


def profile(month: Path, suite: list[Expected]) -> int:
    """Counts by row group, then Great Expectations on the counts and a sample; how many expectations are broken."""
    from include.processing.profile_suite import examine_profile

    return sum(not outcome.success for outcome in examine_profile(str(month), suite, "bench", "bench")[2])


def peak_mb() -> float:
    """Greatest resident size of this process so far, as Linux counts it."""
    return int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024


def main() -> None:
    """Each figure in a fresh process, so that peak memory is its own."""
    if len(sys.argv) == 3:
        print(json.dumps({name: round(value, 3) for name, value in measure(sys.argv[1], Path(sys.argv[2])).items()}))
        return
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        for task, rows in SIZES.items():
            month = Path(scratch) / f"{task}.parquet"
            build_month(rows, month)
            command = [sys.executable, __file__, task, str(month)]
            outcome = subprocess.run(command, capture_output=True, text=True, check=True)
            figures = json.loads(outcome.stdout.splitlines()[-1])
            print(task, *(f"{name}={value:,.3f}" for name, value in figures.items()))


if __name__ == "__main__":
    main()
