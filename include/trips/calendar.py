"""New York's days: public holidays as a look-up, and the two nights a year on which the clock changes.

Source of the holidays: the `holidays` package, United States with subdivision NY.
"""

from __future__ import annotations

from functools import cache

import numpy as np

FIRST_YEAR, LAST_YEAR = 2009, 2040
FIRST_DAY = np.datetime64(f"{FIRST_YEAR}-01-01", "D")
HOUR = np.timedelta64(1, "h")
DAYS = int((np.datetime64(f"{LAST_YEAR + 1}-01-01", "D") - FIRST_DAY) / np.timedelta64(1, "D"))


@cache
def holiday_table(days_later: int = 0) -> np.ndarray:
    """int8 array of one flag per day from 2009-01-01 to 2040-12-31; 1 where so many days later New York has a holiday.

    0 is the public holiday itself, 1 its eve, -1 the day after it; the calendar's ends know their neighbours.
    """
    import holidays

    years = range(FIRST_YEAR - 1, LAST_YEAR + 2)
    days = np.array(sorted(holidays.country_holidays("US", subdiv="NY", years=years)), "datetime64[D]")
    index = (days - FIRST_DAY).astype(np.int64) - days_later
    table = np.zeros(DAYS, np.int8)
    table[index[(index >= 0) & (index < DAYS)]] = 1
    table.setflags(write=False)
    return table


@cache
def meter_holiday_table() -> np.ndarray:
    """int8 flags of the days of `holiday_table`; 1 on the holidays of the meter, when no rush hour is added.

    They are New York's but two, on which real meters add it as on any day: Lincoln's Birthday and Susan B. Anthony Day.
    What is left of February is Washington's Birthday, its third Monday.
    """
    days = FIRST_DAY + np.arange(DAYS)
    months = days.astype("datetime64[M]")
    in_february = months.astype(np.int64) % 12 == 1
    in_month = (days - months.astype("datetime64[D]")).astype(np.int64)
    monday = (days.astype(np.int64) + 3) % 7 == 0  # 1970-01-01 was a Thursday
    washington = monday & (in_month >= 14) & (in_month < 21)
    table = np.where(in_february & ~washington, 0, holiday_table()).astype(np.int8)
    table.setflags(write=False)
    return table


def repeated_hour(pickup_at: np.ndarray) -> np.ndarray:
    """(n,) datetime64, naive New York time -> (n,) bool: 01:00-02:00 on the first Sunday of November.

    That hour passes twice, and nothing in a record says which one is meant: a trip over it may seem an hour too short
    or too long. False for NaT. The rule holds since 2007 (Energy Policy Act of 2005).
    """
    day = pickup_at.astype("datetime64[D]")
    in_year = pickup_at.astype("datetime64[M]").astype(np.int64) % 12
    in_month = (day - pickup_at.astype("datetime64[M]").astype("datetime64[D]")).astype(np.int64)
    weekday = (day.astype(np.int64) + 3) % 7  # 1970-01-01 was a Thursday
    hour = (pickup_at.astype("datetime64[h]") - day.astype("datetime64[h]")).astype(np.int64)
    return np.asarray((in_year == 10) & (in_month < 7) & (weekday == 6) & (hour == 1))


def clock_changed(pickup_at: np.ndarray, dropoff_at: np.ndarray) -> np.ndarray:
    """Two (n,) datetime64, naive New York time -> (n,) bool: the clock changed during the trip, its length is unknown.

    In March: the trip touches 02:00-03:00 of the second Sunday, an hour that never was. In November: both ends lie in
    the repeated hour and the trip ends before it begins. A trip of an hour or more can hide there, its ends in order;
    of real yellow trips that begin between 00:00 and 02:00 only 7 in 10,765 last so long, so the others keep their
    length. False for NaT.
    """
    changed = np.zeros(len(pickup_at), bool)
    in_year = pickup_at.astype("datetime64[M]").astype(np.int64) % 12
    march, november = np.flatnonzero(in_year == 2), np.flatnonzero(in_year == 10)
    skipped = _second_sunday(pickup_at[march]) + np.timedelta64(2, "h")
    changed[march] = (pickup_at[march] < skipped + HOUR) & (dropoff_at[march] >= skipped)
    back = pickup_at[november] - dropoff_at[november]
    twice = repeated_hour(pickup_at[november]) & repeated_hour(dropoff_at[november])
    changed[november] = twice & (back > np.timedelta64(0, "s")) & (back < HOUR)
    return changed


def _second_sunday(times: np.ndarray) -> np.ndarray:
    """(n,) datetime64 -> (n,) first instant of their month's second Sunday."""
    first = times.astype("datetime64[M]").astype("datetime64[D]")
    weekday = (first.astype(np.int64) + 3) % 7  # 1970-01-01 was a Thursday
    return np.asarray((first + (13 - weekday) % 7 + np.timedelta64(7, "D")).astype("datetime64[us]"))
