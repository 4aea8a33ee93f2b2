"""Links lead where a browser gets, whatever the servers call each other."""

from __future__ import annotations

import pytest

from include.config import Settings
from include.dashboard import session

OWN = "http://dash.example:5000"


@pytest.mark.parametrize(
    ("named", "shown"),
    [
        ("http://mlflow:5000", OWN),
        ("sqlite:////var/lib/taxi/mlflow/mlflow.db", OWN),
        ("", OWN),
        ("https://mlflow.example.org", "https://mlflow.example.org"),
        ("http://127.0.0.1:5050", "http://dash.example:5050"),
    ],
)
def test_a_name_on_a_network_of_containers_is_no_link(
    named: str, shown: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "get_settings", lambda: settings.model_copy(update={"mlflow_tracking_uri": named}))
    monkeypatch.setattr(session, "link", lambda port, path="/": f"http://dash.example:{port}{path}")
    assert session.mlflow_link("/#/models") == f"{shown}/#/models"
