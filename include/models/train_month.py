"""`make train`: plan, fit every family, register, for the newest month of TAXI_MONTHS."""

from __future__ import annotations

from typing import Any

from include.config import get_settings
from include.models.registry import register_best
from include.models.train_all import fit_family, plan_training
from include.utils.cli import run_month_step


def train_month(service: str, month: str) -> dict[str, Any]:
    """Train and register phases of one month; NothingToDo says why when it is skipped."""
    plan = plan_training(service, month, newest_month=str(get_settings().months[-1]))
    return register_best(plan, [fit_family(plan, family) for family in plan["families"]])


if __name__ == "__main__":
    run_month_step(train_month)
