"""Makes an installation ready: Airflow's database, login, connections, pools, variables, the warehouse's schema.

Safe to repeat. `airflow_settings.yaml` names connections, pools and variables; what is secret or differs between
installations comes from the settings, and a password changed there is the one that counts after the next run.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from typing import Any

from include.config import Settings, get_settings
from include.errors import TaxiError
from include.utils.logs import configure
from include.warehouse.engine import get_engine
from include.warehouse.schema import init_db
from scripts.airflow_declared import connections, pools, read_declared, variables


def main() -> None:
    """Exit code 1 with one sentence when it cannot be done."""
    configure()
    try:
        initialise(get_settings())
    except TaxiError as error:
        sys.exit(f"error: {error}")
    except subprocess.CalledProcessError as error:
        sys.exit(f"error: airflow {error.cmd[1]} {error.cmd[2]} ended with code {error.returncode}, see above")


def initialise(settings: Settings) -> None:
    """Migrates both databases, then brings login, connections, pools and variables to what the files say."""
    settings.refuse_development_login()
    settings.refuse_open_api()
    (settings.home / "mlflow" / "artifacts").mkdir(parents=True, exist_ok=True)
    init_db(get_engine(settings))
    declared = read_declared()
    _airflow("db", "migrate")
    _login(settings)
    _import("connections", connections(declared, settings.warehouse), "--overwrite")
    _import("pools", pools(declared))
    _import("variables", variables(declared, settings.alert_email))


def _login(settings: Settings) -> None:
    user, password = settings.admin_user, settings.admin_password.get_secret_value()
    _airflow("users", "create", "--username", user, "--password", password, "--role", "Admin", "--firstname", "Smart",
             "--lastname", "Analytics", "--email", f"{user}@localhost")  # fmt: skip
    # `create` leaves the password of a user that is there already.
    _airflow("users", "reset-password", "--username", user, "--password", password)


def _import(kind: str, content: Mapping[str, Any], *flags: str) -> None:
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(content, file)
        file.flush()
        _airflow(kind, "import", file.name, *flags)


def _airflow(*command: str) -> None:
    subprocess.run(["airflow", *command], check=True)


if __name__ == "__main__":
    main()
