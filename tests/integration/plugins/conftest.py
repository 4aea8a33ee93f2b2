"""The plugin's application in this process, with a home, services and users of the test's own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, StreamingResponse
from fastapi.testclient import TestClient
from taxi_ui.entries import PREFIX

from include.config import Settings, get_settings
from tests.unit.plugins.homes import filled


@pytest.fixture(scope="session", autouse=True)
def airflow_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Airflow reads its home when it is first imported."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AIRFLOW_HOME", os.environ.get("AIRFLOW_HOME") or str(tmp_path_factory.mktemp("airflow")))
        yield


@pytest.fixture
def settings_here(settings: Settings) -> Settings:
    """A filled home, MLflow and the API at addresses that only the test's transport knows."""
    filled(settings.home)
    return settings.model_copy(update={"mlflow_tracking_uri": "http://mlflow:5000", "api_url": "http://api:8000"})


@pytest.fixture
def app(settings_here: Settings) -> FastAPI:
    """The application as Airflow mounts it: nobody is signed in."""
    from taxi_ui.app import create_app

    app = create_app()
    app.dependency_overrides[get_settings] = lambda: settings_here
    return app


def browser(app: FastAPI, **options: Any) -> TestClient:
    """A browser of the application where Airflow mounts it; its lifespan is entered as Airflow does."""
    from taxi_ui.proxy import connections

    server = FastAPI(lifespan=lambda _: connections(app))
    server.mount(PREFIX, app)
    return TestClient(server, base_url=f"http://airflow{PREFIX}", **options)


class Reader:
    """An authorization of Airflow that lets its user look, and change things when `operator`."""

    def __init__(self, operator: bool = False, website: bool = True) -> None:
        self.operator, self.website = operator, website

    def is_authorized_view(self, **_: Any) -> bool:
        return self.website

    def is_authorized_pool(self, **_: Any) -> bool:
        return self.operator


def sign_in(app: FastAPI, auth: Reader) -> None:
    """From now on requests come from somebody whom `auth` speaks for, and who may see runs."""
    from airflow.api_fastapi.app import get_auth_manager
    from airflow.api_fastapi.core_api.security import get_user
    from taxi_ui.access import may_see_run

    app.dependency_overrides |= {
        get_user: lambda: SimpleNamespace(), get_auth_manager: lambda: auth, may_see_run: lambda: None
    }  # fmt: skip


@pytest.fixture
def reader(app: FastAPI) -> Iterator[TestClient]:
    """A browser of somebody who may look."""
    sign_in(app, Reader())
    with browser(app) as client:
        yield client


def echo_service() -> FastAPI:
    """A service that tells what it was asked, in pieces, and tries to set a cookie and to be framed by anybody."""
    service = FastAPI()

    @service.get("/openapi.json")
    async def described() -> dict[str, Any]:
        return {"openapi": "3.1.0", "info": {"title": "Echo", "version": "1"}, "paths": {}}

    @service.api_route("/{path:path}", methods=["GET", "HEAD", "POST", "DELETE"], include_in_schema=False)
    async def echo(path: str, request: Request) -> StreamingResponse:
        told = JSONResponse({"method": request.method, "path": path, "query": str(request.url.query),
                             "headers": dict(request.headers), "body": (await request.body()).decode()})  # fmt: skip
        answer = bytes(told.body)
        headers = {"set-cookie": "mine=1", "content-security-policy": "frame-ancestors *", "etag": '"e"',
                   "access-control-allow-origin": "*"}  # fmt: skip
        pieces = (answer[at : at + 16] for at in range(0, len(answer), 16))
        return StreamingResponse(pieces, 207, headers, "application/json")

    return service


def connect(app: FastAPI, transport: Any) -> None:
    """Requests to services go through `transport`; call it once the application runs."""
    app.state.client = httpx.AsyncClient(transport=transport)


@pytest.fixture
def services(app: FastAPI, reader: TestClient) -> TestClient:
    """The reader's browser, with services that echo."""
    connect(app, httpx.ASGITransport(app=echo_service()))
    return reader
