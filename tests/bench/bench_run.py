"""`make run` from a fresh clone with a warm package cache, a second one, and one sample month in one process."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from pathlib import Path

from include.config import ROOT
from tests.servers.mariadb import free_port

TARGETS = {"install": 90, "make run, first": 360, "make run, second": 180, "pipeline month of the sample": 60}


def main() -> None:
    """Prints seconds beside the target of each."""
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        clone = Path(scratch) / "clone"
        subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
        ports = {f"TAXI_{name}_PORT": str(free_port()) for name in ("AIRFLOW", "API", "MLFLOW")}
        env = {k: v for k, v in os.environ.items() if not k.startswith("TAXI_") and k != "PYTHONPATH"} | ports
        seconds = {"install": timed(clone, env, "setup")}
        try:
            seconds["make run, first"] = seconds["install"] + timed(clone, env, "run")
            seconds["make run, second"] = timed(clone, env, "run")
        finally:
            timed(clone, env, "stop")
        alone = env | {"TAXI_HOME": f"{scratch}/alone", "TAXI_MONTHS": "2019-01"}
        timed(clone, alone, "pipeline")
        seconds["pipeline month of the sample"] = timed(clone, alone | {"TAXI_MONTHS": "2019-02"}, "pipeline")
    for name, value in seconds.items():
        print(f"{name:32s} {value:6.0f} s   target {TARGETS[name]} s   {value / TARGETS[name]:.2f} of it")


def timed(clone: Path, env: dict[str, str], target: str) -> float:
    """Seconds of one make target; its output goes to a file in the clone."""
    started = time.perf_counter()
    with (clone / f"{target}.log").open("a") as log:
        outcome = subprocess.run(["make", target], cwd=clone, env=env, stdout=log, stderr=log, check=False)
    if outcome.returncode:
        raise SystemExit(f"make {target} failed:\n{(clone / f'{target}.log').read_text()[-3000:]}")
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
