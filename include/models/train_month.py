"""The train and register phases of one month, in one process."""

from __future__ import annotations

from typing import Any

from include.config import Settings, get_settings
from include.errors import NothingToDo
from include.llm.champion_cards import write_champion_cards
from include.models.approval import Answer
from include.models.evaluated import report_registered
from include.models.explore import VIEWS, explore
from include.models.plan import plan_training
from include.models.registry import register_best
from include.models.train_all import Outcome, fit_family, fitted_targets
from include.utils.logs import get_logger

KILLED = "its fit ended without an outcome: it was killed, or lost what it writes to"


def train_month(
    service: str, month: str, train: str = "newest", settings: Settings | None = None, newest_month: str = ""
) -> dict[str, Any]:
    """Plan, fit every family, register, report, write cards, explore: each step's result. NothingToDo says why it is
    skipped."""
    settings = settings or get_settings()
    plan = plan_training(service, month, train, settings, newest_month)
    registered = register_fitted(plan, [fit_family(plan, family, settings) for family in plan["families"]], settings)
    reported = report_registered(plan, registered, settings)
    cards = write_champion_cards(service, month, settings)
    views = {f"explore_{view}": _explored(plan, view, settings) for view in VIEWS}
    return {"register_best": registered, "report_registered": reported, "write_champion_cards": cards, **views}


def register_fitted(
    plan: dict[str, Any], fitted: list[list[Outcome]], settings: Settings | None = None, answer: Answer | None = None
) -> dict[str, Any]:
    """Step: `register_best`, with a family of the plan that left no outcome named among the failed ones.

    `answer` is what a person said to the question of `include.models.approval.compare`, None when none was asked.
    """
    told = {outcome["family"] for family in fitted for outcome in family}
    absent = [family for family in plan["families"] if family not in told]
    lost = [
        {"family": family, "target": target, "failed": KILLED, "run_id": ""}
        for family in absent for target in fitted_targets(plan["service"], family)
    ]  # fmt: skip
    if lost:
        log = get_logger(phase="register", service=plan["service"], month=plan["month"])
        log.warning("fits ended without an outcome", families=absent)
    return register_best(plan, [*fitted, lost], settings, answer)


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
