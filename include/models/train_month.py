"""Train and register phases of one month, in one process."""

from __future__ import annotations

from typing import Any

from include.config import get_settings
from include.models.plan import plan_training
from include.models.registry import register_best
from include.models.train_all import fit_family


def train_month(service: str, month: str) -> dict[str, Any]:
    """Plan, fit every family, register; NothingToDo says why when it is skipped."""
    plan = plan_training(service, month, newest_month=str(get_settings().months[-1]))
    return register_best(plan, [fit_family(plan, family) for family in plan["families"]])
