"""Size, time, headers, ids and notes of requests, whatever the application behind them does."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient
from starlette.types import Message

from include.config import Settings, load_settings
from include.errors import SettingsError
from include.serving import api
from include.serving.api import create_app
from include.serving.guard.access_log import Finished
from include.serving.guard.middleware import CLIENT_LEFT, MAX_BODY, RequestGuard
from include.serving.log.rows import ASKED
from include.serving.web.problems import PROBLEM, add_problems


@pytest.fixture
def noted() -> list[Finished]:
    """What the guard said of each request."""
    return []


@pytest.fixture
def app(noted: list[Finished]) -> FastAPI:
    """An application that reads, sleeps, fails and says what it is told."""
    app = FastAPI()
    add_problems(app)

    @app.post("/read")
    async def read(request: Request) -> int:
        return len(await request.body())

    @app.get("/slow")
    async def slow() -> None:
        await asyncio.sleep(30)

    @app.get("/broken")
    async def broken() -> None:
        raise RuntimeError("secret-in-the-fault")

    @app.get("/keyed")
    async def keyed() -> None:
        asked = ASKED.get()
        assert asked is not None
        asked.api_key = "dispatcher"

    paths = [getattr(route, "path", "") for route in app.routes]
    app.add_middleware(RequestGuard, seconds=0.3, paths=paths, finished=noted.append)
    return app


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    """A client of it."""
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def chunks(parts: int, size: int) -> Iterator[bytes]:
    for _ in range(parts):
        yield b" " * size


def test_a_body_of_unknown_length_is_counted_while_it_comes(client: TestClient) -> None:
    assert client.post("/read", content=chunks(3, 1_000_000)).json() == 3_000_000
    answer = client.post("/read", content=chunks(5, 1_000_000))
    assert (answer.status_code, answer.headers["content-type"]) == (413, PROBLEM)
    assert f"{MAX_BODY:,} bytes" in answer.json()["detail"]


def test_a_long_body_is_refused_by_its_announcement(client: TestClient, noted: list[Finished]) -> None:
    assert client.post("/read", content=b" ", headers={"content-length": str(MAX_BODY + 1)}).status_code == 413
    assert client.post("/read", content=b" ", headers={"content-length": "-1"}).status_code == 400
    assert [one.status for one in noted] == [413, 400]


def test_what_takes_too_long_is_ended_with_a_sentence(client: TestClient, noted: list[Finished]) -> None:
    answer = client.get("/slow")
    assert answer.status_code == 503
    assert "TAXI_REQUEST_SECONDS" in answer.json()["detail"]
    assert noted[0].seconds >= 0.3


def asked_of(app: FastAPI, messages: list[Message], **scope: Any) -> list[Message]:
    """The application's messages to a server that has these for it, and then nothing more."""
    sent: list[Message] = []

    async def receive() -> Message:
        if messages:
            return messages.pop(0)
        await asyncio.Event().wait()
        raise AssertionError("nothing more comes")

    async def send(message: Message) -> None:
        sent.append(message)

    base = {"type": "http", "method": "POST", "path": "/read", "query_string": b"", "headers": [], "root_path": "",
            "scheme": "http", "server": ("t", 80), "client": ("c", 1), "http_version": "1.1"}  # fmt: skip
    asyncio.run(app(base | scope, receive, send))
    return sent


def test_a_client_that_sends_slowly_is_told_so(app: FastAPI) -> None:
    sent = asked_of(
        app, [{"type": "http.request", "body": b"x", "more_body": True}], headers=[(b"content-length", b"10")]
    )
    assert sent[0]["status"] == 408


def test_a_client_that_leaves_is_no_fault_of_the_service(app: FastAPI, noted: list[Finished]) -> None:
    assert asked_of(app, [{"type": "http.disconnect"}]) == []
    assert noted[0].status == CLIENT_LEFT


def test_a_fault_tells_the_client_nothing_but_an_id(client: TestClient, capsys: pytest.CaptureFixture[str]) -> None:
    answer = client.get("/broken", headers={"x-request-id": "mine-1"})
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert answer.json()["request_id"] == answer.headers["x-request-id"] == "mine-1"


@pytest.mark.parametrize("path", ["/read", "/slow", "/broken", "/none"])
def test_every_answer_has_the_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'self'"
    assert len(headers["x-request-id"]) == 32


@pytest.mark.parametrize("given", ["a b", 'a"b', "a\tb", "é", ""])
def test_an_id_that_could_forge_a_line_of_a_log_is_replaced(client: TestClient, given: str) -> None:
    assert client.get("/none", headers={b"x-request-id": given.encode()}).headers["x-request-id"] != given


def test_notes_name_the_template_and_the_key_and_nothing_that_was_sent(
    client: TestClient, noted: list[Finished]
) -> None:
    client.get("/keyed?pickup_latitude=40.7", headers={"X-API-Key": "taxi_secret"})
    client.get("/made/up/by/a/client")
    client.request("BREW", "/keyed")
    assert [(one.method, one.route, one.status, one.api_key) for one in noted] == [
        ("GET", "/keyed", 200, "dispatcher"), ("GET", "unmatched", 404, ""), ("other", "/keyed", 405, "")
    ]  # fmt: skip
    assert not {"40.7", "taxi_secret"} & {str(value) for one in noted for value in one}


def test_no_page_of_another_origin_may_ask_unless_it_is_named(settings: Settings) -> None:
    preflight = {"Origin": "https://app.example.org", "Access-Control-Request-Method": "POST"}
    with TestClient(create_app(settings)) as client:
        assert "access-control-allow-origin" not in client.options("/predict", headers=preflight).headers
    named = settings.model_copy(update={"cors_origins": "https://app.example.org"})
    with TestClient(create_app(named)) as client:
        allowed = client.options("/predict", headers=preflight)
        assert allowed.headers["access-control-allow-origin"] == "https://app.example.org"
        assert "access-control-allow-credentials" not in allowed.headers
        other = client.options("/predict", headers=preflight | {"Origin": "https://other.example.org"})
        assert "access-control-allow-origin" not in other.headers
        answered = client.get("/health", headers={"Origin": "https://app.example.org"})
        assert answered.headers["access-control-allow-origin"] == "https://app.example.org"
        assert answered.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("origin", ["*", "app.example.org", "https://app.example.org/", "https://a b", "null"])
def test_an_origin_that_is_none_is_refused(origin: str) -> None:
    with pytest.raises(SettingsError, match="TAXI_CORS_ORIGINS"):
        load_settings({"cors_origins": origin})


def test_the_server_does_not_name_itself_and_logs_no_query(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    started: dict[str, Any] = {}
    monkeypatch.setattr(api, "get_settings", lambda: settings)
    monkeypatch.setattr(uvicorn, "run", lambda _, **chosen: started.update(chosen))
    api.main()
    assert (started["server_header"], started["access_log"]) == (False, False)
    assert (started["host"], started["port"]) == (settings.bind, settings.api_port)


def test_a_file_of_keys_that_cannot_be_read_ends_the_start_with_a_sentence(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.api_keys_path.parent.mkdir(parents=True)
    settings.api_keys_path.write_text("nonsense\n")
    monkeypatch.setattr(api, "get_settings", lambda: settings)
    with pytest.raises(SystemExit, match=r"error: .* line 1 is no API key"):
        api.main()
