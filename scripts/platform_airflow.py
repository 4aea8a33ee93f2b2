"""The platform's side of Airflow's REST API: sign in, backfill months, wait for them, say what failed."""

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
from include.trips.month import Month, contiguous, month_range
from scripts.airflow_declared import pools, read_declared

START_SECONDS, MONTH_SECONDS = 240, 1200
PAGE, MOST_RUNS = 100, 10_000
FINISHED = {"success", "failed"}
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


def declare_pools(airflow: httpx.Client) -> None:
    """The pools of `airflow_settings.yaml`, made or brought up to date: a task in an unknown pool never starts."""
    for name, pool in pools(read_declared()).items():
        answer = airflow.post("/api/v2/pools", json={"name": name, **pool})
        if answer.status_code == httpx.codes.CONFLICT:
            answer = airflow.patch(f"/api/v2/pools/{name}", json={"pool": name, **pool})
        answer.raise_for_status()


def backfill(settings: Settings, airflow: httpx.Client) -> dict[str, dict[str, Any]]:
    """One Airflow backfill per run of months without a gap, one month at a time; only the newest month trains.

    Gives month -> its run, ended.
    """
    runs: dict[str, dict[str, Any]] = {}
    for first, last in contiguous(settings.months):
        body = {
            "dag_id": dag_id(settings), "from_date": f"{first}-01T00:00:00Z", "to_date": f"{last}-28T00:00:00Z",
            "max_active_runs": 1, "reprocess_behavior": "completed",
            "dag_run_conf": {"train": "newest", "newest_month": str(settings.months[-1])},
        }  # fmt: skip
        backfill_id = _submit(airflow, body)
        try:
            runs |= wait_for_runs(settings, airflow, month_range(first, last))
        except (KeyboardInterrupt, TaxiError):
            airflow.put(f"/api/v2/backfills/{backfill_id}/cancel")
            console.print(f"backfill {first}:{last} is cancelled; a month that has begun ends by itself")
            raise
    return runs


def _submit(airflow: httpx.Client, body: dict[str, Any]) -> int:
    """The backfill's number. Airflow takes one a DAG at a time, and keeps a finished one open for half a minute."""
    made: list[int] = []

    def accepted() -> bool:
        answer = airflow.post("/api/v2/backfills", json=body)
        if answer.status_code == httpx.codes.CONFLICT:
            return False
        if answer.status_code >= 400:
            raise TaxiError(f"Airflow refused the backfill of {body['dag_id']}: {answer.text[:500]}")
        made.append(int(answer.json()["id"]))
        return True

    wait(accepted, START_SECONDS, f"Another backfill of {body['dag_id']} is running; see Airflow's Backfills")
    return made[0]


def wait_for_runs(settings: Settings, airflow: httpx.Client, months: tuple[Month, ...]) -> dict[str, dict[str, Any]]:
    """month -> its newest run, once all have ended; shows each change of state while it waits."""
    runs: dict[str, dict[str, Any]] = {}
    seen: set[tuple[str, str]] = set()

    def ended() -> bool:
        runs.update(_newest_runs(airflow, dag_id(settings), {str(month) for month in months}))
        held = {str(m): runs[str(m)]["state"] for m in months if str(m) in runs}
        for month, state in sorted(held.items()):
            if (month, state) not in seen and state != "queued":
                seen.add((month, state))
                console.print(f"  {time.strftime('%H:%M:%S')}  {dag_id(settings)}  {month} {state}")
        return len(held) == len(months) and set(held.values()) <= FINISHED

    wait(ended, MONTH_SECONDS * len(months), "Some months have no finished run; see Airflow", pause=2)
    return {str(month): runs[str(month)] for month in months}


def _newest_runs(airflow: httpx.Client, dag: str, months: set[str]) -> dict[str, dict[str, Any]]:
    """month -> its newest backfill run; Airflow gives at most a hundred a page, newest first here."""
    found: dict[str, dict[str, Any]] = {}
    for offset in range(0, MOST_RUNS, PAGE):
        query: dict[str, str | int] = {"limit": PAGE, "offset": offset, "order_by": "-id", "run_type": "backfill"}
        page = airflow.get(f"/api/v2/dags/{dag}/dagRuns", params=query).raise_for_status().json()["dag_runs"]
        for run in page:
            if run["partition_key"] in months:
                found.setdefault(run["partition_key"], run)
        if len(page) < PAGE or len(found) == len(months):
            break
    return found


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
