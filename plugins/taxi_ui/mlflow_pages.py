"""MLflow's UI for those who are signed in to Airflow; only operators and administrators change anything in it.

MLflow has no login here, and gives some powers to whoever asks from its own machine, as this server does: an assistant
that runs commands, a gateway, jobs. So the addresses that may be asked for are listed.
"""

from __future__ import annotations

import json
from typing import Annotated

from airflow.api_fastapi.auth.managers.models.base_user import BaseUser
from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse

from include.serving.web.docs_page import content_security_policy
from taxi_ui.access import AuthManager, may_change, same_origin, viewer
from taxi_ui.home_pages import SettingsDep
from taxi_ui.mlflow_addresses import absent, is_offered, is_read
from taxi_ui.pages import notice
from taxi_ui.policies import MLFLOW, headers
from taxi_ui.proxy import Service, forward

START = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>MLflow</title></head><body><script>
for (const [name, value] of Object.entries(%s)) {
  if (localStorage.getItem(name) === null) localStorage.setItem(name, value);
}
location.replace("mlflow/#/experiments");
</script></body></html>
"""
FIRST_VISIT = {
    "mlflow.workflowType_v1": '"machine_learning"', "mlflow.assistant.fab.autoOpenedOnFirstLoad_v1": "true",
    "mlflow.assistant.panelOpen_v1": "false", "_mlflow_model_registry_promo_modal_dismissed_v1": "true",
}  # fmt: skip
"""What MLflow's UI keeps in the browser: model training rather than prompts, no assistant, no tour."""
router = APIRouter()


@router.get("/mlflow_start")
def start() -> Response:
    """The way into MLflow's UI, which begins with this project's part of it; what a reader has chosen stays."""
    text = START % json.dumps(FIRST_VISIT)
    return HTMLResponse(text, headers=headers(content_security_policy(text)) | {"cache-control": "no-store"})


@router.api_route("/mlflow/{path:path}", methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
async def mlflow(
    path: str, request: Request, settings: SettingsDep, auth: AuthManager, user: Annotated[BaseUser, Depends(viewer)]
) -> Response:
    """MLflow's answer; 404 for what is not offered, 403 for a change by one who may not or from another site's page."""
    if request.method == "GET" and (nothing := absent(path)) is not None:
        return JSONResponse(nothing, headers=headers(MLFLOW))
    if not is_offered(path):
        raise HTTPException(404, f"MLflow's {path} is not offered inside Airflow.")
    if request.method not in ("GET", "HEAD"):
        same_origin(request)
        if not (request.method == "POST" and is_read(path)) and not may_change(user, auth):
            raise HTTPException(403, "Only operators and administrators of Airflow change anything in MLflow here.")
    if not settings.mlflow_address:
        return notice("MLflow has no server", "MLFLOW_TRACKING_URI names a store, and no web address.",
                      "A server is started by", "make run", status=503)  # fmt: skip
    service = Service("MLflow", settings.mlflow_address, "Its service is called mlflow; it is started by",
                      ("make run", "docker compose up --detach mlflow"))  # fmt: skip
    return await forward(request, service, path, headers(MLFLOW))
