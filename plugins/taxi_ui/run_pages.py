"""The tabs of a run: Data Docs and quality report of its month."""

from __future__ import annotations

from typing import Annotated

from airflow.api_fastapi.common.db.common import SessionDep
from fastapi import APIRouter, Depends, Response
from fastapi.responses import RedirectResponse

from taxi_ui.access import may_see_run
from taxi_ui.catalog import QUALITY, validations
from taxi_ui.files import inside
from taxi_ui.home_pages import SettingsDep
from taxi_ui.pages import notice, page
from taxi_ui.runs import MonthOfRun, month_of


def named_run(dag_id: str, run_id: str, session: SessionDep) -> MonthOfRun:
    """The service-month of the run that the address names."""
    return month_of(dag_id, run_id, session)


Run = Annotated[MonthOfRun, Depends(named_run)]
router = APIRouter(prefix="/run", dependencies=[Depends(may_see_run)])


@router.get("/data_docs")
def month_data_docs(run: Run, settings: SettingsDep) -> Response:
    """What was validated of the run's month, with a way to each page."""
    if run.why:
        return notice("No Data Docs", run.why)
    found = validations(settings.home, run.service, run.month)
    if not found:
        return notice("Not validated yet", f"{run.service} {run.month} has no validation in this home.",
                      "The task validate.validate_month makes the first: look again when that has ended.")  # fmt: skip
    return page("month", service=run.service, month=run.month, validations=found)


@router.get("/quality")
def month_quality(run: Run, settings: SettingsDep) -> Response:
    """The way to the quality report of the run's month."""
    if run.why:
        return notice("No quality report", run.why)
    name = f"{QUALITY}/{run.service}/{run.month}.html"
    if inside(settings.home, name) is None:
        return notice("No quality report yet", f"{run.service} {run.month} has no report in this home.",
                      "The task validate.assess_month writes it: look again when that has ended.")  # fmt: skip
    return RedirectResponse(f"../{name}", 303)
