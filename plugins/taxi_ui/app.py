"""The web application that the API server mounts: every address of it is for people who are signed in."""

from __future__ import annotations

from fastapi import Depends, FastAPI, Request, Response
from starlette.exceptions import HTTPException

from taxi_ui import api_pages, dashboard_pages, home_pages, mlflow_pages, run_pages
from taxi_ui.access import to_login, viewer
from taxi_ui.pages import notice
from taxi_ui.proxy import connections

REFUSED = {401: "Sign in first", 403: "Not for your role", 404: "Not here", 405: "Not possible"}


def create_app() -> FastAPI:
    """The pages, none of them without `viewer`; the application has no documentation of its own that would be open."""
    app = FastAPI(title="Smart Analytics", lifespan=connections, dependencies=[Depends(viewer)],
                  docs_url=None, redoc_url=None, openapi_url=None)  # fmt: skip
    for part in (home_pages, run_pages, mlflow_pages, api_pages, dashboard_pages):
        app.include_router(part.router)
    app.add_api_route("/{path:path}", absent)
    app.add_exception_handler(HTTPException, refused)
    return app


def absent(path: str) -> Response:
    """What no page has: it too is told only to those who are signed in."""
    raise HTTPException(404, f"There is no page {path}. Airflow's menu Plugins leads to those there are.")


async def refused(request: Request, error: Exception) -> Response:
    """A page with the reason; who is not signed in and asks for a page is led to the login."""
    assert isinstance(error, HTTPException)
    if error.status_code == 401 and (login := to_login(request)):
        return login
    return notice(REFUSED.get(error.status_code, "Refused"), str(error.detail), status=error.status_code)
