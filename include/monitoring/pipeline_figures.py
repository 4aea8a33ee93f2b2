"""How far each service's months have come, as gauges."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from prometheus_client.core import GaugeMetricFamily, Metric

from include.config import Settings
from include.trips.month import Month
from include.warehouse.months import STATES
from include.warehouse.reading import Row

Calendars = Mapping[str, Sequence[Row]]
"""Service -> its months from the first to the last, as `month_calendar` gives them."""
DONE = ("passed", "look", "waived")
NEW_YORK = ZoneInfo("America/New_York")


def pipeline_figures(calendars: Calendars, settings: Settings) -> Iterator[Metric]:
    """Months by state, expectations of the newest, the newest that is done, and when the one after it is overdue."""
    yield _states(calendars)
    yield _expectations(calendars)
    yield from _ages(calendars, settings)


def row_figures(services: Mapping[str, Sequence[Row]]) -> Iterator[Metric]:
    """Rows of months, as `rows_by_month` gives them, by what became of them."""
    family = GaugeMetricFamily("taxi_month_rows", "Rows of the newest months: read, kept, quarantined",
                               labels=["service", "month", "part"])  # fmt: skip
    for service, months in services.items():
        for row in months:
            for part in ("read", "kept", "quarantined"):
                if row[part] is not None:
                    family.add_metric([service, row["month"], part], row[part])
    yield family


def newest_done(months: Sequence[Row]) -> Month | None:
    """The last month whose trips may be used."""
    done = [month["month"] for month in months if month["state"] in DONE]
    return Month.parse(done[-1]) if done else None


def _states(calendars: Calendars) -> Metric:
    family = GaugeMetricFamily("taxi_months", "Months by how they went", labels=["service", "state"])
    for service, months in calendars.items():
        counted = Counter(month["state"] for month in months)
        for state in STATES:
            family.add_metric([service, state], counted[state])
    return family


def _expectations(calendars: Calendars) -> Metric:
    """Critical ones are among the broken."""
    family = GaugeMetricFamily("taxi_newest_month_expectations", "Expectations of the newest month by outcome",
                               labels=["service", "outcome"])  # fmt: skip
    for service, months in calendars.items():
        for outcome in ("broken", "critical", "waived"):
            family.add_metric([service, outcome], months[-1][outcome])
    return family


def _ages(calendars: Calendars, settings: Settings) -> Iterator[Metric]:
    """Months of the sample are made up, so none of them is ever due."""
    ends = GaugeMetricFamily("taxi_newest_month_end_timestamp_seconds", "End of the newest month that is done",
                             labels=["service"])  # fmt: skip
    due = GaugeMetricFamily("taxi_next_month_due_timestamp_seconds", "When the next one is overdue (TAXI_LATE_DAYS)",
                            labels=["service"])  # fmt: skip
    for service, months in calendars.items():
        if newest := newest_done(months):
            ends.add_metric([service], _seconds(newest.end))
            if settings.source != "sample":
                due.add_metric([service], _seconds(newest.plus(1).end + timedelta(days=settings.late_days)))
    yield from (ends, due)


def _seconds(naive: datetime) -> float:
    return naive.replace(tzinfo=NEW_YORK).timestamp()
