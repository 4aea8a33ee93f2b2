"""An Airflow of the test session's own: its environment, and a metadata database that is made once."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from scripts.airflow_declared import pools, read_declared

ROOT = Path(__file__).parents[2]
POOLS = """
from airflow.models.pool import Pool
for name, pool in {pools!r}.items():
    Pool.create_or_update_pool(name, pool["slots"], pool["description"], pool["include_deferred"])
"""


def airflow_environment(home: Path, **chosen: str) -> dict[str, str]:
    """Variables for a process that imports Airflow with its state in `home`; no setting of the developer reaches it."""
    kept = {
        k: v for k, v in os.environ.items() if not k.startswith(("TAXI_", "AIRFLOW")) and k != "MLFLOW_TRACKING_URI"
    }
    return kept | {
        "AIRFLOW_HOME": str(home), "AIRFLOW__CORE__LOAD_EXAMPLES": "False", "AIRFLOW__CORE__UNIT_TEST_MODE": "False",
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"), "AIRFLOW__CORE__PLUGINS_FOLDER": str(ROOT / "plugins"),
        "PYTHONPATH": os.pathsep.join(map(str, (ROOT, ROOT / "dags", ROOT / "plugins"))),
        "TAXI_HOME": str(home / "taxi"), "OMP_NUM_THREADS": "1", **chosen,
    }  # fmt: skip


def python_in_airflow(script: str, env: dict[str, str]) -> Any:
    """Runs a script that prints `RESULT` and JSON; gives what it printed there."""
    command = [sys.executable, "-W", "ignore", "-c", script]
    outcome = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=False)
    assert "RESULT" in outcome.stdout, (outcome.stdout + outcome.stderr)[-6000:]
    return json.loads(outcome.stdout.rpartition("RESULT")[2].splitlines()[0])


@pytest.fixture(scope="session")
def migrated_airflow(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose metadata database has its schema and the declared pools; made once, whatever workers there are."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    home = shared / "migrated_airflow"
    with FileLock(f"{home}.lock"):
        if not (home / "done").exists():
            home.mkdir()
            env = airflow_environment(home)
            script = "from airflow.utils.db import initdb; initdb()\n" + POOLS.format(pools=pools(read_declared()))
            python_in_airflow(script + "print('RESULT0')", env)
            (home / "done").touch()
    return home


@pytest.fixture
def airflow_env(migrated_airflow: Path, tmp_path: Path) -> dict[str, str]:
    """The environment of a fresh Airflow with an initialised database, and of a fresh home on the sample."""
    home = tmp_path / "airflow"
    shutil.copytree(migrated_airflow, home)
    return airflow_environment(home)
