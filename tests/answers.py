"""Answers as the service gives them, and what became of them."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, func, select

from include.serving.log.recording import Answered
from include.serving.quotes.trips import Trip
from include.warehouse.metadata import PREDICTIONS


def answered(number: int, request: str = "r", service: str = "yellow", **chosen: Any) -> Answered:
    """The answer to one trip; `number` tells it from others."""
    trip = Trip(service, 132, 1 + number % 265, datetime(2019, 6, 14, 18, 30), 1)
    said = {"value": 20.5, "p10": 15.0, "p90": 28.0, "model": f"nyc_taxi_{service}_duration_min/3"}
    answer = {"duration_min": said, "fare_usd": None, "high_tip": {"probability": 0.25, "model": "m/1"},
              "degraded": False}  # fmt: skip
    return Answered(f"{request}-{number}", trip, answer | chosen)


def logged(engine: Engine) -> int:
    """Rows of `prediction_log`."""
    with engine.connect() as connection:
        return int(connection.execute(select(func.count()).select_from(PREDICTIONS)).scalar() or 0)


def eventually(met: Callable[[], bool], seconds: float = 30) -> bool:
    """Whether the condition is met within so many seconds."""
    deadline = time.monotonic() + seconds
    while not met():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
