"""What pages ask the warehouse and the lake, kept for a while: the same query functions that the API uses.

A fault is raised and never kept, so a page recovers as soon as what it asked is back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import streamlit as st
from sqlalchemy import Engine

from include.config import Settings, get_settings
from include.dashboard.faults import NothingYetError
from include.warehouse import totals as trip_totals
from include.warehouse.engine import get_engine

SECONDS = 60
"""How old an answer may be; a month lands once a month, and a decision is seen within a minute."""
P = ParamSpec("P")
T = TypeVar("T")


def engine() -> Engine:
    """The warehouse of the settings."""
    return get_engine(get_settings())


def settings() -> Settings:
    """The settings of this process."""
    return get_settings()


def kept(function: Callable[P, T]) -> Callable[P, T]:
    """The function's answers, kept SECONDS for all sessions; pages get a copy, so none changes another's."""
    cached = st.cache_data(ttl=SECONDS, show_spinner=False, max_entries=500)(function)

    @wraps(function)
    def ask(*args: P.args, **kwargs: P.kwargs) -> T:
        return cached(*args, **kwargs)

    return ask


@kept
def months_loaded() -> dict[str, list[str]]:
    """Service -> its months with totals."""
    return trip_totals.months_loaded(engine())


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
