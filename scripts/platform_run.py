"""`make run`: all services of one home under a supervisor, the months through Airflow, a summary."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console

from include.config import Settings, get_settings
from include.errors import TaxiError
from include.trips.month import contiguous
from scripts.platform_env import BIN, service_environment, write_configuration
from scripts.platform_summary import print_summary

START_SECONDS, MONTH_SECONDS = 240, 1200
FINISHED = {"success", "failed"}
console = Console(highlight=False)


def main() -> None:
    """`run`, `stop`, `status` or `logs`; exit code 1 with one sentence when it cannot be done."""
    commands: dict[str, Callable[[Settings], None]] = {"run": run, "stop": stop, "status": status, "logs": logs}
    try:
        commands[sys.argv[1]](get_settings())
    except (TaxiError, ValueError) as error:
        sys.exit(f"error: {error}")


def run(settings: Settings) -> None:
    """Starts what is not up, backfills TAXI_MONTHS through Airflow, waits, prints the summary."""
    settings.refuse_development_login()
    settings.refuse_open_api()
    started = time.monotonic()
    start_services(settings)
    airflow = wait_for_airflow(settings)
    backfill(settings, airflow)
    runs = wait_for_runs(settings, airflow)
    print_summary(settings, runs, time.monotonic() - started)
    failed = [run for run in runs.values() if run["state"] != "success"]
    if failed:
        _explain_failures(settings, airflow, failed)


def start_services(settings: Settings) -> None:
    """Supervisor, Airflow, MLflow and API; refuses when another process holds a port."""
    config = write_configuration(settings)
    if _supervisorctl(settings, "pid").returncode == 0:
        console.print(f"services of {settings.home} are up")
        return
    for name in ("airflow", "api", "mlflow"):
        port = getattr(settings, f"{name}_port")
        with socket.socket() as probe:
            if probe.connect_ex((settings.bind, port)) == 0:
                raise TaxiError(
                    f"Port {port} for {name} is in use by another process: stop it (make stop, with the TAXI_HOME it "
                    f"was started with), or choose another with TAXI_{name.upper()}_PORT."
                )
    console.print(f"starting Airflow, MLflow and the API; state in {settings.home}")
    subprocess.run([f"{BIN}/supervisord", "-c", config], env=service_environment(settings), check=True)


def wait_for_airflow(settings: Settings) -> httpx.Client:
    """A signed-in client of Airflow's API once the DAG of the service is there."""
    client = httpx.Client(base_url=f"http://{settings.bind}:{settings.airflow_port}", timeout=60)
    login = {"username": settings.admin_user, "password": settings.admin_password.get_secret_value()}

    def ready() -> bool:
        answer = client.post("/auth/token", json=login)
        if answer.status_code >= 400:
            return False
        client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        found = client.get(f"/api/v2/dags/{dag_id(settings)}")
        return found.status_code == httpx.codes.OK

    _wait(ready, START_SECONDS, f"Airflow did not come up; see {settings.home}/logs/airflow.log")
    client.patch(f"/api/v2/dags/{dag_id(settings)}", json={"is_paused": False}).raise_for_status()
    return client


def backfill(settings: Settings, airflow: httpx.Client) -> None:
    """One Airflow backfill per run of months without a gap, one month at a time; only the newest month trains."""
    for first, last in contiguous(settings.months):
        body = {
            "dag_id": dag_id(settings), "from_date": f"{first}-01T00:00:00Z", "to_date": f"{last}-28T00:00:00Z",
            "max_active_runs": 1, "reprocess_behavior": "completed",
            "dag_run_conf": {"train": "newest", "newest_month": str(settings.months[-1])},
        }  # fmt: skip
        answer = airflow.post("/api/v2/backfills", json=body)
        if answer.status_code >= 400:
            raise TaxiError(f"Airflow refused the backfill {first}:{last}: {answer.text[:500]}")
        _wait_for_backfill(airflow, answer.json()["id"], first, last)


