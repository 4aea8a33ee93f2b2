"""The prediction API's documentation, whose `Try it out` asks the API through Airflow's address."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import fastapi_offline
import httpx
from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse, JSONResponse

from include.serving.web.docs_page import content_security_policy
from taxi_ui.access import same_origin
from taxi_ui.files import inside, send
from taxi_ui.home_pages import SettingsDep
from taxi_ui.policies import PLAIN, headers
from taxi_ui.proxy import Service, away, fetch_json, forward

SWAGGER = Path(fastapi_offline.__file__).parent / "static"
KEY = ("x-api-key",)
"""Who may predict is the API's question, so its key goes there."""
router = APIRouter(prefix="/api")


def api_service(settings: SettingsDep) -> Service:
    """Where the API is."""
    return Service("The prediction API", settings.api_address, "Its service is called api; it is started by",
                   ("make run", "docker compose up --detach api"))  # fmt: skip


ApiDep = Annotated[Service, Depends(api_service)]


@router.get("/docs")
async def docs(request: Request, api: ApiDep) -> Response:
    """Swagger UI over the API's description; 503 with the next step while the API is away."""
    try:
        description = await fetch_json(request, api, "openapi.json")
    except httpx.HTTPError as fault:
        return away(api, fault)
    shown = get_swagger_ui_html(
        openapi_url="openapi.json", title=str(description["info"]["title"]),
        swagger_js_url="static/swagger-ui-bundle.js", swagger_css_url="static/swagger-ui.css",
        swagger_favicon_url="static/favicon.png",
    )  # fmt: skip
    text = bytes(shown.body).decode()
    return HTMLResponse(text, headers=headers(content_security_policy(text)) | {"cache-control": "no-store"})


@router.get("/openapi.json")
async def openapi(request: Request, api: ApiDep) -> Response:
    """The API's description, with this address as the server to ask."""
    try:
        description: dict[str, Any] = await fetch_json(request, api, "openapi.json")
    except httpx.HTTPError as fault:
        return away(api, fault)
    here = f"{request.scope['root_path']}{router.prefix}"
    return JSONResponse(description | {"servers": [{"url": here}]}, headers=headers(PLAIN))


@router.get("/static/{name}")
def swagger_file(name: str, request: Request) -> Response:
    """Swagger UI, from an installed package."""
    path = inside(SWAGGER, name)
    if path is None:
        raise HTTPException(404, f"Swagger UI has no file {name}.")
    return send(request, path, headers(PLAIN))


@router.get("/{path:path}")
async def read(path: str, request: Request, api: ApiDep) -> Response:
    """What the API tells about itself."""
    return await forward(request, api, path, headers(PLAIN), KEY)


@router.post("/{path:path}", dependencies=[Depends(same_origin)])
async def predict(path: str, request: Request, api: ApiDep) -> Response:
    """A prediction: nothing else of the API takes a body here."""
    if path not in ("predict", "predict/batch"):
        raise HTTPException(405, "Only predict and predict/batch take a request here.")
    return await forward(request, api, path, headers(PLAIN), KEY)
