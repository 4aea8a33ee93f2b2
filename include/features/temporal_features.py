"""When a trip starts, as numbers: pure functions of the pick-up time in naive New York time."""

from __future__ import annotations

from functools import cache

import numpy as np

from include.trips.calendar import DAYS, FIRST_DAY, holiday_table

MINUTES_A_DAY = 1440
MINUTES_A_WEEK = 7 * MINUTES_A_DAY
TIME_BANDS = ("night", "morning", "midday", "evening", "late")
_BAND_STARTS = np.array([6, 10, 16, 20])


def minute_of_week(pickup_at: np.ndarray) -> np.ndarray:
    """(n,) datetime64 -> (n,) int64 minutes since Monday 00:00."""
    minutes = pickup_at.astype("datetime64[m]").astype(np.int64)
    return (minutes + 3 * MINUTES_A_DAY) % MINUTES_A_WEEK  # 1970-01-01 was a Thursday


def day_index(pickup_at: np.ndarray) -> np.ndarray:
    """(n,) datetime64 -> (n,) int64 row of the calendar tables; times outside 2009-2040 take the nearest day."""
    days = (pickup_at.astype("datetime64[D]") - FIRST_DAY).astype(np.int64)
    return np.clip(days, 0, DAYS - 1)


def is_weekend(weekday: np.ndarray) -> np.ndarray:
    """(n,) weekday 0-6, Monday first -> (n,) bool, Saturday and Sunday."""
    return np.asarray(weekday >= 5)


def is_holiday(pickup_at: np.ndarray) -> np.ndarray:
    """(n,) datetime64 -> (n,) int8, 1 on a public holiday in New York."""
    return np.asarray(holiday_table()[day_index(pickup_at)])


def time_of_day_category(hour: np.ndarray) -> np.ndarray:
    """(n,) hour 0-23 -> (n,) index into TIME_BANDS: night 0-5, morning 6-9, midday 10-15, evening 16-19, late 20-23."""
    return np.asarray(np.searchsorted(_BAND_STARTS, hour, side="right"))


@cache
def cyclical_table(period: int) -> tuple[np.ndarray, np.ndarray]:
    """float32 sine and cosine of 0..period-1 on a circle; a table, so that one value and many agree to the last bit."""
    angle = 2 * np.pi * np.arange(period) / period
    return np.sin(angle).astype(np.float32), np.cos(angle).astype(np.float32)


def cyclical_encoding(values: np.ndarray, period: int) -> tuple[np.ndarray, np.ndarray]:
    """(n,) integers in 0..period-1 -> (n,) float32 sine and cosine of their place on the circle."""
    sine, cosine = cyclical_table(period)
    return sine[values], cosine[values]


def extract_datetime_features(pickup_at: np.ndarray) -> dict[str, np.ndarray]:
    """(n,) datetime64 -> the temporal features by name, each (n,)."""
    in_week = minute_of_week(pickup_at)
    weekday, in_day = in_week // MINUTES_A_DAY, in_week % MINUTES_A_DAY
    hour = in_day // 60
    day_sin, day_cos = cyclical_encoding(in_day, MINUTES_A_DAY)
    week_sin, week_cos = cyclical_encoding(in_week, MINUTES_A_WEEK)
    return {
        "hour": hour,
        "weekday": weekday,
        "minute_of_day": in_day,
        "day_sin": day_sin,
        "day_cos": day_cos,
        "week_sin": week_sin,
        "week_cos": week_cos,
        "is_weekend": is_weekend(weekday),
        "is_holiday": is_holiday(pickup_at),
        "time_band": time_of_day_category(hour),
    }
