"""A month on Celery workers, one of which dies: the same month as in one process."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from include.config import ROOT, Settings
from scripts.airflow_apply import declare
from scripts.platform_airflow import connect
from scripts.platform_backfill import backfill
from tests.celery.cluster import WORKERS, Cluster
from tests.conftest import absent
from tests.drills.processes import members, task_processes, until
from tests.drills.results import leftovers, results
from tests.homes import settings_of
from tests.servers import postgres, redis
from tests.servers.mariadb import free_port

pytestmark = pytest.mark.celery

MONTHS = "2019-01:2019-02"
TRAINED = "2019-02"
SAME = {"sample_rows": 2000, "families": "zone_pair_median,ridge,lightgbm", "bootstrap_rounds": 100, "months": MONTHS}
CHOSEN = {f"TAXI_{name.upper()}": str(value) for name, value in SAME.items()}
MONTH_SECONDS = 900


@pytest.fixture
def alone(tmp_path: Path) -> Settings:
    """A home whose months went through the same phases in one process, without Airflow."""
    settings = settings_of(tmp_path / "alone", **SAME)
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("TAXI_", "MLFLOW_"))} | CHOSEN
    environment |= {"TAXI_HOME": str(settings.home), "TAXI_WAREHOUSE_URL": settings.warehouse, "PYTHONPATH": str(ROOT)}
    environment |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    subprocess.run([sys.executable, ROOT / "scripts/run_pipeline.py"], env=environment, check=True)
    return settings


@pytest.fixture
def cluster(tmp_path: Path, mysql_database: str) -> Iterator[Cluster]:
    """Two workers on a broker, a metadata database and a warehouse that are servers of their own."""
    if redis.find_server() is None or postgres.find_binary("initdb") is None:
        absent("Redis or PostgreSQL is not installed (Debian: redis-server, postgresql)")
    broker, database = redis.Redis(tmp_path).create(), postgres.Postgres().create()
    ports = {name: free_port() for name in ("airflow_port", "api_port", "mlflow_port")}
    settings = settings_of(tmp_path / "home", **SAME, **ports, warehouse_url=mysql_database)
    made = Cluster(settings, CHOSEN, broker.url, database.url)
    try:
        made.start()
        yield made
    finally:
        made.stop()
        broker.stop()
        database.stop()


def test_a_month_survives_the_loss_of_a_worker(alone: Settings, cluster: Cluster) -> None:
    settings = cluster.settings
    airflow = connect(settings)
    declare(settings, airflow)
    until(lambda: set(cluster.taken()) == set(WORKERS), 120, "two workers that answer")
    with ThreadPoolExecutor(1) as pool:
        months = pool.submit(backfill, settings, airflow, settings.months)
        until(lambda: months.done() or fits_on(cluster, WORKERS[0]), MONTH_SECONDS, "a fit on the worker", pause=0.1)
        assert not months.done(), "the months ended before a fit was seen on the worker that was to be lost"
        taken = cluster.taken()
        cluster.lose(WORKERS[0])
        runs = months.result()
    assert set(taken) == set(WORKERS)
    assert all(taken.values())
    assert {month: run["state"] for month, run in runs.items()} == dict.fromkeys(runs, "success")
    assert "train.fit_family" in retried(cluster), "the lost worker's fit was done again"
    assert results(settings, TRAINED) == results(alone, TRAINED)
    assert leftovers(settings) == []


def fits_on(cluster: Cluster, worker: str) -> bool:
    """The worker fits a family. Any task would not do: the months' data phases are tried again too."""
    own = members(cluster.parts[worker].pid).keys()
    running = {task: process for task, process in task_processes().items() if process in own}
    return bool(running) and any(
        one["id"] in running for one in instances(cluster) if one["task_id"] == "train.fit_family"
    )


def retried(cluster: Cluster) -> set[str]:
    """Tasks of the months that needed more than one try."""
    return {one["task_id"] for one in instances(cluster) if one["try_number"] > 1 and one["state"] == "success"}


def instances(cluster: Cluster) -> list[dict[str, Any]]:
    """The task instances of all months, as Airflow's API tells of them."""
    airflow = connect(cluster.settings)
    base = f"/api/v2/dags/nyc_taxi_{cluster.settings.service}_monthly/dagRuns"
    told = airflow.get(f"{base}/~/taskInstances", params={"limit": 100}).raise_for_status().json()
    return list(told["task_instances"])
