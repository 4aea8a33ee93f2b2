"""Data Docs, quality reports and model evaluations of the home, and the page that lists them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request, Response

from include.config import Settings, get_settings
from taxi_ui import policies
from taxi_ui.catalog import DOCS, STAGES, month_pages
from taxi_ui.files import inside, send
from taxi_ui.pages import notice, page

SettingsDep = Annotated[Settings, Depends(get_settings)]
INDEX = "index.html"
TODO = "Trigger a DAG nyc_taxi_<service>_monthly with a month as partition key, or run"
router = APIRouter()


@router.get("/data_docs/{name:path}")
def data_docs(name: str, request: Request, settings: SettingsDep) -> Response:
    """A file of the site; before the first validation a page that says so."""
    site = settings.home / DOCS
    path = inside(site, name or INDEX)
    if path is not None:
        return send(request, path, policies.headers(policies.data_docs(site)))
    if name in ("", INDEX):
        return notice("No Data Docs yet", "No month has been validated in this home.", TODO, "make process")
    raise HTTPException(404, f"Data Docs have no page {name}. Begin at their index.")


@router.get("/reports/")
def reports(settings: SettingsDep) -> Response:
    """Every month with a page, by service."""
    services: dict[str, list[object]] = {}
    for pages in month_pages(settings.home):
        services.setdefault(pages.service, []).append(pages)
    if not services:
        return notice("No reports yet", "No month has been cleaned in this home.", TODO, "make process")
    return page("reports", services=services, stages=STAGES)


@router.get("/reports/{name:path}")
def report(name: str, request: Request, settings: SettingsDep) -> Response:
    """A report as it was written."""
    path = inside(settings.home / "reports", name)
    if path is None:
        raise HTTPException(404, f"There is no report {name}. The list is at reports/.")
    return send(request, path, policies.headers(policies.PLAIN))
