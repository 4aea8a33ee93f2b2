"""Processes die; the platform goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from typing import Any

import httpx
import pytest

from include.config import Settings
from scripts.clean_start import leftovers, mark_of
from scripts.platform_airflow import connect, dag_id
from scripts.platform_backfill import FINISHED
from scripts.platform_env import BIN
from tests.drills.processes import kill, task_processes, until
from tests.drills.results import leftovers as leftovers_in_lake
from tests.drills.results import results

pytestmark = pytest.mark.e2e


def process_of(settings: Settings, service: str) -> int:
    """The service's process, as the supervisor of this home knows it."""
    config = settings.home / "run" / "supervisord.conf"
    told = subprocess.run(
        [BIN / "supervisorctl", "-c", config, "pid", service], capture_output=True, text=True, check=True
    )
    return int(told.stdout.strip())


def quote(settings: Settings, seconds: float) -> httpx.Response:
    """An answer of the API, waiting so long for it to come up."""
    trip = {"service": settings.service, "pickup_zone": 74, "dropoff_zone": 75,
            "pickup_datetime": f"{settings.months[-1]}-14T18:30:00"}  # fmt: skip
    deadline = time.monotonic() + seconds
    while True:
        try:
            return httpx.post(f"http://127.0.0.1:{settings.api_port}/predict", json=trip).raise_for_status()
        except httpx.HTTPError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)


def test_a_killed_api_comes_back_with_the_same_answer(running: Settings) -> None:
    before, victim = quote(running, 30).json(), process_of(running, "api")
    os.kill(victim, signal.SIGKILL)
    after = quote(running, 60).json()
    assert process_of(running, "api") != victim
    assert {k: v for k, v in after.items() if k != "request_id"} == {
        k: v for k, v in before.items() if k != "request_id"
    }


def test_a_killed_mlflow_gets_its_port_back_from_the_children_it_left(running: Settings) -> None:
    victim = process_of(running, "mlflow")
    children = set(leftovers(mark_of(running.home, "mlflow")))
    os.kill(victim, signal.SIGKILL)
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        time.sleep(1)
        after = set(leftovers(mark_of(running.home, "mlflow")))
        if after and not after & children and answers(f"http://127.0.0.1:{running.mlflow_port}/health"):
            break
    assert process_of(running, "mlflow") != victim
    assert not set(leftovers(mark_of(running.home, "mlflow"))) & children
    assert answers(f"http://127.0.0.1:{running.mlflow_port}/health")


def test_a_killed_task_is_done_again_and_the_month_stays_as_it_was(running: Settings) -> None:
    month, airflow = str(running.months[-1]), connect(running)
    before, runs = results(running, month), f"/api/v2/dags/{dag_id(running)}/dagRuns"
    order = {"logical_date": None, "partition_key": month, "conf": {"train": "never"}}
    run = airflow.post(runs, json=order).raise_for_status().json()["dag_run_id"]

    def instances() -> dict[str, dict[str, Any]]:
        told = airflow.get(f"{runs}/{run}/taskInstances", params={"limit": 100}).raise_for_status().json()
        return {one["id"]: one for one in told["task_instances"]}

    mine = until(instances, 30, "the run's tasks")
    victim = until(lambda: task_processes().keys() & mine.keys(), 60, "a running task", pause=0.01).pop()
    kill(task_processes()[victim])
    until(lambda: airflow.get(f"{runs}/{run}").json()["state"] in FINISHED, 180, "the run's end", pause=1)
    after = {one["task_id"]: one for one in instances().values()}
    assert (after[mine[victim]["task_id"]]["state"], after[mine[victim]["task_id"]]["try_number"]) == ("success", 2)
    assert airflow.get(f"{runs}/{run}").json()["state"] == "success"
    assert results(running, month) == before
    assert leftovers_in_lake(running) == []


def answers(address: str) -> bool:
    try:
        return httpx.get(address, timeout=5).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False
