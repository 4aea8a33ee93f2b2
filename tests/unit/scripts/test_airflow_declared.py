"""`airflow_settings.yaml` is what the Astro CLI reads, holds no secret, and gives every installation the same."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from include.config import ROOT, Settings
from scripts import airflow_declared, airflow_init
from scripts.airflow_apply import declare
from scripts.airflow_declared import DECLARED, pools, read_declared, variables

# https://www.astronomer.io/docs/astro/cli/develop-project#configure-airflow_settingsyaml-local-development-only
ASTRO: dict[str, dict[str, tuple[type, ...]]] = {
    "connections": {
        "conn_id": (str,), "conn_type": (str,), "conn_host": (str, type(None)), "conn_schema": (str, type(None)),
        "conn_login": (str, type(None)), "conn_password": (str, type(None)), "conn_port": (int, type(None)),
        "conn_uri": (str, type(None)), "conn_extra": (dict, str, type(None)),
    },
    "pools": {"pool_name": (str,), "pool_slot": (int,), "pool_description": (str,)},
    "variables": {"variable_name": (str,), "variable_value": (str,)},
}  # fmt: skip
NEEDED = {"connections": {"conn_id", "conn_type"}, "pools": set(ASTRO["pools"]), "variables": set(ASTRO["variables"])}


@pytest.mark.parametrize("kind", sorted(ASTRO))
def test_every_entry_has_the_names_and_types_of_the_astro_cli(kind: str) -> None:
    declared = read_declared()
    assert set(declared) == set(ASTRO)
    for entry in declared[kind]:
        assert NEEDED[kind] <= set(entry) <= set(ASTRO[kind])
        assert {name: value for name, value in entry.items() if not isinstance(value, ASTRO[kind][name])} == {}


def test_no_secret_stands_in_the_file() -> None:
    assert [entry.get("conn_password") for entry in read_declared()["connections"]] == [None]
    assert not re.search(r"hooks\.slack\.com|[^/\s]+:[^/\s]+@", DECLARED.read_text(encoding="utf-8"))


def test_who_is_told_comes_from_the_settings() -> None:
    declared = read_declared()
    assert variables(declared, "") == {"taxi_alert_email": ""}
    assert variables(declared, "ana@example.org") == {"taxi_alert_email": "ana@example.org"}


def test_a_running_airflow_is_brought_to_the_file_whatever_it_had(settings: Settings) -> None:
    had = {"/api/v2/pools": {"training"}, "/api/v2/variables": {"taxi_alert_email"}}
    asked: list[tuple[str, str, str]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        body: dict[str, Any] = httpx.Response(200, content=request.content).json()
        name = str(body.get("name") or body.get("key") or body.get("pool"))
        asked.append((request.method, request.url.path, name))
        return httpx.Response(409 if name in had.get(request.url.path, ()) else 200)

    client = httpx.Client(transport=httpx.MockTransport(answer), base_url="http://airflow")
    declare(settings.model_copy(update={"alert_email": "ana@example.org"}), client)
    made = [name for method, path, name in asked if (method, path) == ("POST", "/api/v2/pools")]
    assert made == list(pools(read_declared()))
    assert [(path, name) for method, path, name in asked if method == "PATCH"] == [
        ("/api/v2/pools/training", "training"), ("/api/v2/variables/taxi_alert_email", "taxi_alert_email"),
    ]  # fmt: skip


def test_the_containers_import_connections_pools_and_variables(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported: dict[str, Any] = {}
    monkeypatch.setattr(airflow_init, "_airflow", lambda *command: None)
    monkeypatch.setattr(airflow_init, "_import", lambda kind, content, *_: imported.update({kind: content}))
    chosen = {"warehouse_url": "mysql+pymysql://taxi:secret@mysql/taxi", "alert_email": "ana@example.org"}
    monkeypatch.setattr(airflow_init, "init_db", lambda _: None)
    airflow_init.initialise(settings.model_copy(update=chosen))
    assert imported["connections"]["taxi_mysql"]["password"] == "secret"
    assert imported["pools"] == pools(airflow_declared.read_declared())
    assert imported["variables"] == {"taxi_alert_email": "ana@example.org"}


def test_the_containers_and_make_run_find_the_plugins() -> None:
    assert "AIRFLOW__CORE__PLUGINS_FOLDER=/opt/smart-analytics/plugins" in (ROOT / "Dockerfile").read_text()
    assert "!plugins" in (ROOT / ".dockerignore").read_text().splitlines()
