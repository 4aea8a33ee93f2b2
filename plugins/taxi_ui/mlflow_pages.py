"""MLflow's UI for those who are signed in to Airflow; only operators and administrators change anything in it."""

from __future__ import annotations

import re
from typing import Annotated

from airflow.api_fastapi.auth.managers.models.base_user import BaseUser
from fastapi import APIRouter, Depends, HTTPException, Request, Response

from plugins.taxi_ui import policies
from plugins.taxi_ui.access import AuthManager, may_change, same_origin, viewer
from plugins.taxi_ui.home_pages import SettingsDep
from plugins.taxi_ui.pages import notice
from plugins.taxi_ui.proxy import Service, forward

READS = re.compile(r"ajax-api/[\d.]+/mlflow/(.+/)?(search|get|list|batch-get|query|calculate)[a-z-]*|graphql")
"""Addresses of MLflow whose POST changes nothing."""
router = APIRouter()


@router.api_route("/mlflow/{path:path}", methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
async def mlflow(
    path: str, request: Request, settings: SettingsDep, auth: AuthManager, user: Annotated[BaseUser, Depends(viewer)]
) -> Response:
    """MLflow's answer; 403 for a change by somebody who may not, or from another site's page."""
    if request.method not in ("GET", "HEAD"):
        same_origin(request)
        if not (request.method == "POST" and READS.fullmatch(path)) and not may_change(user, auth):
            raise HTTPException(403, "Only operators and administrators of Airflow change anything in MLflow here.")
    if not settings.mlflow_address:
        return notice("MLflow has no server", "MLFLOW_TRACKING_URI names a store, and no web address.",
                      "A server is started by", "make run", status=503)  # fmt: skip
    service = Service("MLflow", settings.mlflow_address, "Its service is called mlflow; it is started by",
                      "make run (in containers: docker compose up --detach mlflow)")  # fmt: skip
    return await forward(request, service, path, policies.headers(policies.MLFLOW))
