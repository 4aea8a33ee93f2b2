"""How long the DAG files take to parse, as the DAG processor does it: each in a process of its own.

    .venv/bin/python tests/bench/bench_dags.py

The target is 1.5 s for a file, without Airflow's own start, which every component pays once.
"""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path

from tests.servers.airflow import ROOT, airflow_environment, python_in_airflow

ROUNDS = 5
SCRIPT = """
import json, time
started = time.perf_counter()
from airflow.dag_processing.dagbag import DagBag
imported = time.perf_counter()
bag = DagBag(dag_folder={file!r})
assert not bag.import_errors, bag.import_errors
print("RESULT" + json.dumps([imported - started, time.perf_counter() - imported, len(bag.dags)]))
"""


def main() -> None:
    """Median and worst of several rounds, wall clock."""
    with tempfile.TemporaryDirectory() as home:
        env = airflow_environment(Path(home))
        for file in sorted((ROOT / "dags").glob("nyc_taxi_*.py")):
            rounds = [python_in_airflow(SCRIPT.format(file=str(file)), env) for _ in range(ROUNDS)]
            starts, parses, dags = zip(*rounds, strict=True)
            print(f"{file.name:<28} {dags[0]} DAGs  parse {statistics.median(parses):.2f} s (worst {max(parses):.2f})  "
                  f"Airflow's start {statistics.median(starts):.2f} s")  # fmt: skip


if __name__ == "__main__":
    main()
