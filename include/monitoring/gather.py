"""Every figure of the warehouse in one reading, through the same queries as the API and the dashboard."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from prometheus_client.core import Metric
from sqlalchemy import Engine

from include.config import Settings
from include.models.bundle import model_name
from include.monitoring.drift_figures import drift_by_month_figures, drift_figures
from include.monitoring.model_figures import Standing, champion_figures, error_by_month_figures, error_figures
from include.monitoring.pipeline_figures import Calendars, newest_done, pipeline_figures, row_figures
from include.warehouse.models import models_known, scores, standing_version, versions
from include.warehouse.months import drift_by_month, month_calendar, rows_by_month, services_with_months
from include.warehouse.performance import PROSPECTIVE, promotions
from include.warehouse.reading import Row

SHOWN_MONTHS = 12
"""Months that have series of their own; older ones lose theirs, so that their number does not grow with the years."""


def read_figures(engine: Engine, settings: Settings) -> list[Metric]:
    """Months, models and drift. WarehouseError or SettingsError while the warehouse is away."""
    calendars = {service: month_calendar(engine, service) for service in services_with_months(engine)}
    return [
        *pipeline_figures(calendars, settings),
        *row_figures({service: rows_by_month(engine, service)[-SHOWN_MONTHS:] for service in calendars}),
        *_of_models(engine, settings, calendars),
        *_of_drift(engine, calendars),
    ]


def _of_models(engine: Engine, settings: Settings, calendars: Calendars) -> Iterator[Metric]:
    models = [
        _standing(engine, known["service"], known["target"], calendars.get(known["service"], ()))
        for known in models_known(engine)
    ]
    yield from champion_figures(models, settings.stale_months)
    yield from error_figures(models)
    yield from error_by_month_figures(models, SHOWN_MONTHS)


def _standing(engine: Engine, service: str, target: str, months: Sequence[Row]) -> Standing:
    name = model_name(service, target)
    version = standing_version(promotions(engine, name))
    champion = next((row for row in versions(engine, name) if row["version"] == version), None)
    scored = [row for row in scores(engine, name) if row["loss"] is not None]
    prospective, baseline = ([row for row in scored if row["role"] == role] for role in (PROSPECTIVE, "baseline"))
    return Standing(service, target, champion, newest_done(months), prospective, baseline)


def _of_drift(engine: Engine, calendars: Calendars) -> Iterator[Metric]:
    whole = {service: drift_by_month(engine, service) for service in calendars}
    newest = {service: rows[-1]["month"] for service, rows in whole.items() if rows}
    yield from drift_figures({service: drift_by_month(engine, service, month) for service, month in newest.items()})
    yield from drift_by_month_figures(whole, SHOWN_MONTHS)
