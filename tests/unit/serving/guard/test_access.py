"""Keys open what their scopes name, and nothing is open by accident."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from include.config import Settings
from include.config.add_api_key import add_key
from include.errors import SettingsError
from include.serving.api import create_app
from include.serving.guard.access import KeyRing, scope_of
from include.serving.web.problems import PROBLEM

EVERY_SCOPE = ("predict", "read", "admin")
REFUSED = {401, 403}
OF_SCOPE = {
    "predict": [("POST", "/predict"), ("POST", "/predict/batch")],
    "read": [("GET", "/model-info"), ("GET", "/prometheus"), ("GET", "/whatever-comes-next")],
    "admin": [("POST", "/admin/reload"), ("POST", "/admin/rollback")],
}


@pytest.fixture
def keys(settings: Settings) -> dict[str, str]:
    """A key for each scope."""
    return {scope: add_key(settings, f"{scope}-user", [scope]) for scope in EVERY_SCOPE}


@pytest.fixture
def client(settings: Settings, keys: dict[str, str]) -> Iterator[TestClient]:
    """The application of a home without champions, closed by the keys."""
    with TestClient(create_app(settings)) as client:
        yield client


@pytest.mark.parametrize("scope", EVERY_SCOPE)
def test_a_key_opens_what_its_scope_names_and_nothing_else(
    client: TestClient, keys: dict[str, str], scope: str
) -> None:
    for other, requests in OF_SCOPE.items():
        for method, path in requests:
            answer = client.request(method, path, headers={"X-API-Key": keys[scope]})
            assert (answer.status_code in REFUSED) == (other != scope), (path, answer.text)
            if other != scope:
                assert answer.status_code == 403
                said = f"The key {scope}-user has the scope {scope}; this needs the scope {other}."
                assert answer.json()["detail"] == said


def test_a_key_may_come_as_a_bearer_token(client: TestClient, keys: dict[str, str]) -> None:
    """Prometheus can send no header of another name."""
    for scheme in ("Bearer", "bearer"):
        assert client.get("/prometheus", headers={"Authorization": f"{scheme} {keys['read']}"}).status_code == 200
    assert client.get("/prometheus", headers={"Authorization": f"Basic {keys['read']}"}).status_code == 401
    assert client.get("/prometheus", headers={"Authorization": f"Bearer {keys['predict']}"}).status_code == 403
    both = {"X-API-Key": "no", "Authorization": f"Bearer {keys['read']}"}
    assert client.get("/prometheus", headers=both).status_code == 401, "the first of the two is the key"


@pytest.mark.parametrize("given", [None, "", "no", "taxi_", "ü"])
def test_without_a_known_key_everything_but_health_and_docs_is_closed(client: TestClient, given: str | None) -> None:
    headers = {} if given is None else {b"X-API-Key": given.encode()}
    for method, path in (pair for requests in OF_SCOPE.values() for pair in requests):
        answer = client.request(method, path, headers=headers)
        assert answer.status_code == 401
        assert answer.headers["content-type"] == PROBLEM
        assert "www-authenticate" in answer.headers
    for path in ("/health", "/docs", "/openapi.json", "/static/swagger/swagger-ui.css"):
        assert client.get(path, headers=headers).status_code == 200


def test_every_route_but_the_listed_needs_a_scope(settings: Settings) -> None:
    paths = {getattr(route, "path", "") for route in create_app(settings).routes}
    opened = {path for path in paths if path and scope_of(path) is None}
    assert opened <= {"/health", "/health/live", "/health/ready", "/docs", "/openapi.json", "/static/swagger"}


def test_without_keys_everything_is_open_but_admin(settings: Settings) -> None:
    with TestClient(create_app(settings)) as client:
        assert client.get("/model-info").status_code == 200
        answer = client.post("/admin/reload")
    assert answer.status_code == 401
    assert "scope admin" in answer.json()["detail"]


def test_the_document_says_which_operations_need_a_key(settings: Settings) -> None:
    document = create_app(settings).openapi()
    assert document["paths"]["/predict"]["post"]["security"] == [{"ApiKey": ["predict"]}]
    assert "security" not in document["paths"]["/health"]["get"]
    assert document["components"]["securitySchemes"]["ApiKey"]["name"] == "X-API-Key"


def test_a_key_is_given_and_withdrawn_without_a_restart(
    client: TestClient, settings: Settings, keys: dict[str, str]
) -> None:
    boss = {"X-API-Key": keys["admin"]}
    new = {"X-API-Key": add_key(settings, "new", ["read"])}
    assert client.get("/model-info", headers=new).status_code == 401
    assert client.post("/admin/reload", headers=boss).json()["api_keys"] == 4
    assert client.get("/model-info", headers=new).status_code == 200
    lines = settings.api_keys_path.read_text().splitlines()
    settings.api_keys_path.write_text("\n".join(line for line in lines if not line.startswith("new:")))
    assert client.post("/admin/reload", headers=boss).json()["api_keys"] == 3
    assert client.get("/model-info", headers=new).status_code == 401


@pytest.mark.parametrize("content", ["", "nonsense\n"])
def test_a_damaged_file_of_keys_neither_opens_nor_closes(
    client: TestClient, settings: Settings, keys: dict[str, str], content: str
) -> None:
    settings.api_keys_path.write_text(content)
    answer = client.post("/admin/reload", headers={"X-API-Key": keys["admin"]})
    assert answer.status_code == 200
    assert str(settings.api_keys_path) in answer.json()["problems"][0]
    assert client.get("/model-info").status_code == 401
    assert client.get("/model-info", headers={"X-API-Key": keys["read"]}).status_code == 200


def test_only_a_reader_is_told_what_is_wrong(client: TestClient, settings: Settings, keys: dict[str, str]) -> None:
    settings.api_keys_path.write_text("nonsense\n")
    client.post("/admin/reload", headers={"X-API-Key": keys["admin"]})
    for key in (None, "guess", keys["predict"]):
        answer = client.get("/health", headers={"X-API-Key": key} if key else {})
        assert answer.status_code == 200
        assert answer.json()["problems"] == ["1 problems; a key of scope read is told which"]
        assert str(settings.home) not in answer.text
    assert str(settings.api_keys_path) in client.get("/health", headers={"X-API-Key": keys["read"]}).text


def test_the_application_does_not_start_with_a_file_it_cannot_read(settings: Settings) -> None:
    settings.api_keys_path.parent.mkdir(parents=True)
    settings.api_keys_path.write_text("nonsense\n")
    with pytest.raises(SettingsError, match="line 1 is no API key"):
        create_app(settings)


def test_each_key_has_an_allowance_of_its_own(settings: Settings) -> None:
    both = settings.model_copy(update={"api_keys": SecretStr("one,two"), "rate_limit": "3/hour"})
    with TestClient(create_app(both)) as client:
        answers = [client.get("/model-info", headers={"X-API-Key": "one"}) for _ in range(4)]
        other = client.get("/model-info", headers={"X-API-Key": "two"})
        health = client.get("/health")
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert [answer.headers["ratelimit"].partition(";t=")[0] for answer in answers] == [
        '"key";r=2', '"key";r=1', '"key";r=0', '"key";r=0'
    ]  # fmt: skip
    assert answers[0].headers["ratelimit-policy"] == '"key";q=3;w=3600'
    assert 1 <= int(answers[3].headers["retry-after"]) <= 3600
    assert answers[3].headers["content-type"] == PROBLEM
    assert (other.status_code, health.status_code) == (200, 200)
    assert "ratelimit" not in health.headers


def test_guesses_are_limited_by_address_and_cost_no_key_its_allowance(settings: Settings) -> None:
    closed = settings.model_copy(update={"api_keys": SecretStr("one"), "rate_limit": "3/hour"})
    with TestClient(create_app(closed)) as client:
        guesses = [client.get("/model-info", headers={"X-API-Key": f"guess{n}"}).status_code for n in range(5)]
        assert client.get("/model-info", headers={"X-API-Key": "one"}).status_code == 200
    assert guesses == [401, 401, 401, 429, 429]


def test_the_window_turns(settings: Settings) -> None:
    quick = settings.model_copy(update={"rate_limit": "1/second"})
    with TestClient(create_app(quick)) as client:
        seen: list[int] = []
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and not (429 in seen and seen[-1] == 200):
            seen.append(client.get("/model-info").status_code)
    assert 429 in seen
    assert seen[-1] == 200


def test_a_ring_without_any_key_closes_when_one_is_made(settings: Settings, tmp_path: Path) -> None:
    ring = KeyRing(settings)
    assert not ring.keys
    add_key(settings, "first", ["read"])
    ring.refresh()
    assert [key.name for key in ring.keys] == ["first"]
