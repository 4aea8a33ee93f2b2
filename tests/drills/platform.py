"""A platform of the drills' own, started as `make run` starts it: one home, free ports, real processes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from include.config import ROOT, Settings
from scripts.platform_airflow import dag_id
from scripts.platform_env import BIN, service_environment
from tests.drills.processes import kill, members, task_processes, until
from tests.drills.witness import quote
from tests.homes import settings_of

WEAK, STRONG = "zone_pair_median,ridge", "zone_pair_median,ridge,lightgbm"
"""Families of the months that give a champion, and of the month in which a better one is promoted."""
MONTH_SECONDS, START_SECONDS = 900, 240
IMPATIENT = {
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "30",
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "5",
    "AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": "15",
}
"""A dead process is given up after half a minute instead of five; nothing else of Airflow differs."""


@dataclass
class Platform:
    """One home and its services. `chosen` are settings by variable, e.g. {"TAXI_SOURCE": "/data"}."""

    home: Path
    ports: tuple[int, int, int]
    chosen: Mapping[str, str] = field(default_factory=dict)
    session: int = 0

    @property
    def variables(self) -> dict[str, str]:
        """What `make run` is told."""
        airflow, api, mlflow = map(str, self.ports)
        return {
            "TAXI_HOME": str(self.home), "TAXI_AIRFLOW_PORT": airflow, "TAXI_API_PORT": api,
            "TAXI_MLFLOW_PORT": mlflow, "TAXI_ENV": "development", "TAXI_BIND": "127.0.0.1", "TAXI_SERVICE": "yellow",
            "TAXI_SOURCE": "sample", "TAXI_SAMPLE_ROWS": "3000", "TAXI_FAMILIES": STRONG,
            "TAXI_BOOTSTRAP_ROUNDS": "100", "TAXI_RELOAD_SECONDS": "1",
            "TAXI_WAREHOUSE_URL": f"sqlite:///{self.home}/warehouse.db", **self.chosen,
        }  # fmt: skip

    @property
    def settings(self) -> Settings:
        """The same as an object."""
        given = {name.removeprefix("TAXI_").lower(): value for name, value in self.variables.items()}
        return settings_of(**given)  # type: ignore[arg-type]

    @contextmanager
    def month(self, *months: str, **chosen: str) -> Iterator[Run]:
        """`make run` over these months, under way, with the API up; ended with its services when the block is left."""
        log = self.home.parent / f"{months[-1]}.{time.time_ns()}.log"
        with log.open("wb") as out:
            environment = self._environment(months) | chosen
            process = subprocess.Popen(self._command("run"), env=environment, stdout=out, stderr=out)
        run = Run(self, process, log)
        try:
            until(lambda: self.answers() or process.poll() is not None, START_SECONDS, f"the API, see {log}")
            self.session = int(self.supervisor("pid"))
            yield run
        finally:
            process.terminate()
            process.wait(60)
            self.stop()

    def in_one_process(self, *months: str, **chosen: str) -> None:
        """`make pipeline` over these months: the same phases without Airflow."""
        environment = self._environment(months) | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"} | chosen
        subprocess.run([sys.executable, ROOT / "scripts/run_pipeline.py"], env=environment, check=True)

    def migrate(self) -> None:
        """Airflow's database, which no drill then has to wait for."""
        environment = service_environment(self.settings)
        subprocess.run([BIN / "airflow", "db", "migrate"], env=environment, capture_output=True, check=True)

    def stop(self) -> None:
        """`make stop`."""
        subprocess.run(self._command("stop"), env=self._environment(()), capture_output=True, check=True)

    def orphans(self) -> dict[int, str]:
        """Processes that outlived `make stop`."""
        return members(self.session)

    def tasks(self) -> dict[str, int]:
        """Task instance -> the process that runs it, without the tasks of other homes on the machine."""
        ours = members(self.session)
        return {instance: pid for instance, pid in task_processes().items() if pid in ours}

    def supervisor(self, *command: str) -> str:
        """What the supervisor of this home answers."""
        words = [str(BIN / "supervisorctl"), "-c", str(self.home / "run" / "supervisord.conf"), *command]
        return subprocess.run(words, capture_output=True, text=True, check=False).stdout.strip()

    def process(self, service: str) -> int:
        """The process of a service, as the supervisor knows it; 0 while there is none."""
        told = self.supervisor("pid", service)
        return int(told) if told.isdigit() else 0

    def answers(self) -> bool:
        """The API answers, with a prediction once there are champions."""
        try:
            httpx.get(f"http://127.0.0.1:{self.ports[1]}/health", timeout=5).raise_for_status()
            return not (self.home / "lake" / "bundles").exists() or bool(quote(self.settings))
        except httpx.HTTPError:
            return False

    def _command(self, name: str) -> list[str]:
        return [sys.executable, "-m", "scripts.platform_run", name]

    def _environment(self, months: tuple[str, ...]) -> dict[str, str]:
        others = {k: v for k, v in os.environ.items() if not re.match("TAXI_|AIRFLOW|MLFLOW_", k)}
        return others | IMPATIENT | self.variables | {"TAXI_MONTHS": ",".join(months), "PYTHONPATH": str(ROOT)}


@dataclass
class Run:
    """A `make run` that is under way."""

    platform: Platform
    process: subprocess.Popen[bytes]
    log: Path
    known: dict[str, str] = field(default_factory=dict)

    @property
    def said(self) -> str:
        """What it wrote so far."""
        return self.log.read_text(errors="replace")

    def ends(self, well: bool = True, seconds: float = MONTH_SECONDS) -> str:
        """Waits for its end, which must be a good one, or else a failure; gives what it wrote."""
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"no end within {seconds:.0f} s:\n{self.said}") from None
        assert (code == 0) == well, f"exit code {code}:\n{self.said}"
        return self.said

    def instances(self) -> dict[str, str]:
        """Task instance -> task of the newest run, as Airflow's API tells of them; none while there is no such run."""
        base = f"/api/v2/dags/{dag_id(self.platform.settings)}/dagRuns"
        login = {"username": "admin", "password": "admin"}
        with httpx.Client(base_url=f"http://127.0.0.1:{self.platform.ports[0]}", timeout=60) as airflow:
            try:
                token = airflow.post("/auth/token", json=login).raise_for_status().json()["access_token"]
                airflow.headers["Authorization"] = f"Bearer {token}"
                newest = airflow.get(base, params={"order_by": "-id", "limit": 1}).raise_for_status().json()["dag_runs"]
                if not newest or newest[0]["state"] not in ("queued", "running"):
                    return {}
                told = airflow.get(f"{base}/{newest[0]['dag_run_id']}/taskInstances", params={"limit": 100})
            except httpx.HTTPError:
                return {}
            return {one["id"]: one["task_id"] for one in told.raise_for_status().json()["task_instances"]}

    def at_work(self, task: str) -> int:
        """The process that runs an instance of this task, as soon as there is one."""

        def found() -> int | None:
            running = self.platform.tasks()
            if not running.keys() <= self.known.keys():
                self.known |= self.instances()
            return next((pid for instance, pid in running.items() if self.known.get(instance) == task), None)

        return until(found, MONTH_SECONDS, f"a process of {task}; {self.log}", pause=0.02)

    def kill_at_work(self, task: str, after: float) -> None:
        """Ends the process of a running task so many seconds after it began."""
        victim = self.at_work(task)
        time.sleep(after)
        kill(victim)
