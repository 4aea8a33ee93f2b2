"""Who may see what: Airflow does not guard the pages of a plugin, so each of them names one of these."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

from airflow.api_fastapi.app import get_auth_manager
from airflow.api_fastapi.auth.managers.base_auth_manager import BaseAuthManager
from airflow.api_fastapi.auth.managers.models.base_user import BaseUser
from airflow.api_fastapi.auth.managers.models.resource_details import AccessView, DagAccessEntity
from airflow.api_fastapi.core_api.security import GetUserDep, requires_access_dag
from fastapi import Depends, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

AuthManager = Annotated[BaseAuthManager[Any], Depends(get_auth_manager)]
LOGIN = "/api/v2/auth/login?next="


def viewer(user: GetUserDep, auth: AuthManager) -> BaseUser:
    """Somebody signed in who may see Airflow's website; 401 or 403 for others."""
    if not auth.is_authorized_view(access_view=AccessView.WEBSITE, user=user):
        raise HTTPException(403, "Your role may not see Airflow's website.")
    return user


def same_origin(request: Request) -> None:
    """403 for a request that another site's page has sent: cookies go with those from another port of this host."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise HTTPException(403, "Another site may not send requests here.")


def may_change(user: BaseUser, auth: BaseAuthManager[Any]) -> bool:
    """True for operators and administrators: those who may change Airflow's pools."""
    return auth.is_authorized_pool(method="PUT", user=user)


may_see_run = requires_access_dag("GET", DagAccessEntity.RUN)
"""Dependency: the user may see the runs of the DAG that `dag_id` names in the address."""


def to_login(request: Request) -> Response | None:
    """The way to Airflow's login and back, for a browser that asks for a page; None for a program."""
    if request.method != "GET" or "text/html" not in request.headers.get("accept", ""):
        return None
    root = request.scope.get("app_root_path", "")
    return RedirectResponse(f"{root}{LOGIN}{quote(str(request.url), safe='')}", 303)
