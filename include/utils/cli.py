"""Steps on the command line: one month, one sentence when it cannot be done."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from typing import Any

from include.config import SERVICES, get_settings
from include.errors import NothingToDo, TaxiError
from include.utils.logs import configure

MonthStep = Callable[[str, str], dict[str, Any]]


def run_month_step(*steps: MonthStep) -> None:
    """Runs the steps for --service and --month, or for every month of TAXI_MONTHS. A fault ends with exit code 1."""
    configure()
    try:
        settings = get_settings()
        parser = argparse.ArgumentParser()
        parser.add_argument("--service", choices=SERVICES, default=settings.service)
        parser.add_argument("--month", help="YYYY-MM; default: every month of TAXI_MONTHS")
        asked = parser.parse_args()
        for month in [asked.month] if asked.month else [str(m) for m in settings.months]:
            for step in steps:
                print(json.dumps({"step": step.__name__, "month": month, **_outcome(step, asked.service, month)}))
    except (TaxiError, ValueError) as error:
        sys.exit(f"error: {error}")


def _outcome(step: MonthStep, service: str, month: str) -> dict[str, Any]:
    try:
        return step(service, month)
    except NothingToDo as reason:
        return {"status": "skipped", "reason": str(reason)}
