"""Brings a running Airflow to the pools and variables that `airflow_settings.yaml` declares, by its REST API.

Connections are in the environment of the services (`scripts/platform_env.py`).
"""

from __future__ import annotations

from typing import Any

import httpx

from include.config import Settings
from scripts.airflow_declared import pools, read_declared, variables


def declare(settings: Settings, airflow: httpx.Client) -> None:
    """Pools and variables, made or brought up to date: a task in an unknown pool never starts."""
    declared = read_declared()
    for name, pool in pools(declared).items():
        _apply(airflow, "pools", name, {"name": name, **pool}, {"pool": name, **pool})
    for name, value in variables(declared, settings.alert_email).items():
        body = {"key": name, "value": value, "description": "airflow_settings.yaml"}
        _apply(airflow, "variables", name, body, body)


def _apply(airflow: httpx.Client, kind: str, name: str, new: dict[str, Any], changed: dict[str, Any]) -> None:
    answer = airflow.post(f"/api/v2/{kind}", json=new)
    if answer.status_code == httpx.codes.CONFLICT:
        answer = airflow.patch(f"/api/v2/{kind}/{name}", json=changed)
    answer.raise_for_status()
