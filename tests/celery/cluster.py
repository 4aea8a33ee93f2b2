"""Airflow as several machines would run it: CeleryExecutor, Redis, PostgreSQL, two workers."""

from __future__ import annotations

import base64
import os
import re
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from include.config import ROOT, Settings
from scripts.platform_env import AIRFLOW_PARTS, BIN, commands, service_environment, write_configuration
from tests.drills.processes import members
from tests.servers.mariadb import free_port

WORKERS = ("one", "two")


@dataclass
class Cluster:
    """Every part is the leader of a session of its own, so that all that it starts can be found and ended.

    `chosen` are the variables that say what `settings` say.
    """

    settings: Settings
    chosen: Mapping[str, str]
    broker: str
    database: str
    fernet_key: str = field(default_factory=lambda: base64.urlsafe_b64encode(os.urandom(32)).decode())
    parts: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """What all parts share: secrets, addresses, the broker, and how long a task may be out of sight."""
        given = {k: v for k, v in service_environment(self.settings).items() if not re.match("TAXI_(?!HOME|SCH)", k)}
        given |= self.chosen
        return given | {
            "TAXI_WAREHOUSE_URL": self.settings.warehouse,
            "AIRFLOW__CORE__EXECUTOR": "CeleryExecutor",
            "AIRFLOW__CORE__FERNET_KEY": self.fernet_key,
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": self.database,
            "AIRFLOW__CELERY__BROKER_URL": self.broker,
            "AIRFLOW__CELERY__RESULT_BACKEND": f"db+{self.database}",
            "AIRFLOW__CELERY__WORKER_CONCURRENCY": "2",
            "AIRFLOW__CELERY_BROKER_TRANSPORT_OPTIONS__VISIBILITY_TIMEOUT": "14400",
            "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "30",
            "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "5",
        }

    def start(self) -> None:
        """The database's schema, then MLflow, Airflow's parts and two workers."""
        write_configuration(self.settings)
        subprocess.run([BIN / "airflow", "db", "migrate"], env=self.environment, check=True, capture_output=True)
        self._start("mlflow", commands(self.settings)["mlflow"])
        for part in AIRFLOW_PARTS:
            self._start(part, [str(BIN / "airflow"), part])
        for name in WORKERS:
            # Both serve their logs on this machine, so each needs a port.
            self._start(name, [str(BIN / "airflow"), "celery", "worker", "--celery-hostname", name],
                        AIRFLOW__LOGGING__WORKER_LOG_SERVER_PORT=str(free_port()))  # fmt: skip

    def _start(self, name: str, command: list[str], **more: str) -> None:
        with (self.settings.home / "logs" / f"{name}.log").open("ab") as log:
            environment = self.environment | more
            self.parts[name] = subprocess.Popen(
                command, env=environment, cwd=ROOT, stdout=log, stderr=log, start_new_session=True
            )

    def taken(self) -> dict[str, int]:
        """Worker -> tasks that it has taken from the broker since it began, as the workers say."""
        from celery import Celery

        told: dict[str, Any] = Celery(broker=self.broker).control.inspect(timeout=5).stats() or {}
        return {name.removeprefix("celery@"): sum(stats["total"].values()) for name, stats in told.items()}

    def lose(self, name: str) -> None:
        """Ends a part and all that it started at once, as when its machine loses power."""
        while left := members(self.parts[name].pid):
            for pid in left:
                _kill(pid)
        self.parts[name].wait(60)

    def stop(self) -> None:
        """Asks every part to end, then makes it."""
        for process in self.parts.values():
            process.terminate()
        for name, process in self.parts.items():
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
            self.lose(name)

    def log_of(self, name: str) -> Path:
        """Where a part writes."""
        return self.settings.home / "logs" / f"{name}.log"


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
