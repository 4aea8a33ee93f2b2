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

from include.config import Settings, get_settings
from include.errors import TaxiError
from include.utils.hashing import fingerprint
from scripts.platform_airflow import backfill, connect, console, declare_pools, failures, outcome, wait
from scripts.platform_env import BIN, commands, service_environment, write_configuration
from scripts.platform_summary import print_summary


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
    airflow = connect(settings)
    declare_pools(airflow)
    runs = backfill(settings, airflow)
    failed = {month: run for month, run in runs.items() if run["state"] != "success"}
    try:
        outcomes = {month: outcome(airflow, run) for month, run in runs.items()}
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
    held = settings.home / "run" / "settings"
    secrets = [settings.admin_password.get_secret_value(), settings.accepted_api_keys]
    now = fingerprint(settings.model_dump(mode="json", exclude={"service", "months"}), secrets)
    if _supervisorctl(settings, "pid").returncode == 0:
        if held.exists() and held.read_text() == now:
            console.print(f"services of {settings.home} are up")
            return
        console.print("settings have changed since the services were started: starting them again")
        stop(settings)
    refuse_taken_ports(settings)
    console.print(f"starting Airflow, MLflow and the API; state in {settings.home}")
    subprocess.run([f"{BIN}/supervisord", "-c", config], env=environment, check=True)
    held.write_text(now)


def refuse_taken_ports(settings: Settings) -> None:
    """TaxiError names the first port that somebody else listens on."""
    for name in sorted(commands(settings)):
        port = getattr(settings, f"{name}_port")
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
        console.print(f"no services of {settings.home} are up")
        return
    supervisor = Path("/proc", answer.stdout.strip())
    _supervisorctl(settings, "shutdown")
    wait(lambda: not supervisor.exists(), 60, "The supervisor did not end")
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


if __name__ == "__main__":
    main()
