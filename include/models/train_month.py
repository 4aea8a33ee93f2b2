"""The train and register phases of one month, in one process."""

from __future__ import annotations

from typing import Any

from include.config import Settings, get_settings
from include.errors import NothingToDo
from include.models.evaluated import report_registered
from include.models.explore import VIEWS, explore
from include.models.plan import plan_training
from include.models.registry import register_best
from include.models.train_all import fit_family


def train_month(
    service: str, month: str, train: str = "newest", settings: Settings | None = None, newest_month: str = ""
) -> dict[str, Any]:
    """Plan, fit every family, register, report, explore: each step's result. NothingToDo says why it is skipped."""
    settings = settings or get_settings()
    plan = plan_training(service, month, train, settings, newest_month)
    registered = register_best(plan, [fit_family(plan, family, settings) for family in plan["families"]], settings)
    reported = report_registered(plan, registered, settings)
    views = {f"explore_{view}": _explored(plan, view, settings) for view in VIEWS}
    return {"register_best": registered, "report_registered": reported, **views}


def train_newest(service: str, month: str) -> dict[str, Any]:
    """`train_month` for the newest of TAXI_MONTHS; NothingToDo for the others."""
    settings = get_settings()
    return train_month(service, month, "newest", settings, str(settings.months[-1]))


def _explored(plan: dict[str, Any], view: str, settings: Settings) -> dict[str, Any]:
    """A view of the window, or the reason why there is none: the month is trained and decided either way."""
    try:
        return explore(plan, view, settings)
    except NothingToDo as reason:
        return {"status": "skipped", "reason": str(reason)}
