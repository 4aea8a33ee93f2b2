"""MLflow and the API under Airflow's address: what goes there, what comes back, and who may change something."""

from __future__ import annotations

import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from include.config import Settings, get_settings
from tests.integration.plugins.conftest import Reader, connect, sign_in

pytestmark = pytest.mark.integration
API = "/mlflow/ajax-api/2.0/mlflow"


def test_a_request_reaches_mlflow_as_it_was_and_without_airflows_secrets(services: TestClient) -> None:
    services.cookies.set("_token", "jwt")
    answer = services.post(f"{API}/runs/search?a=1&b=%20", content=b'{"x": 1}',
                           headers={"authorization": "Bearer jwt", "content-type": "application/json"})  # fmt: skip
    told = answer.json()
    assert answer.status_code == 207
    assert (told["method"], told["path"], told["query"], told["body"]) == (
        "POST", "ajax-api/2.0/mlflow/runs/search", "a=1&b=%20", '{"x": 1}'
    )  # fmt: skip
    assert told["headers"]["host"] == "mlflow:5000"
    assert not {"cookie", "authorization", "origin"} & set(told["headers"])


def test_an_answer_keeps_its_kind_and_gets_our_policy(services: TestClient) -> None:
    headers = services.get("/mlflow/").headers
    assert (headers["content-type"], headers["etag"]) == ("application/json", '"e"')
    assert "frame-ancestors 'self'" in headers["content-security-policy"]
    assert not {"set-cookie", "access-control-allow-origin"} & set(headers)


@pytest.mark.parametrize(("method", "path"), [("POST", "runs/delete"), ("DELETE", "registered-models/alias"),
                                              ("POST", "registered-models/alias")])  # fmt: skip
def test_only_operators_change_something(app: FastAPI, services: TestClient, method: str, path: str) -> None:
    assert services.request(method, f"{API}/{path}").status_code == 403
    sign_in(app, Reader(operator=True))
    assert services.request(method, f"{API}/{path}").json()["method"] == method
    elsewhere = services.request(method, f"{API}/{path}", headers={"sec-fetch-site": "same-site"})
    assert elsewhere.status_code == 403


@pytest.mark.parametrize(
    "path",
    ["/mlflow/ajax-api/3.0/mlflow/assistant/message", "/mlflow/ajax-api/3.0/jobs/", "/mlflow/gateway/x",
     "/mlflow/static-files/%2e%2e/gateway/x", f"{API}/runs/%2e%2e/%2e%2e/%2e%2e/3.0/mlflow/assistant/config",
     "/mlflow//elsewhere.example/x"],
)  # fmt: skip
def test_what_is_not_offered_is_not_reached_by_anybody(app: FastAPI, services: TestClient, path: str) -> None:
    sign_in(app, Reader(operator=True))
    assert services.get(path).status_code == 404
    assert services.post(path).status_code == 404


def test_a_body_that_is_too_large_or_of_unknown_length_stays_here(services: TestClient) -> None:
    assert services.post(f"{API}/runs/search", content=b"x" * 4_000_001).status_code == 413
    assert services.post(f"{API}/runs/search", content=iter([b"x"])).status_code == 413


def test_a_service_that_is_away_is_a_page_with_the_next_step(app: FastAPI, reader: TestClient) -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("Connection refused", request=request)

    connect(app, httpx.MockTransport(refuse))
    for address, name in (("/mlflow/", "mlflow"), ("/api/docs", "api"), ("/api/health", "api")):
        answer = reader.get(address)
        assert answer.status_code == 503
        assert "make run" in answer.text
        assert f"docker compose up --detach {name}" in answer.text


def test_a_store_without_a_server_is_said_to_be_one(app: FastAPI, reader: TestClient, settings: Settings) -> None:
    store = settings.model_copy(update={"mlflow_tracking_uri": "sqlite:////somewhere/mlflow.db"})
    app.dependency_overrides[get_settings] = lambda: store
    answer = reader.get("/mlflow/")
    assert answer.status_code == 503
    assert "names a store" in answer.text
    assert "sqlite" not in answer.text, "an address may hold a password"


def test_the_way_into_mlflow_runs_its_one_script_and_keeps_what_was_chosen(reader: TestClient) -> None:
    answer = reader.get("/mlflow_start")
    assert answer.text.count("<script>") == 1
    assert "localStorage.getItem(name) === null" in answer.text
    assert "'sha256-" in answer.headers["content-security-policy"]


def test_the_apis_page_asks_the_api_through_this_address(services: TestClient) -> None:
    page = services.get("/api/docs")
    assert page.status_code == 200
    assert "'unsafe-inline'" not in page.headers["content-security-policy"].split("style-src")[0]
    assert services.get("/api/openapi.json").json()["servers"] == [{"url": "/taxi/api"}]
    for name in ("swagger-ui-bundle.js", "swagger-ui.css"):
        assert f"static/{name}" in page.text
        assert services.get(f"/api/static/{name}").status_code == 200


def test_only_predictions_are_posted_and_the_key_goes_along(services: TestClient) -> None:
    told = services.post(
        "/api/predict", content=b"{}", headers={"x-api-key": "k", "authorization": "Bearer jwt"}
    ).json()
    assert (told["path"], told["headers"]["x-api-key"]) == ("predict", "k")
    assert "authorization" not in told["headers"]
    assert services.post("/api/reload").status_code == 405


def test_the_dashboards_entry_leads_to_its_port_at_the_host_that_the_browser_knows(
    app: FastAPI, services: TestClient, settings: Settings
) -> None:
    answer = services.get("/dashboard", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"http://airflow:{settings.dashboard_port}/")
    encrypted = services.get("https://airflow:8443/taxi/dashboard?x=1", follow_redirects=False)
    assert encrypted.headers["location"] == f"http://airflow:{settings.dashboard_port}/"


def test_a_dashboard_that_does_not_run_says_how_it_is_started(app: FastAPI, reader: TestClient) -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("Connection refused", request=request)

    connect(app, httpx.MockTransport(refuse))
    answer = reader.get("/dashboard", follow_redirects=False)
    assert answer.status_code == 503
    assert "make serve-ui" in answer.text
