"""The platform's side of Airflow's REST API: sign in, say what a run did and what failed."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console

from include.config import Settings
from include.errors import TaxiError

START_SECONDS = 240
PAGE = 100
console = Console(highlight=False)


def connect(settings: Settings) -> httpx.Client:
    """A signed-in client of Airflow's API once the DAG of the service is there."""
    client = httpx.Client(base_url=f"http://{settings.bind}:{settings.airflow_port}", timeout=60)
    login = {"username": settings.admin_user, "password": settings.admin_password.get_secret_value()}

    def ready() -> bool:
        answer = client.post("/auth/token", json=login)
        if answer.status_code >= 400:
            return False
        client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        switched_on = client.patch(f"/api/v2/dags/{dag_id(settings)}", json={"is_paused": False})
        return switched_on.status_code == httpx.codes.OK

    wait(ready, START_SECONDS, f"Airflow did not come up; see {settings.home}/logs/airflow-*.log")
    return client


def failures(settings: Settings, airflow: httpx.Client, run: dict[str, Any]) -> list[tuple[str, str, Path]]:
    """(task, what it said, its log) of each failed task of a run."""
    base = f"/api/v2/dags/{run['dag_id']}/dagRuns/{run['dag_run_id']}/taskInstances"
    folder = settings.home / "airflow" / "logs" / f"dag_id={run['dag_id']}" / f"run_id={run['dag_run_id']}"
    found = []
    for instance in airflow.get(base, params={"limit": PAGE}).raise_for_status().json()["task_instances"]:
        if instance["state"] == "failed":
            mapped = "" if instance["map_index"] < 0 else f"map_index={instance['map_index']}"
            log = folder / f"task_id={instance['task_id']}" / mapped / f"attempt={instance['try_number']}.log"
            found.append((instance["task_id"], last_error(log), log))
    return found


def last_error(log: Path) -> str:
    """The message of the last exception in a task's log; a hint to look there when it holds none."""
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    for line in reversed(lines):
        if '"error_detail"' in line:
            return str(json.loads(line)["error_detail"][0]["exc_value"])
    return "ended without a message (killed, or out of memory?)"


def outcome(airflow: httpx.Client, run: dict[str, Any]) -> str:
    """What a run found to do: `unchanged` when every data phase did, else the run's state."""
    if run["state"] != "success":
        return str(run["state"])
    base = f"/api/v2/dags/{run['dag_id']}/dagRuns/{run['dag_run_id']}/taskInstances"
    said = []
    for task in ("ingest.land_month", "ingest.ingest_month", "validate.clean_month", "features.build_feature_month"):
        answer = airflow.get(f"{base}/{task}/xcomEntries/return_value", params={"deserialize": True})
        value = answer.json().get("value") if answer.status_code == httpx.codes.OK else None
        said.append(value.get("status") if isinstance(value, dict) else None)
    return "unchanged" if set(said) == {"unchanged"} else "done"


def dag_id(settings: Settings) -> str:
    """The DAG of the settings' service."""
    return f"nyc_taxi_{settings.service}_monthly"


def wait(done: Callable[[], bool], seconds: float, otherwise: str, pause: float = 1.0) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if done():
                return
        except httpx.HTTPError:
            pass
        time.sleep(pause)
    raise TaxiError(f"{otherwise} (waited {seconds:.0f} s).")