def _wait_for_backfill(airflow: httpx.Client, backfill_id: int, first: Any, last: Any) -> None:
    seen: set[str] = set()

    def complete() -> bool:
        answer = airflow.get("/api/v2/dags/~/dagRuns", params={"limit": 200, "order_by": "-id"}).json()
        for run in answer["dag_runs"]:
            mark = f"{run['partition_key']} {run['state']}"
            if run["run_type"] == "backfill" and mark not in seen and run["state"] != "queued":
                seen.add(mark)
                console.print(f"  {time.strftime('%H:%M:%S')}  {run['dag_id']}  {mark}")
        return airflow.get(f"/api/v2/backfills/{backfill_id}").json()["completed_at"] is not None

    _wait(complete, MONTH_SECONDS * 12, f"The backfill {first}:{last} did not end", pause=3)


def wait_for_runs(settings: Settings, airflow: httpx.Client) -> dict[str, dict[str, Any]]:
    """month -> its newest run, once all have ended."""
    runs: dict[str, dict[str, Any]] = {}

    def ended() -> bool:
        answer = airflow.get(f"/api/v2/dags/{dag_id(settings)}/dagRuns", params={"limit": 200, "order_by": "id"})
        runs.update({run["partition_key"]: run for run in answer.json()["dag_runs"]})
        return all(runs.get(str(m), {}).get("state") in FINISHED for m in settings.months)

    _wait(ended, MONTH_SECONDS, "Some months have no finished run")
    return {str(month): runs[str(month)] for month in settings.months}


def _explain_failures(settings: Settings, airflow: httpx.Client, failed: list[dict[str, Any]]) -> None:
    for run in failed:
        base = f"/api/v2/dags/{run['dag_id']}/dagRuns/{run['dag_run_id']}/taskInstances"
        for instance in airflow.get(base).json()["task_instances"]:
            if instance["state"] == "failed":
                log = settings.home / "airflow" / "logs" / f"dag_id={run['dag_id']}" / f"run_id={run['dag_run_id']}"
                console.print(f"failed: {run['partition_key']} {instance['task_id']}; log under "
                              f"{log}/task_id={instance['task_id']}", soft_wrap=True)  # fmt: skip
    sys.exit(1)


def dag_id(settings: Settings) -> str:
    """The DAG of the settings' service."""
    return f"nyc_taxi_{settings.service}_monthly"


def stop(settings: Settings) -> None:
    """Ends the supervisor and with it every service of this home."""
    answer = _supervisorctl(settings, "pid")
    if answer.returncode != 0:
        console.print(f"no services of {settings.home} are up")
        return
    supervisor = Path("/proc", answer.stdout.strip())
    _supervisorctl(settings, "shutdown")
    _wait(lambda: not supervisor.exists(), 60, "The supervisor did not end")
    console.print("stopped")


def status(settings: Settings) -> None:
    """The supervisor's table of services."""
    answer = _supervisorctl(settings, "status")
    console.print(answer.stdout.strip() if answer.stdout else f"no services of {settings.home} are up")


def logs(settings: Settings) -> None:
    """The last lines of every service's log."""
    for path in sorted((settings.home / "logs").glob("*.log")):
        console.print(f"== {path}")
        console.print("\n".join(path.read_text(errors="replace").splitlines()[-20:]), markup=False)


def _supervisorctl(settings: Settings, *command: str) -> subprocess.CompletedProcess[str]:
    config = settings.home / "run" / "supervisord.conf"
    return subprocess.run([f"{BIN}/supervisorctl", "-c", config, *command], capture_output=True, text=True, check=False)


def _wait(done: Callable[[], bool], seconds: float, otherwise: str, pause: float = 1.0) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if done():
                return
        except httpx.HTTPError:
            pass
        time.sleep(pause)
    raise TaxiError(f"{otherwise} (waited {seconds:.0f} s).")


if __name__ == "__main__":
    main()
