"""The champion is who the alias names; a registry that is away leaves the word to the pointer."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from include.config import Settings
from include.errors import BundleError, SettingsError, SourceUnavailableError
from include.models.bundle import read_pointer
from include.serving.champions import sources as champion_sources
from include.serving.champions.sources import MlflowAliases
from include.serving.model_loader import ModelLoader
from tests.champions import DURATION

Registry = dict[str, tuple[int, dict[str, Any]]]


@pytest.fixture
def registry() -> Iterator[tuple[str, Registry]]:
    """A server that answers as MLflow's REST API does about aliases: by model, a status and a body."""
    answers: Registry = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = parse_qs(urlsplit(self.path).query)
            status, body = answers.get(asked["name"][0], (404, {"error_code": "RESOURCE_DOES_NOT_EXIST"}))
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", answers
    server.shutdown()
    thread.join()
    server.server_close()


def version_of(settings: Settings, number: int) -> dict[str, Any]:
    pointer = read_pointer(settings.lake, DURATION)
    assert pointer is not None
    tags = {"bundle_uri": pointer.uri, "card_sha256": pointer.card_sha256, "test_month": "2019-03"}
    listed = [{"key": key, "value": value} for key, value in tags.items()]
    return {"model_version": {"version": str(number), "last_updated_timestamp": 0, "tags": listed}}


def test_the_alias_names_the_champion(champions: Settings, registry: tuple[str, Registry]) -> None:
    address, answers = registry
    answers[DURATION] = 200, version_of(champions, 7)
    found = MlflowAliases(address).champion(DURATION)
    assert found is not None
    assert (found.version, found.test_month) == (7, "2019-03")
    assert MlflowAliases(address).champion("nyc_taxi_green_fare_usd") is None
    answers[DURATION] = 400, {"message": f"Registered model alias champion not found for {DURATION}"}
    assert MlflowAliases(address).champion(DURATION) is None


def test_a_version_without_its_bundle_s_address_is_refused(registry: tuple[str, Registry]) -> None:
    address, answers = registry
    answers[DURATION] = 200, {"model_version": {"version": "7"}}
    with pytest.raises(BundleError, match=r"no tags bundle_uri"):
        MlflowAliases(address).champion(DURATION)


def test_a_registry_that_fails_is_away(registry: tuple[str, Registry]) -> None:
    registry[1][DURATION] = 500, {}
    with pytest.raises(SourceUnavailableError, match=r"answered 500"):
        MlflowAliases(registry[0]).champion(DURATION)
    with pytest.raises(SettingsError, match=r"needs a server"):
        MlflowAliases("sqlite:///mlflow.db")


def test_the_alias_is_followed_and_what_it_named_last_stays_while_the_registry_is_away(
    lake: Settings, registry: tuple[str, Registry]
) -> None:
    address, answers = registry
    answers[DURATION] = 200, version_of(lake, 7)
    asking = lake.model_copy(update={"champions_from": "mlflow", "mlflow_tracking_uri": address})
    loader = ModelLoader(asking)
    loader.refresh()
    assert loader.champions["yellow", "duration_min"].label == f"{DURATION}/7"
    answers[DURATION] = 200, version_of(lake, 6)
    loader.refresh()
    assert loader.champions["yellow", "duration_min"].label == f"{DURATION}/6"
    answers[DURATION] = 500, {}
    for one in (loader, ModelLoader(asking)):
        one.refresh()
        assert one.champions["yellow", "duration_min"].label == f"{DURATION}/6"
        assert "answered 500" in one.source_problem


class Deaf:
    """Listens on a port; `asked` counts connections, each is told `said` at once, or nothing."""

    def __init__(self, said: bytes) -> None:
        self.asked, self.said = 0, said
        self.held: list[socket.socket] = []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.thread = threading.Thread(target=self._take, daemon=True)
        self.thread.start()

    def _take(self) -> None:
        with suppress(OSError):
            while True:
                caller, _ = self.socket.accept()
                self.asked += 1
                self.held.append(caller)
                if self.said:
                    caller.sendall(self.said)
                    caller.close()


@pytest.fixture
def deaf(request: pytest.FixtureRequest) -> Iterator[Deaf]:
    server = Deaf(request.param)
    yield server
    for held in (server.socket, *server.held):
        held.close()


@pytest.mark.parametrize(
    "deaf", [b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n[]"], indirect=True
)
def test_what_does_not_speak_as_mlflow_does_is_away(lake: Settings, deaf: Deaf) -> None:
    address = f"http://127.0.0.1:{deaf.socket.getsockname()[1]}"
    loader = ModelLoader(lake.model_copy(update={"champions_from": "mlflow", "mlflow_tracking_uri": address}))
    loader.refresh()
    assert loader.champions["yellow", "duration_min"].label == f"{DURATION}/1"
    assert loader.problems == {}
    assert "is away" in loader.source_problem
    assert loader.served() == ["yellow"]


@pytest.mark.parametrize("deaf", [b""], indirect=True)
def test_a_silent_registry_is_waited_for_once_a_round(
    lake: Settings, deaf: Deaf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(champion_sources, "SECONDS", 0.5)
    address = f"http://127.0.0.1:{deaf.socket.getsockname()[1]}"
    loader = ModelLoader(lake.model_copy(update={"champions_from": "mlflow", "mlflow_tracking_uri": address}))
    loader.refresh()
    assert loader.champions["yellow", "duration_min"].label == f"{DURATION}/1"
    assert deaf.asked < len(loader.champions)
