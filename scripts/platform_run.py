"""`make run` and `make backfill`: all services of one home under a supervisor, months through Airflow, a summary."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

import httpx

from include.config import Settings, get_settings
from include.errors import TaxiError
from include.ingestion.sources import refuse_absent_source
from include.utils.files import write_json
from include.utils.hashing import fingerprint
from scripts.airflow_apply import declare
from scripts.clean_start import end, leftovers, mark_of
from scripts.platform_airflow import connect, console, failures, outcome, wait
from scripts.platform_backfill import Runs, backfill, resume
from scripts.platform_env import BIN, commands, platform_keys, service_environment, write_configuration
from scripts.platform_summary import print_summary

STOP_SECONDS = 120
"""The supervisor ends one service after the other, and gives each ten seconds before it kills."""


def main() -> None:
    """`run`, `backfill`, `stop`, `status` or `logs`; exit code 1 with one sentence when it cannot be done."""
    commands: dict[str, Callable[[Settings], None]] = {
        "run": run, "backfill": backfill_months, "stop": stop, "status": status, "logs": logs,
    }  # fmt: skip
    try:
        commands[sys.argv[1]](get_settings())
    except KeyboardInterrupt:
        sys.exit("interrupted; the services stay up, make stop ends them")
    except httpx.HTTPError as fault:
        sys.exit(f"error: Airflow could not be asked ({fault!r}); make status and make logs show why, then call again")
    except (TaxiError, ValueError) as error:
        sys.exit(f"error: {error}")


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def run(settings: Settings) -> None:
    """Starts what is not up, sends every one of TAXI_MONTHS through Airflow, waits, prints the summary."""
    _through_airflow(settings, lambda airflow: backfill(settings, airflow, settings.months))


def backfill_months(settings: Settings) -> None:
    """The same, for many months: those that are done are not done again, and what was interrupted is resumed."""
    _through_airflow(settings, lambda airflow: resume(settings, airflow))


def _through_airflow(settings: Settings, months: Callable[[httpx.Client], Runs]) -> None:
    """Exit code 1 when a month failed, or the API does not answer with the champions."""
    signal.signal(signal.SIGTERM, _interrupt)
    settings.refuse_development_login()
    refuse_absent_source(settings)
    settings.refuse_open_api()
    started = time.monotonic()
    start_services(settings)
    airflow = connect(settings)
    declare(settings, airflow)
    if settings.approval:
        base = f"http://{settings.bind}:{settings.airflow_port}"
        console.print(f"TAXI_APPROVAL: a promotion waits for an answer at {base}/required_actions", soft_wrap=True)
    runs = months(airflow)
    failed = {month: run for month, run in sorted(runs.items()) if run["state"] != "success"}
    try:
        outcomes = {month: outcome(airflow, run) for month, run in sorted(runs.items())}
        answered = print_summary(settings, outcomes, time.monotonic() - started)
    finally:
        for month, run in failed.items():
            explain(settings, airflow, month, run)
    if failed or not answered:
        sys.exit(1)


def explain(settings: Settings, airflow: httpx.Client, month: str, run: dict[str, Any]) -> None:
    """One paragraph per failed task: what it said, and where its log is."""
    for task, message, log in failures(settings, airflow, run):
        console.print(f"[bold red]failed[/]: {settings.service} {month}, {task}: ", end="")
        console.print(f"{message}\n  log: {log}", markup=False, soft_wrap=True)


def start_services(settings: Settings) -> None:
    """Supervisor, Airflow, MLflow and API; refuses when another process holds a port."""
    config, environment = write_configuration(settings), service_environment(settings)
    held, now = settings.home / "run" / "settings.json", _service_settings(settings, environment)
    before = json.loads(held.read_text()) if held.exists() else {}
    up = _supervisorctl(settings, "pid").returncode == 0
    if up and before == now:
        _supervisorctl(settings, "start", "all")  # one that died too often is given up by the supervisor
        console.print(f"services of {settings.home} are up")
        return
    refuse_taken_ports(settings, ours={before[name] for name in before if up and name.endswith("_port")})
    if up:
        changed = ", ".join(sorted(name for name in now if before.get(name) != now[name]))
        console.print(f"changed since the services were started: {changed}; starting them again")
        stop(settings)
    console.print(f"starting Airflow, MLflow and the API; state in {settings.home}")
    _migrate(settings, environment)
    started = subprocess.run(
        [f"{BIN}/supervisord", "-c", config], env=environment, capture_output=True, text=True, check=False
    )
    if started.returncode:
        raise TaxiError(f"The supervisor did not start: {started.stderr.strip()}. Its configuration is {config}.")
    write_json(held, now)


def _migrate(settings: Settings, environment: dict[str, str]) -> None:
    """Airflow's database, made or brought up to date before four processes ask for it at once."""
    log = settings.home / "logs" / "airflow-db.log"
    with log.open("ab") as out:
        command = [f"{BIN}/airflow", "db", "migrate"]
        if subprocess.run(command, env=environment, stdout=out, stderr=out, check=False).returncode:
            raise TaxiError(f"Airflow's database could not be made or brought up to date; {log} says why.")


