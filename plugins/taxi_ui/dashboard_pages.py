"""The way to the dashboard, in a tab of its own.

It talks over a WebSocket, which the proxy does not pass; and a frame of Airflow's may open no tab, so that the links
from the dashboard to MLflow, to Data Docs and to sources would do nothing there.
"""

from __future__ import annotations

import httpx
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from taxi_ui.home_pages import SettingsDep
from taxi_ui.policies import PLAIN, headers
from taxi_ui.proxy import Service, away

SECONDS = 5.0
router = APIRouter()


@router.get("/dashboard")
async def dashboard(request: Request, settings: SettingsDep) -> Response:
    """303 to the dashboard's port at the host by which this browser reaches Airflow; 503 with the next step while the
    dashboard is away."""
    service = Service("The dashboard", settings.dashboard_address, "It is started by",
                      ("make serve-ui", "docker compose up --detach dashboard"))  # fmt: skip
    client: httpx.AsyncClient = request.app.state.client
    try:
        (await client.get(f"{service.address}/_stcore/health", timeout=SECONDS)).raise_for_status()
    except httpx.HTTPError as fault:
        return away(service, fault)
    shown = str(request.url.replace(scheme="http", port=settings.dashboard_port, path="/", query=""))
    return RedirectResponse(shown, 303, headers=headers(PLAIN) | {"cache-control": "no-store"})
