"""How fast a month becomes canonical: `python tests/bench/bench_ingest.py [published.parquet]`.

Repeats the rows of a published month (by default an embedded sample of March 2019) up to three million, ingests that
file in a process of its own, and prints CPU seconds, peak memory and ratios: to plainly reading and writing the same
file, and, for `assign_zone`, to asking the polygons alone. Nothing here fails: the figures are to be compared.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from include.ingestion.ingest_data import stream_to_lake
from include.lake import Lake
from include.trips.month import Month
from include.trips.places import assign_zone, locate_by_polygons, zone_raster

ROWS = 3_000_000
SERVICE, MONTH = "yellow", Month(2019, 3)


def cpu_seconds(action: Callable[[], object]) -> float:
    """User and system time of this process, all threads."""
    before = time.process_time()
    action()
    return time.process_time() - before


def build_month(source: Path | None, target: Path) -> None:
    """`ROWS` rows of a published layout, in order of time, written as TLC writes them: row groups of 2^20 rows."""
    if source is None:
        from include.ingestion.sample import generate_month

        part = generate_month(SERVICE, MONTH, 250_000, 1)
    else:
        part = pq.read_table(source)
    repeats = -(-ROWS // part.num_rows)
    with pq.ParquetWriter(target, part.schema, compression="zstd") as writer:
        for start in range(0, repeats, max(1, 2**20 // part.num_rows)):
            held = [part] * min(max(1, 2**20 // part.num_rows), repeats - start)
            writer.write_table(pa.concat_tables(held).combine_chunks(), row_group_size=2**20)


def ingest(path: Path, lake: Lake) -> dict[str, float]:
    """Figures of one ingest, from a process that did nothing else."""
    landed = lake.publish_file("landing", SERVICE, MONTH, path, "k", -1, {"origin": path.name, "vintage": {}})
    base = peak_mb()
    seconds = cpu_seconds(lambda: stream_to_lake(lake, landed, "k"))
    raw = lake.require("raw", SERVICE, MONTH)
    return {"rows": raw.rows, "cpu_s": seconds, "peak_mb": peak_mb(), "before_mb": base}


def read_and_write(path: Path, target: Path) -> dict[str, float]:
    """The floor: the same rows through Arrow without looking at them."""
    seconds = cpu_seconds(lambda: pq.write_table(pq.read_table(path), target, compression="zstd", compression_level=3))
    return {"cpu_s": seconds, "peak_mb": peak_mb()}


def peak_mb() -> float:
    """Greatest resident size of this process so far; of Linux's two figures the one that forgets the parent's."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().split("VmHWM:")[1].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def zones() -> dict[str, float]:
    """A million places as taxis have them: around the points of the zones, three in four in Manhattan's."""
    from include.trips.zones import zone_rows

    rng = np.random.default_rng(1)
    known = [row for row in zone_rows() if row["point_lat"]]
    weight = np.array([5.0 if row["borough"] == "Manhattan" else 0.5 for row in known])
    chosen = rng.choice(len(known), 1_000_000, p=weight / weight.sum())
    lat, lon = (np.array([float(row[n]) for row in known])[chosen] for n in ("point_lat", "point_lon"))
    lat, lon = lat + rng.normal(0, 0.0015, len(lat)), lon + rng.normal(0, 0.002, len(lon))
    raster = cpu_seconds(zone_raster)
    fast, slow = cpu_seconds(lambda: assign_zone(lat, lon)), cpu_seconds(lambda: locate_by_polygons(lat, lon))
    same = float((assign_zone(lat, lon) == locate_by_polygons(lat, lon)).mean())
    rate = len(lat) / fast
    return {"raster_cpu_s": raster, "points_per_cpu_s": rate, "polygons_cpu_ratio": slow / fast, "same": same}


def main() -> None:
    """Each figure in a fresh process, so that peak memory is its own."""
    if len(sys.argv) > 2:
        task, *paths = sys.argv[1:]
        first, second = Path(paths[0]), Path(paths[1])
        tasks: dict[str, Callable[[], dict[str, float]]] = {
            "ingest": lambda: ingest(first, Lake(str(second))),
            "floor": lambda: read_and_write(first, second / "floor.parquet"),
            "zones": zones,
        }
        print(json.dumps({name: round(value, 3) for name, value in tasks[task]().items()}))
        return
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        month = Path(scratch) / f"{SERVICE}_tripdata_{MONTH}.parquet"
        build_month(Path(sys.argv[1]) if len(sys.argv) == 2 else None, month)
        found = {task: _in_process(task, month, Path(scratch)) for task in ("floor", "ingest", "zones")}
    for task, figures in found.items():
        print(task, *(f"{name}={value:,.3f}" for name, value in figures.items()))
    print(f"ingest / floor CPU ratio={found['ingest']['cpu_s'] / found['floor']['cpu_s']:.2f}")


def _in_process(task: str, month: Path, scratch: Path) -> dict[str, float]:
    command = [sys.executable, __file__, task, str(month), str(scratch)]
    outcome = subprocess.run(command, capture_output=True, text=True, check=True)
    figures: dict[str, float] = json.loads(outcome.stdout)
    return figures


if __name__ == "__main__":
    main()
