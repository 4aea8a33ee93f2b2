"""What pages ask the warehouse and the lake, kept for a while: the same query functions that the API uses.

A fault is raised and never kept, so a page recovers as soon as what it asked is back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import streamlit as st
from sqlalchemy import Engine

from include.config import SERVICES, get_settings
from include.dashboard import documents, mlflow
from include.dashboard.faults import NothingYetError
from include.warehouse import experiments, performance, predictions, quality
from include.warehouse import models as warehouse_models
from include.warehouse import months as warehouse_months
from include.warehouse import totals as trip_totals
from include.warehouse.engine import get_engine

MOST_FITS = 10_000
SECONDS = 60
"""How old an answer may be; a month lands once a month, and a decision is seen within a minute."""
P = ParamSpec("P")
T = TypeVar("T")


def engine() -> Engine:
    """The warehouse of the settings."""
    return get_engine(get_settings())


def kept(function: Callable[P, T]) -> Callable[P, T]:
    """The function's answers, kept SECONDS for all sessions; pages get a copy, so none changes another's."""
    cached = st.cache_data(ttl=SECONDS, show_spinner=False, max_entries=500)(function)

    @wraps(function)
    def ask(*args: P.args, **kwargs: P.kwargs) -> T:
        return cached(*args, **kwargs)

    return ask


def in_order(services: Iterable[str]) -> list[str]:
    """The service that the settings are about first, since pages open with it; then as the settings list them."""
    order = dict.fromkeys([get_settings().service, *SERVICES])
    return sorted(services, key=list[str](order).index)


@kept
def months_loaded() -> dict[str, list[str]]:
    """Service -> its months with totals."""
    found = trip_totals.months_loaded(engine())
    return {service: found[service] for service in in_order(found)}


def months_or_stop() -> dict[str, list[str]]:
    """`months_loaded`; NothingYetError while there is none."""
    found = months_loaded()
    if not found:
        raise NothingYetError(
            "No month has been cleaned yet. `make run` brings the embedded sample through all phases; `make pipeline "
            "TAXI_SOURCE=<folder or tlc> TAXI_MONTHS=2019-01:2019-03` takes real months. This page fills by itself."
        )
    return found


@kept
def totals(
    service: str, months: Sequence[str], grain: str, by: Sequence[str] = (), pickups: Sequence[int] | None = None,
    dropoffs: Sequence[int] | None = None,
) -> list[dict[str, Any]]:  # fmt: skip
    """Rows of `include/warehouse/totals.py`."""
    return trip_totals.totals(engine(), service, months, grain, by, pickup_zones=pickups, dropoff_zones=dropoffs)


@kept
def models_known() -> dict[str, list[str]]:
    """Service -> targets that something was fitted for."""
    found: dict[str, list[str]] = {}
    for row in warehouse_models.models_known(engine()):
        found.setdefault(row["service"], []).append(row["target"])
    return {service: found[service] for service in in_order(found)}


def models_or_stop() -> dict[str, list[str]]:
    """`models_known`; NothingYetError while nothing has been fitted."""
    found = models_known()
    if not found:
        raise NothingYetError(
            "No model has been trained yet: that takes one month that came before the newest one. `make run`, or `make "
            "pipeline TAXI_MONTHS=2019-01:2019-03`, trains and promotes the first ones."
        )
    return found


@kept
def fits(service: str, target: str) -> list[dict[str, Any]]:
    """Every family's last fit of each month, the newest month first and in it the best first."""
    return last_of_each(experiments.experiments(engine(), service, target, limit=MOST_FITS).rows)


def last_of_each(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of several fits of a family for a month, as a month that was done again has, the last one; the order stays."""
    last: dict[tuple[str, str], dict[str, Any]] = {}
    for row in sorted(rows, key=lambda row: str(row["created_at"] or "")):
        last[row["family"], row["month"]] = row
    return [row for row in rows if last[row["family"], row["month"]] is row]


@kept
def scores(model: str) -> list[dict[str, Any]]:
    """A model's scores by month, version and role."""
    return warehouse_models.scores(engine(), model)


@kept
def versions(model: str) -> list[dict[str, Any]]:
    """A model's versions, the newest first."""
    return warehouse_models.versions(engine(), model)


@kept
def decisions(model: str) -> list[dict[str, Any]]:
    """A model's promotion log."""
    return performance.promotions(engine(), model)


@kept
def staleness(service: str, target: str) -> list[dict[str, Any]]:
    """The staleness matrix as cells."""
    return warehouse_models.staleness(engine(), service, target)


@kept
def services_with_months() -> list[str]:
    """Services of which some month was ingested."""
    return in_order(warehouse_months.services_with_months(engine()))


@kept
def month_calendar(service: str) -> list[dict[str, Any]]:
    """Every month's state."""
    return warehouse_months.month_calendar(engine(), service)


@kept
def nulls_by_month(service: str) -> list[dict[str, Any]]:
    """Missing values by month and column."""
    return warehouse_months.nulls_by_month(engine(), service)


@kept
def drift_by_month(service: str, month: str | None = None) -> list[dict[str, Any]]:
    """Comparisons of all months, or of one with its segments."""
    return warehouse_months.drift_by_month(engine(), service, month)


@kept
def quality_of(service: str, month: str) -> dict[str, Any] | None:
    """Everything about one month, as the API tells it."""
    return quality.quality_of(engine(), service, month)


@kept
def volume(days: int) -> list[dict[str, Any]]:
    """Per day and service what the service was asked in the last so many days."""
    return predictions.volume(engine(), _last(days))


@kept
def latency(days: int) -> dict[str, dict[str, float]]:
    """Service -> percentiles of the answers of the last so many days, in milliseconds."""
    return predictions.latency(engine(), _last(days))


def _last(days: int) -> tuple[str, str]:
    today = datetime.now(UTC).date()
    return str(today - timedelta(days=days - 1)), str(today)


@kept
def document_months(stage: str, service: str) -> list[str]:
    """Months of which the lake has a document."""
    return documents.document_months(get_settings(), stage, service)


@kept
def document(stage: str, service: str, month: str) -> dict[str, Any] | None:
    """A document of the lake."""
    return documents.read_document(get_settings(), stage, service, month)


@kept
def trials(family: str, target: str, service: str, month: str) -> list[dict[str, Any]]:
    """A search's trials."""
    return documents.read_trials(get_settings(), family, target, service, month)


@kept
def run_path(base: str, run_id: str) -> str:
    """A run's page within MLflow."""
    return mlflow.run_path(base, run_id)


@kept
def experiment_of(base: str, model: str) -> str | None:
    """The experiment within MLflow that holds a model's fits."""
    return mlflow.experiment_of(base, model)


def forget() -> None:
    """Everything is asked anew: something was changed from a page."""
    st.cache_data.clear()
