"""The monthly pipeline in one process, without Airflow: `make pipeline TAXI_MONTHS=2023-01:2023-02`."""

from __future__ import annotations

import json
import sys

from include.config import get_settings
from include.errors import TaxiError
from include.pipeline import run_month
from include.utils.logs import configure


def main() -> None:
    """Runs every month of TAXI_MONTHS; the newest one trains. A fault ends with one sentence and exit code 1."""
    configure()
    try:
        settings = get_settings()
        for month in settings.months:
            outcome = run_month(settings.service, str(month), "newest", settings, str(settings.months[-1]))
            print(json.dumps({"service": settings.service, "month": str(month), **outcome}, indent=2, default=str))
    except TaxiError as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()
