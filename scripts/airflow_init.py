"""Makes an Airflow installation ready: database, login, connections and pools. Safe to repeat.

`airflow_settings.yaml` names connections and pools; what is secret or differs between installations comes from the
settings. A password changed there is the one that counts after the next run.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import make_url

from include.config import ROOT, Settings, get_settings
from include.errors import TaxiError

SETTINGS_FILE = ROOT / "airflow_settings.yaml"
WAREHOUSE = "taxi_mysql"


def main() -> None:
    """Exit code 1 with one sentence when it cannot be done."""
    try:
        initialise(get_settings())
    except TaxiError as error:
        sys.exit(f"error: {error}")
    except subprocess.CalledProcessError as error:
        sys.exit(f"error: airflow {error.cmd[1]} {error.cmd[2]} ended with code {error.returncode}, see above")


def initialise(settings: Settings) -> None:
    """Migrates Airflow's database, then brings login, connections and pools to what the files say."""
    settings.refuse_development_login()
    settings.refuse_open_api()
    (settings.home / "mlflow" / "artifacts").mkdir(parents=True, exist_ok=True)
    declared = read_declared()
    _airflow("db", "migrate")
    _login(settings)
    _import("connections", connections(declared, settings.warehouse_url), "--overwrite")
    _import("pools", pools(declared))


def read_declared(path: Path = SETTINGS_FILE) -> dict[str, Any]:
    """The `airflow` part of a settings file in the Astro CLI's format."""
    return dict(yaml.safe_load(path.read_text(encoding="utf-8"))["airflow"])


def connections(declared: Mapping[str, Any], warehouse_url: str) -> dict[str, dict[str, Any]]:
    """Connection id -> what `airflow connections import` takes. The warehouse's address is the settings' one."""
    names = ("type", "host", "schema", "login", "password", "port", "extra")
    found = {
        c["conn_id"]: {("conn_type" if n == "type" else n): c.get(f"conn_{n}") for n in names}
        for c in declared["connections"]
    }
    url = make_url(warehouse_url) if warehouse_url else None
    if url is not None and url.get_backend_name() == "mysql" and WAREHOUSE in found:
        found[WAREHOUSE] |= {"host": url.host, "schema": url.database, "login": url.username,
                             "password": url.password, "port": url.port or 3306}  # fmt: skip
    return found


def pools(declared: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Pool name -> what `airflow pools import` takes."""
    return {
        p["pool_name"]: {"slots": p["pool_slot"], "description": p["pool_description"], "include_deferred": False}
        for p in declared["pools"]
    }


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
