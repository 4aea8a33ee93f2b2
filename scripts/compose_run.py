"""`make compose-run`: TAXI_MONTHS through the composed Airflow, by its REST API, then a prediction with an API key."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx

from include.config import Settings, get_settings
from include.errors import TaxiError
from scripts.platform_airflow import connect, console, failures, outcome
from scripts.platform_backfill import backfill
from scripts.platform_summary import ask, print_results

HOME = Path("/var/lib/taxi")
"""TAXI_HOME inside the containers."""


def main() -> None:
    """Without an argument: the run, from the host. `results`: its tables, inside a container that has the volumes."""
    commands: dict[str, Callable[[Settings], None]] = {"run": run, "results": results}
    try:
        commands[sys.argv[1] if len(sys.argv) > 1 else "run"](get_settings())
    except KeyboardInterrupt:
        sys.exit("interrupted; the containers stay up, make down ends them")
    except (TaxiError, ValueError, httpx.HTTPError) as error:
        sys.exit(f"error: {error} The containers: docker compose ps, docker compose logs.")


def run(settings: Settings) -> None:
    """Backfills the months and waits; exit code 1 when a month failed or nothing answers."""
    started = time.monotonic()
    contained = settings.model_copy(update={"home": HOME})
    airflow = connect(contained)
    runs = backfill(contained, airflow, settings.months)
    for month, ended in runs.items():
        for task, _, log in failures(contained, airflow, ended) if ended["state"] != "success" else ():
            console.print(f"failed: {month}, {task}: docker compose exec airflow-scheduler cat '{log}'", soft_wrap=True)
    _show_results(settings, {month: outcome(airflow, ended) for month, ended in runs.items()})
    answer = ask(settings, seconds=60)
    console.print(f"\nprediction: {json.dumps(answer)}", soft_wrap=True)
    console.print(f"done in {time.monotonic() - started:.0f} s; make down ends the containers and keeps their volumes")
    if "duration_min" not in answer or any(ended["state"] != "success" for ended in runs.values()):
        sys.exit(1)


def results(settings: Settings) -> None:
    """The tables of the months whose outcomes come as JSON on standard input."""
    print_results(settings, json.load(sys.stdin), console)


def _show_results(settings: Settings, outcomes: dict[str, str]) -> None:
    """From inside a container: the databases publish no port, and the lake is a volume."""
    given = {"TAXI_MONTHS": ",".join(outcomes), "TAXI_SERVICE": settings.service}
    variables = [word for name, value in given.items() for word in ("--env", f"{name}={value}")]
    command = ["docker", "compose", "exec", "--no-TTY", *variables, "airflow-scheduler"]
    command += ["python", "-m", "scripts.compose_run", "results"]
    if subprocess.run(command, input=json.dumps(outcomes), text=True, check=False).returncode:
        console.print("The scheduler's container could not show the tables; see docker compose logs airflow-scheduler.")


if __name__ == "__main__":
    main()
