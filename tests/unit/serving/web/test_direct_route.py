"""The short way to a direct route's function, and what goes on to the framework."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from include.config import Settings
from include.serving.api import create_app
from include.serving.web.direct_route import DirectRoute, Shortcut
from tests.champions import TRIP


def test_the_short_way_answers_as_the_framework_does(champions: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, Any]] = [
        {"url": "/predict", "json": TRIP},
        {"url": "/predict", "json": TRIP | {"pickup_zone": 0}},
        {"url": "/predict", "json": TRIP | {"service": "green"}},
        {"url": "/predict", "content": b"x", "headers": {"content-type": "text/plain"}},
        {"url": "/predict/batch", "json": {"trips": [TRIP]}, "headers": {"accept": "text/csv"}},
        {"url": "/predict/batch", "json": {"trips": [TRIP]}, "headers": {"accept": "image/png"}},
    ]

    def answers() -> list[tuple[int, bytes, dict[str, str]]]:
        with TestClient(create_app(champions), raise_server_exceptions=False) as client:
            given = [{**one, "headers": {"x-request-id": "r", **one.get("headers", {})}} for one in asked]
            said = [client.post(**one) for one in given]
        return [(one.status_code, one.content, dict(one.headers)) for one in said]

    short = answers()
    monkeypatch.setattr(Shortcut, "functions", {}, raising=False)
    monkeypatch.setattr(Shortcut, "__init__", lambda self, app, routes: setattr(self, "app", app))
    assert short == answers()
    assert [status for status, _, _ in short] == [200, 422, 404, 415, 200, 406]


def test_other_methods_and_paths_are_the_frameworks(champions: Settings) -> None:
    with TestClient(create_app(champions)) as client:
        assert client.get("/predict").status_code == 405
        assert client.get("/health/live").json() == {"live": True}


def test_both_quotes_take_the_short_way(champions: Settings) -> None:
    app = create_app(champions)
    short = Shortcut(app, app.routes)
    assert set(short.functions) == {("POST", "/predict"), ("POST", "/predict/batch")}
    assert {route.path for route in app.routes if isinstance(route, DirectRoute)} == {"/predict", "/predict/batch"}
