"""When a trip starts, as numbers: pure functions of the pick-up time in naive New York time.

A nonexistent hour (02:30 on the day the clocks go forward) is taken as written; of the hour that passes twice, both
passes are the same.
"""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar, cast

import numpy as np

from include.features.lookup import Columns, Lookup
from include.trips.calendar import DAYS, FIRST_DAY, holiday_table

MINUTES_A_DAY = 1440
MINUTES_A_WEEK = 7 * MINUTES_A_DAY
TIME_BANDS = ("night", "morning", "midday", "evening", "late")
_BAND_STARTS = np.array([6, 10, 16, 20])
_MONDAY = np.datetime64("2019-01-07", "m")
Frame = TypeVar("Frame")


def minute_of_week(pickup_at: np.ndarray) -> np.ndarray:
    """(n,) datetime64 -> (n,) int64 minutes since Monday 00:00."""
    minutes = pickup_at.astype("datetime64[m]").view(np.int64)
    return (minutes + 3 * MINUTES_A_DAY) % MINUTES_A_WEEK  # 1970-01-01 was a Thursday


def day_index(pickup_at: np.ndarray) -> np.ndarray:
    """(n,) datetime64 -> (n,) int64 row of the calendar tables; times outside 2009-2040 take the nearest day."""
    days = (pickup_at.astype("datetime64[D]") - FIRST_DAY).view(np.int64)
    return np.minimum(np.maximum(days, 0), DAYS - 1)  # np.clip costs a request five times as much


def hour_of_day(pickup_at: np.ndarray) -> np.ndarray:
    """(n,) datetime64 -> (n,) int64 hour 0-23."""
    return pickup_at.astype("datetime64[h]").view(np.int64) % 24


def weekday_of(pickup_at: np.ndarray) -> np.ndarray:
    """(n,) datetime64 -> (n,) int64 day of the week, Monday 0."""
    return minute_of_week(pickup_at) // MINUTES_A_DAY


def is_weekend(pickup_at: np.ndarray) -> np.ndarray:
    """(n,) datetime64 -> (n,) bool, Saturday and Sunday."""
    return np.asarray(weekday_of(pickup_at) >= 5)


def is_holiday(pickup_at: np.ndarray) -> np.ndarray:
    """(n,) datetime64 -> (n,) int8, 1 on a public holiday in New York; a day on which one is observed counts too."""
    return np.asarray(holiday_table()[day_index(pickup_at)])


def is_holiday_eve(pickup_at: np.ndarray) -> np.ndarray:
    """(n,) datetime64 -> (n,) int8, 1 on the day before a public holiday."""
    return np.asarray(holiday_table(1)[day_index(pickup_at)])


def is_day_after_holiday(pickup_at: np.ndarray) -> np.ndarray:
    """(n,) datetime64 -> (n,) int8, 1 on the day after a public holiday."""
    return np.asarray(holiday_table(-1)[day_index(pickup_at)])


def time_of_day_category(hour: np.ndarray) -> np.ndarray:
    """(n,) hour 0-23 -> (n,) index into TIME_BANDS: night 0-5, morning 6-9, midday 10-15, evening 16-19, late 20-23."""
    return np.asarray(np.searchsorted(_BAND_STARTS, hour, side="right"))


@cache
def cyclical_table(period: int) -> tuple[np.ndarray, np.ndarray]:
    """float32 sine and cosine of 0..period-1 on a circle; a table, so that one value and many agree to the last bit."""
    angle = 2 * np.pi * np.arange(period) / period
    return np.sin(angle).astype(np.float32), np.cos(angle).astype(np.float32)


def cyclical_encoding(df: Frame, column: str, period: int) -> Frame:
    """A copy with `<column>_sin` and `<column>_cos`, float32: the place of whole numbers on a circle of `period`.

    A DataFrame gives a DataFrame, any other mapping of column -> array a dict. ValueError for a number that is not
    whole; one outside 0..period-1 goes round the circle.
    """
    columns: Any = df
    values = np.asarray(columns[column])
    whole = values.astype(np.int64)
    if np.any(whole != values):
        wrong = values[whole != values][0]
        raise ValueError(f"{column} holds {wrong}: whole numbers are expected; round or cut them first.")
    sine, cosine = cyclical_table(period)
    encoded = {f"{column}_sin": sine[whole % period], f"{column}_cos": cosine[whole % period]}
    with_both: Any = columns.assign(**encoded) if hasattr(columns, "assign") else {**columns, **encoded}
    return cast(Frame, with_both)


def extract_datetime_features(trips: Columns, column: str = "pickup_at") -> dict[str, np.ndarray]:
    """A column of datetime64, (n,) -> the temporal features by name, each (n,), in the dictionary's order."""
    pickup_at = np.asarray(trips[column])
    return of_the_week(pickup_at) | of_the_calendar(pickup_at)


def of_the_week(pickup_at: np.ndarray) -> dict[str, np.ndarray]:
    """(n,) datetime64 -> what depends on the minute of the week."""
    hour, in_week = hour_of_day(pickup_at), minute_of_week(pickup_at)
    circles = {"minute_of_day": in_week % MINUTES_A_DAY, "minute_of_week": in_week}
    circles = cyclical_encoding(cyclical_encoding(circles, "minute_of_day", MINUTES_A_DAY), "minute_of_week",
                                MINUTES_A_WEEK)  # fmt: skip
    return {
        "hour": hour,
        "weekday": weekday_of(pickup_at),
        "minute_of_day": circles["minute_of_day"],
        "minute_of_week": in_week,
        "day_sin": circles["minute_of_day_sin"],
        "day_cos": circles["minute_of_day_cos"],
        "week_sin": circles["minute_of_week_sin"],
        "week_cos": circles["minute_of_week_cos"],
        "is_weekend": is_weekend(pickup_at),
        "time_band": time_of_day_category(hour),
    }


def day_of_year(pickup_at: np.ndarray) -> np.ndarray:
    """(n,) datetime64 -> (n,) int64 days since 1 January, 0-365."""
    first = pickup_at.astype("datetime64[Y]").astype("datetime64[D]")
    return np.asarray((pickup_at.astype("datetime64[D]") - first).astype(np.int64))


def of_the_calendar(pickup_at: np.ndarray) -> dict[str, np.ndarray]:
    """(n,) datetime64 -> what depends on the date.

    No trend: a model of few months carries it on in a line, and misses the next month by it.
    """
    return {
        "is_holiday": is_holiday(pickup_at),
        "is_holiday_eve": is_holiday_eve(pickup_at),
        "is_day_after_holiday": is_day_after_holiday(pickup_at),
        "day_of_year": day_of_year(pickup_at),
    }


@cache
def week_table() -> Lookup:
    """One row per minute of the week, Monday 00:00 first."""
    return Lookup.of(of_the_week(_MONDAY + np.arange(MINUTES_A_WEEK)))
