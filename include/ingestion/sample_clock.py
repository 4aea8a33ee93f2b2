"""When the sample's trips start, and how fast traffic moves then."""

from __future__ import annotations

import numpy as np

from include.ingestion import sample_facts as facts
from include.trips.calendar import FIRST_DAY, holiday_table
from include.trips.month import Month

NIGHT_OF_LOCKDOWN = np.where(np.isin(np.arange(24), (20, 21, 22, 23, 0, 1, 2, 3)), 0.5, 1.0)
"""Demand by hour when bars and theatres are shut, against the usual."""
DAY_NOISE = 0.07
"""Standard deviation of log speed between days alike: weather, events, what closed that day."""
LOST_DAYS = 40


def pickup_times(service: str, month: Month, rows: int, rng: np.random.Generator) -> np.ndarray:
    """(rows,) datetime64[us], sorted, whole seconds by hour-of-week demand; a few lie weeks before the month."""
    first = np.datetime64(month.start, "D")
    weight = hourly_demand(service, month)
    ends = np.cumsum(weight.ravel())
    cell = np.searchsorted(ends / ends[-1], rng.random(rows), side="right")
    seconds = cell * 3600 + rng.integers(0, 3600, rows)
    lost = rng.random(rows) < facts.OUT_OF_MONTH_SHARE
    seconds[lost] -= rng.integers(1, LOST_DAYS, int(lost.sum())) * 86_400
    return np.asarray(first.astype("datetime64[us]") + np.sort(seconds).astype("timedelta64[s]"))


def hourly_demand(service: str, month: Month) -> np.ndarray:
    """(days, 24) trips expected in each hour of the month, up to a factor."""
    days = np.arange(np.datetime64(month.start, "D"), np.datetime64(month.end, "D"))
    weight = np.asarray(facts.DEMANDS[service].hours)[day_kind(days)]
    weight = weight * np.where(is_holiday(days), facts.HOLIDAY_DEMAND, 1)[:, None]
    weight = weight * facts.by_day(facts.LOCKDOWN_DEMAND, days)[:, None]
    shut = facts.share_at(facts.LOCKDOWN, month)
    return np.asarray(weight * (1 + shut * (NIGHT_OF_LOCKDOWN - 1)))


def log_speed(service: str, month: Month, pickup: np.ndarray, seed: tuple[int, ...]) -> np.ndarray:
    """(n,) pick-ups -> (n,) log mph at one mile: hour of the week, season, lockdown, and the day's own luck.

    `seed` is the month's, so that a day is the same day wherever its trips are made.
    """
    hours = pickup.astype("datetime64[h]")
    slots, of_trip = np.unique(hours, return_inverse=True)
    days = slots.astype("datetime64[D]")
    mph = np.asarray(facts.DEMANDS[service].speed_mph)[day_kind(days), slots.astype(np.int64) % 24]
    logs = (
        np.log(mph)
        + facts.LOG_SPEED[service]
        + facts.SEASON[month.number - 1]
        + facts.by_day(facts.LOCKDOWN_LOG_SPEED, days)
    )
    logs = logs + np.where(is_holiday(days), facts.HOLIDAY_LOG_SPEED, 0)
    luck = np.random.default_rng([*seed, 1]).standard_normal(LOST_DAYS + 31)
    since = (days - np.datetime64(month.start, "D")).astype(np.int64) + LOST_DAYS
    return np.asarray((logs + DAY_NOISE * luck[since])[of_trip])


def day_kind(days: np.ndarray) -> np.ndarray:
    """(n,) datetime64[D] -> (n,) row of the hourly tables."""
    return np.asarray(facts.DAY_KINDS)[(days.astype(np.int64) + 3) % 7]


def is_holiday(days: np.ndarray) -> np.ndarray:
    """(n,) datetime64[D] -> (n,) bool, public holidays in New York."""
    return np.asarray(holiday_table()[np.maximum((days - FIRST_DAY).astype(np.int64), 0)] == 1)
