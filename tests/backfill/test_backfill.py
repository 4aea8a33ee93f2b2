"""Months on a platform of their own: side by side and yet as one after the other, killed, repeated, cleared, awaited.

Takes about ten minutes on two cores that have nothing else to do: `make test-backfill`.
"""

from __future__ import annotations

import itertools
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from include.config import ROOT, Settings
from include.ingestion.sample import write_month
from include.lake import Lake
from include.models.bundle import model_name, read_pointer
from include.pipeline import run_month
from include.trips.month import Month, parse_months
from include.warehouse.engine import get_engine
from include.warehouse.tables import PROMOTIONS
from scripts.platform_airflow import connect, dag_id
from scripts.platform_backfill import newest_runs, wait_for_runs
from scripts.platform_env import BIN
from tests.homes import settings_of
from tests.servers.mariadb import free_port

pytestmark = pytest.mark.e2e
SMALL = {"families": "zone_pair_median,ridge", "bootstrap_rounds": 100}
STAGES = ("landing", "raw", "clean", "quarantine", "features")
PORTS = ("airflow_port", "api_port", "mlflow_port", "dashboard_port")
AWAITED = "ingest.await_publication"
PATIENCE = 900


@dataclass
class Platform:
    """A home with its services; each service's months are a backfill of their own."""

    settings: Settings

    def of(self, service: str, months: str) -> Settings:
        return self.settings.model_copy(update={"service": service, "months": parse_months(months)})

    def start(self, service: str, months: str) -> subprocess.Popen[str]:
        """`make backfill`, or `make stop` without months; the environment is not looked after."""
        env = {k: v for k, v in os.environ.items() if not k.startswith("TAXI_") and k != "MLFLOW_TRACKING_URI"}
        names = (*PORTS, "home", "source", "schedule_from", "look_every_s")
        chosen = {**SMALL, **{name: getattr(self.settings, name) for name in names}}
        env |= {f"TAXI_{name.upper()}": str(value) for name, value in chosen.items()}
        env |= {"TAXI_SERVICE": service, "TAXI_MONTHS": months or "2019-01", "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "scripts.platform_run", "backfill" if months else "stop"]
        return subprocess.Popen(command, env=env, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def backfill(self, service: str, months: str) -> str:
        process = self.start(service, months)
        said, _ = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, said
        return said


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with months as a publisher has them."""
    folder = tmp_path_factory.mktemp("source")
    for service, months in (("yellow", "2019-01"), ("green", "2019-01:2019-04"), ("fhvhv", "2019-02:2019-06")):
        for month in parse_months(months):
            publish(folder, service, month)
    return folder


def publish(folder: Path, service: str, month: Month) -> None:
    write_month(folder / f"{service}_tripdata_{month}.parquet", service, month, rows=4000, seed=1)


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory, source: Path) -> Iterator[Platform]:
    """Its schedule begins in time for one run of each service, which waits for a month that nobody published."""
    chosen: dict[str, Any] = {name: free_port() for name in PORTS}
    chosen |= {"source": str(source), "look_every_s": 2, "schedule_from": datetime.now(UTC).date() - timedelta(days=62)}
    made = Platform(settings_of(tmp_path_factory.mktemp("platform") / "home", **SMALL, **chosen))
    yield made
    made.start("yellow", "").communicate(timeout=120)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, source: Path) -> Callable[..., Settings]:
    """A home whose months went through the same steps in one process, one after the other."""

    def made(service: str, months: str, train: str) -> Settings:
        settings = settings_of(tmp_path_factory.mktemp(f"one_{service}") / "home", **SMALL, source=str(source))
        listed = parse_months(months)
        for month in listed:
            run_month(service, str(month), train, settings, str(listed[-1]) if train == "newest" else "")
        return settings

    return made


def lake_of(settings: Settings, service: str, months: str) -> dict[str, str]:
    """Stage and month -> content hash."""
    lake = Lake(settings.lake)
    return {f"{stage} {month}": lake.require(stage, service, month).sha256
            for month in parse_months(months) for stage in STAGES}  # fmt: skip


def decisions_of(settings: Settings, service: str) -> list[tuple[str, ...]]:
    """Model, month, action and family of each decision, and each champion's card."""
    query = select(PROMOTIONS.c.model_name, PROMOTIONS.c.test_month, PROMOTIONS.c.summary)
    with get_engine(settings).connect() as connection:
        rows = [(name, month, *(json.loads(told)[key] for key in ("action", "family", "reason")))
                for name, month, told in connection.execute(query) if service in name]  # fmt: skip
    pointers = [read_pointer(settings.lake, model_name(service, target)) for target in ("duration_min", "fare_usd")]
    return sorted(rows) + [("champion", p.card_sha256) for p in pointers if p]


def until(reached: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not reached():
        assert time.monotonic() < deadline
        time.sleep(2)


def tasks_of(airflow: httpx.Client, run: dict[str, Any]) -> dict[str, dict[str, Any]]:
    place = f"/api/v2/dags/{run['dag_id']}/dagRuns/{run['dag_run_id']}/taskInstances"
    found = airflow.get(place, params={"limit": 100}).raise_for_status().json()["task_instances"]
    return {task["task_id"]: task for task in found}


def test_months_side_by_side_that_all_train_end_as_one_after_the_other(
    platform: Platform, undisturbed: Callable[..., Settings]
) -> None:
    months = "2019-01:2019-04"
    platform.backfill("yellow", "2019-01")  # brings the services up
    green = platform.of("green", months)
    airflow = connect(green)
    form = {"dag_id": dag_id(green), "from_date": "2019-01-01T00:00:00Z", "to_date": "2019-04-28T00:00:00Z",
            "max_active_runs": 3, "reprocess_behavior": "none", "dag_run_conf": {"train": "always"}}  # fmt: skip
    airflow.post("/api/v2/backfills", json=form).raise_for_status()
    runs = wait_for_runs(green, airflow, green.months)
    assert {run["state"] for run in runs.values()} == {"success"}
    tasks = [tasks_of(airflow, runs[str(month)]) for month in green.months]
    assert tasks[1]["ingest.land_month"]["start_date"] < tasks[0]["features.validate_feature_month"]["end_date"]
    for before, after in itertools.pairwise(tasks):
        assert before["register.report_registered"]["end_date"] <= after["train.plan_training"]["start_date"]
    alone = undisturbed("green", months, "always")
    assert lake_of(green, "green", months) == lake_of(alone, "green", months)
    assert decisions_of(green, "green") == decisions_of(alone, "green")


def test_a_killed_scheduler_and_command_end_as_an_undisturbed_backfill(
    platform: Platform, undisturbed: Callable[..., Settings]
) -> None:
    months = "2019-02:2019-06"
    fhvhv = platform.of("fhvhv", months)
    first = platform.start("fhvhv", months)
    airflow = connect(fhvhv)
    wait_for_runs(fhvhv, airflow, (Month(2019, 2),))
    first.kill()
    os.kill(process_of(fhvhv, "airflow-scheduler"), signal.SIGKILL)
    states = {m: r["state"] for m, r in newest_runs(airflow, dag_id(fhvhv), {str(m) for m in fhvhv.months}).items()}
    assert "running" in states.values()
    assert "under way" in platform.backfill("fhvhv", months)
    alone = undisturbed("fhvhv", months, "newest")
    assert lake_of(fhvhv, "fhvhv", months) == lake_of(alone, "fhvhv", months)
    assert decisions_of(fhvhv, "fhvhv") == decisions_of(alone, "fhvhv")


def process_of(settings: Settings, service: str) -> int:
    config = settings.home / "run" / "supervisord.conf"
    command = [str(BIN / "supervisorctl"), "-c", str(config), "pid", service]
    return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def test_a_repeated_backfill_and_a_cleared_month_change_nothing(platform: Platform) -> None:
    months = "2019-02:2019-06"
    fhvhv = platform.of("fhvhv", months)
    before = lake_of(fhvhv, "fhvhv", months), decisions_of(fhvhv, "fhvhv")
    assert "5 done; all are looked at again" in platform.backfill("fhvhv", months)
    assert (lake_of(fhvhv, "fhvhv", months), decisions_of(fhvhv, "fhvhv")) == before
    airflow = connect(fhvhv)
    run = newest_runs(airflow, dag_id(fhvhv), {"2019-03"})["2019-03"]
    place = f"/api/v2/dags/{run['dag_id']}/dagRuns/{run['dag_run_id']}"
    airflow.post(f"{place}/clear", json={"dry_run": False}).raise_for_status()
    until(lambda: airflow.get(place).json()["state"] == "success")
    assert tasks_of(airflow, run)["train.plan_training"]["state"] == "skipped"
    assert (lake_of(fhvhv, "fhvhv", months), decisions_of(fhvhv, "fhvhv")) == before


def test_a_scheduled_run_waits_in_the_triggerer_alone_and_outlives_it(platform: Platform, source: Path) -> None:
    yellow = platform.of("yellow", "2019-01")
    airflow = connect(yellow)
    (run,) = airflow.get(
        f"/api/v2/dags/{dag_id(yellow)}/dagRuns", params={"run_type": "scheduled"}
    ).raise_for_status().json()["dag_runs"]  # fmt: skip
    until(lambda: tasks_of(airflow, run)[AWAITED]["state"] == "deferred")
    os.kill(process_of(yellow, "airflow-triggerer"), signal.SIGKILL)
    publish(source, "yellow", Month.parse(run["partition_key"]))
    until(lambda: tasks_of(airflow, run)["ingest.ingest_month"]["state"] == "success")
    said = airflow.get(
        f"/api/v2/dags/{run['dag_id']}/dagRuns/{run['dag_run_id']}/taskInstances/{AWAITED}/xcomEntries/return_value",
        params={"deserialize": True},
    )
    assert said.json()["value"]["state"] == "published"
