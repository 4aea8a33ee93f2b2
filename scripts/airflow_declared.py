"""What `airflow_settings.yaml` declares, as Airflow takes it: the one list of connections, pools and variables."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import make_url

from include.config import ROOT

DECLARED = ROOT / "airflow_settings.yaml"
WAREHOUSE, ADDRESSES = "taxi_mysql", "taxi_alert_email"


def read_declared(path: Path = DECLARED) -> dict[str, Any]:
    """The `airflow` part of a settings file in the Astro CLI's format."""
    return dict(yaml.safe_load(path.read_text(encoding="utf-8"))["airflow"])


def connections(declared: Mapping[str, Any], warehouse_url: str) -> dict[str, dict[str, Any]]:
    """Connection id -> what Airflow imports. The warehouse has the address of the URL, and is absent without MySQL."""
    url = make_url(warehouse_url)
    found = {connection["conn_id"]: _connection(connection) for connection in declared["connections"]}
    address = {"host": url.host, "port": url.port or 3306, "login": url.username, "password": url.password,
               "schema": url.database}  # fmt: skip
    if url.get_backend_name() == "sqlite":
        found.pop(WAREHOUSE, None)
    elif WAREHOUSE in found:
        found[WAREHOUSE] |= address
    return found


def _connection(declared: Mapping[str, Any]) -> dict[str, Any]:
    names = ("host", "schema", "login", "password", "port", "extra")
    return {"conn_type": declared["conn_type"]} | {name: declared.get(f"conn_{name}") for name in names}


def pools(declared: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Pool name -> what `airflow pools import` and the REST API take."""
    return {
        pool["pool_name"]: {
            "slots": pool["pool_slot"], "description": pool["pool_description"], "include_deferred": False,
        }
        for pool in declared["pools"]
    }  # fmt: skip


def variables(declared: Mapping[str, Any], alert_email: str) -> dict[str, str]:
    """Variable -> value. Who is told of failures is what the settings say, where they say it."""
    found = {variable["variable_name"]: str(variable["variable_value"]) for variable in declared["variables"]}
    return found | ({ADDRESSES: alert_email} if alert_email else {})