def _service_settings(settings: Settings, environment: Mapping[str, str]) -> dict[str, Any]:
    """What the services were started with; passwords, keys and Airflow's connections as fingerprints."""
    plain = settings.model_dump(
        mode="json", exclude={"service", "months", "backfill_runs", "admin_password", "api_keys"}
    )
    password, keys = settings.admin_password.get_secret_value(), platform_keys(settings)
    connections = {name: value for name, value in environment.items() if name.startswith("AIRFLOW_CONN_")}
    secret = {"admin_password": password, "api_keys": keys, "connections": connections}
    return plain | {name: fingerprint(value) for name, value in secret.items()}


def refuse_taken_ports(settings: Settings, ours: Collection[int] = ()) -> None:
    """TaxiError names the first port that somebody else listens on; `ours` are held by this home's own services."""
    for name in sorted({service.partition("-")[0] for service in commands(settings)}):
        port = getattr(settings, f"{name}_port")
        if port in ours:
            continue
        with socket.socket() as probe:
            if probe.connect_ex((settings.bind, port)) == 0:
                raise TaxiError(
                    f"Port {port} for {name} is in use by another process: stop it (make stop, with the TAXI_HOME it "
                    f"was started with), or choose another with TAXI_{name.upper()}_PORT."
                )


def stop(settings: Settings) -> None:
    """Ends the supervisor and with it every service of this home."""
    answer = _supervisorctl(settings, "pid")
    if answer.returncode != 0:
        _end_leftovers(settings)
        console.print(f"no services of {settings.home} are up")
        return
    supervisor = Path("/proc", answer.stdout.strip())
    _supervisorctl(settings, "shutdown")
    wait(lambda: not supervisor.exists(), STOP_SECONDS, "The supervisor did not end")
    _end_leftovers(settings)
    console.print("stopped")


def _end_leftovers(settings: Settings) -> None:
    """Children whose service was killed, which no supervisor knows any more."""
    for name in commands(settings):
        end(leftovers(mark_of(settings.home, name)))


def status(settings: Settings) -> None:
    """The supervisor's table of services."""
    up = _supervisorctl(settings, "pid").returncode == 0
    told = _supervisorctl(settings, "status").stdout.strip() if up else f"no services of {settings.home} are up"
    console.print(told, markup=False, soft_wrap=True)


def logs(settings: Settings) -> None:
    """The last lines of every service's log."""
    for path in sorted((settings.home / "logs").glob("*.log")):
        console.print(f"== {path}")
        console.print("\n".join(path.read_text(errors="replace").splitlines()[-20:]), markup=False, soft_wrap=True)


def _supervisorctl(settings: Settings, *command: str) -> subprocess.CompletedProcess[str]:
    config = settings.home / "run" / "supervisord.conf"
    return subprocess.run([f"{BIN}/supervisorctl", "-c", config, *command], capture_output=True, text=True, check=False)


if __name__ == "__main__":
    main()
