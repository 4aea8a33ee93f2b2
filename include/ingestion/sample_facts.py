"""What the embedded sample is made of: demand and speed by the hour, and how shares moved over the years.

Measured on TLC's files: yellow 2018-01..2019-09, 2020-01..03, 2020-06 (samples of 10,000 trips) and green
2020-08..2025-02 (full months). Shares of other years are round numbers between what TLC's descriptions and these
months say.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from include.trips.month import Month

DAY_KINDS = (0, 0, 0, 0, 1, 2, 3)
"""Row of the hourly tables for Monday to Sunday: Monday to Thursday are alike, the other days differ."""

Hourly = tuple[tuple[float, ...], ...]
Points = tuple[tuple[int, int, float], ...]
"""(year, month, value), oldest first; linear in between and flat outside."""


@dataclass(frozen=True)
class Demand:
    """When trips start, and how fast traffic moves."""

    hours: Hourly
    speed_mph: Hourly
    """At one mile, by day kind and hour."""


YELLOW = Demand(
    hours=(
        (25, 14, 8, 6, 6, 13, 32, 54, 66, 62, 60, 61, 62, 62, 70, 68, 62, 72, 83, 78, 74, 74, 66, 50),
        (42, 24, 16, 11, 10, 13, 31, 54, 65, 60, 60, 61, 65, 65, 70, 68, 64, 72, 82, 84, 70, 70, 70, 67),
        (60, 48, 38, 28, 18, 9, 14, 22, 30, 46, 55, 58, 66, 66, 63, 68, 64, 70, 75, 72, 62, 59, 68, 64),
        (60, 54, 37, 27, 20, 8, 12, 17, 26, 39, 47, 58, 62, 62, 62, 60, 59, 58, 64, 55, 50, 46, 40, 32),
    ),
    speed_mph=(
        (11.5, 12.1, 12.2, 12.5, 13.0, 13.0, 11.4, 9.0, 7.3, 6.8, 6.8, 6.7,
         6.7, 6.9, 6.9, 6.9, 7.1, 7.1, 7.5, 8.3, 9.1, 9.4, 9.8, 10.4),
        (10.5, 11.4, 11.5, 12.5, 12.7, 12.8, 11.3, 9.2, 7.4, 6.9, 6.9, 6.6,
         6.8, 7.1, 6.8, 6.7, 6.8, 7.1, 7.4, 7.7, 8.3, 8.6, 8.6, 9.0),
        (9.5, 10.2, 10.8, 11.1, 11.9, 12.8, 13.0, 12.1, 11.2, 10.3, 9.5, 8.8,
         8.4, 8.1, 8.0, 7.9, 8.0, 7.7, 7.6, 7.6, 8.1, 8.4, 8.3, 8.8),
        (9.5, 10.1, 10.8, 11.4, 12.1, 12.8, 13.2, 13.2, 12.5, 11.8, 10.6, 9.5,
         9.0, 8.6, 8.3, 8.3, 8.4, 8.2, 8.6, 9.1, 9.6, 10.2, 10.7, 11.7),
    ),
)  # fmt: skip

GREEN = Demand(
    hours=(
        (12, 9, 6, 6, 10, 12, 32, 65, 86, 93, 92, 90, 90, 86, 90, 98, 100, 100, 92, 70, 50, 36, 28, 21),
        (16, 11, 7, 6, 10, 12, 31, 65, 82, 92, 92, 88, 82, 82, 94, 102, 106, 108, 96, 79, 60, 46, 40, 34),
        (24, 20, 15, 14, 14, 8, 12, 24, 36, 48, 60, 68, 72, 75, 77, 80, 79, 74, 74, 66, 54, 44, 38, 36),
        (26, 23, 18, 14, 12, 6, 10, 17, 22, 34, 45, 52, 58, 61, 66, 64, 63, 60, 58, 49, 40, 31, 24, 20),
    ),
    speed_mph=(
        (11.2, 11.2, 11.1, 10.9, 11.7, 11.7, 10.6, 9.1, 8.2, 8.5, 8.7, 8.5,
         8.6, 8.4, 8.0, 7.8, 8.0, 8.2, 8.8, 9.6, 10.1, 10.4, 10.8, 11.2),
        (11.0, 11.4, 11.1, 10.9, 11.8, 12.1, 10.6, 9.2, 8.6, 8.9, 8.9, 8.6,
         8.6, 8.3, 7.7, 7.5, 7.7, 7.8, 8.3, 9.0, 9.4, 10.0, 10.2, 10.5),
        (10.6, 10.7, 10.9, 10.9, 11.0, 12.5, 12.6, 12.5, 11.7, 11.0, 10.3, 9.8,
         9.3, 9.0, 8.7, 8.6, 8.5, 8.6, 8.6, 9.0, 9.2, 9.7, 10.0, 10.3),
        (10.4, 10.3, 10.5, 10.6, 10.6, 11.7, 12.7, 13.0, 12.3, 11.5, 11.1, 10.7,
         10.1, 9.6, 9.4, 9.4, 9.3, 9.3, 9.5, 9.7, 10.1, 10.4, 10.8, 11.3),
    ),
)  # fmt: skip

DEMANDS = {"yellow": YELLOW, "green": GREEN, "fhv": GREEN, "fhvhv": GREEN}

LOG_SPEED = {"yellow": 0.0, "green": -0.17, "fhv": -0.10, "fhvhv": -0.10}
"""Against the hourly tables; green cars wait more, and drive where lights are not timed."""
SEASON = (0.045, 0.027, 0.022, 0.0, -0.012, -0.018, 0.015, 0.033, -0.034, -0.055, -0.066, -0.048)
"""Log speed by calendar month, January first."""
HOLIDAY_LOG_SPEED, HOLIDAY_DEMAND = 0.25, 0.75
LOCKDOWN: Points = (
    (2020, 2, 0.0),
    (2020, 3, 0.3),
    (2020, 4, 1.0),
    (2020, 6, 1.0),
    (2020, 8, 0.5),
    (2020, 12, 0.4),
    (2022, 1, 0.0),
)
"""How far the city had shut: 1 is the spring of 2020, whose places, hours and payments differ."""
LOCKDOWN_DEMAND = (
    ("2020-03-01", 1.0), ("2020-03-12", 0.85), ("2020-03-13", 0.62), ("2020-03-15", 0.28), ("2020-03-18", 0.16),
    ("2020-03-23", 0.06), ("2020-04-10", 0.04), ("2020-06-01", 0.085), ("2020-06-30", 0.14), ("2020-12-31", 0.22),
    ("2021-12-31", 0.50),
)  # fmt: skip
"""Trips a day against the usual."""
LOCKDOWN_LOG_SPEED = (
    ("2020-03-10", 0.0), ("2020-03-22", 0.33), ("2020-04-15", 0.42), ("2020-06-01", 0.38), ("2020-06-30", 0.28),
    ("2020-08-01", 0.12), ("2020-12-31", 0.05), ("2021-09-01", 0.0),
)  # fmt: skip

APP_SHARE: dict[str, Points] = {
    "yellow": ((2019, 6, 0.0), (2019, 7, 0.006), (2020, 1, 0.0095), (2020, 3, 0.0134), (2020, 4, 0.09), (2020, 6, 0.09),
               (2021, 1, 0.07), (2024, 1, 0.05), (2025, 1, 0.22), (2025, 12, 0.30)),
    "green": ((2019, 6, 0.0), (2020, 1, 0.20), (2020, 8, 0.42), (2021, 1, 0.48), (2023, 1, 0.065), (2025, 2, 0.05)),
}  # fmt: skip
"""Share of app-dispatched trips: the null block. Yellow after 2020-06 is as others report it."""
CARD_SHARE: dict[str, Points] = {
    "yellow": ((2009, 1, 0.25), (2012, 1, 0.50), (2015, 1, 0.62), (2018, 1, 0.695), (2019, 1, 0.715), (2020, 2, 0.745),
               (2020, 3, 0.735), (2020, 4, 0.60), (2020, 6, 0.642), (2021, 1, 0.74), (2024, 1, 0.80)),
    "green": ((2013, 8, 0.40), (2020, 8, 0.55), (2021, 1, 0.60), (2023, 1, 0.637), (2025, 1, 0.745)),
}  # fmt: skip
"""Of metered trips."""
NO_CHARGE_SHARE, DISPUTE_SHARE = 0.0055, 0.002
NO_TIP_SHARE: dict[str, Points] = {
    "yellow": ((2018, 1, 0.045), (2020, 2, 0.03), (2020, 4, 0.08), (2020, 6, 0.078), (2024, 1, 0.06)),
    "green": ((2020, 8, 0.21), (2021, 1, 0.18), (2023, 1, 0.125), (2025, 1, 0.12)),
}
"""Card trips without a tip; of vendor 1's in green cars about three times as many."""
FIRST_VENDOR_SHARE: dict[str, Points] = {
    "yellow": ((2010, 1, 0.47), (2018, 1, 0.44), (2019, 1, 0.376), (2019, 9, 0.34), (2020, 2, 0.325),
               (2020, 3, 0.337), (2020, 6, 0.40), (2021, 1, 0.32), (2024, 1, 0.21)),
    "green": ((2013, 8, 0.22), (2020, 8, 0.177), (2023, 1, 0.137), (2025, 1, 0.13)),
}  # fmt: skip
NOWHERE_TIMES: dict[str, Points] = {
    "yellow": ((2018, 1, 1.35), (2019, 1, 1.65), (2019, 2, 0.62), (2020, 1, 0.5), (2024, 1, 0.2)),
    "green": ((2020, 8, 0.6), (2023, 1, 1.2)),
}
"""Trips from places that a meter did not know, against the mean of the measured months."""
REVERSAL_SHARE: dict[str, Points] = {
    "yellow": ((2018, 1, 0.0005), (2019, 1, 0.001), (2019, 9, 0.0028), (2020, 6, 0.0048), (2024, 1, 0.0135)),
    "green": ((2020, 8, 0.0021), (2024, 1, 0.0031)),
}
NEGOTIATED_SHARE: dict[str, Points] = {
    "yellow": ((2018, 1, 0.0008), (2018, 11, 0.0016)),
    "green": ((2020, 8, 0.026), (2023, 1, 0.014), (2025, 1, 0.026)),
}
SHORT_SHARE: dict[str, Points] = {
    "yellow": ((2018, 1, 0.0075), (2018, 9, 0.0100), (2020, 3, 0.0090), (2020, 6, 0.0140), (2020, 12, 0.0110)),
    "green": ((2020, 8, 0.030), (2023, 1, 0.024), (2025, 2, 0.036)),
}
"""Meters started by mistake: trips under a minute, 61 % of them without a distance."""
LEFT_RUNNING_SHARE = {"yellow": 0.0021, "green": 0.0038}
"""Meters left running for about a day."""
NO_DISTANCE_SHARE: dict[str, Points] = {
    "yellow": ((2018, 1, 0.0015), (2019, 9, 0.0035), (2020, 3, 0.0035), (2020, 6, 0.017), (2021, 1, 0.006)),
    "green": ((2020, 8, 0.030), (2025, 1, 0.033)),
}
"""Beside the trips under a minute."""
OUT_OF_MONTH_SHARE = 0.0003
FAR_OUTLIER_SHARE = {"yellow": 2e-5, "green": 5e-4}


def share_at(points: Points, month: Month) -> float:
    """The value at a month, linear between the points and flat outside them."""
    at = [Month(year, number).ordinal for year, number, _ in points]
    return float(np.interp(month.ordinal, at, [value for *_, value in points]))


def by_day(points: tuple[tuple[str, float], ...], days: np.ndarray) -> np.ndarray:
    """(n,) datetime64 -> (n,) value, linear between the points and flat outside them."""
    at = np.array([day for day, _ in points], "datetime64[D]").astype(np.int64)
    return np.interp(days.astype("datetime64[D]").astype(np.int64), at, [value for _, value in points])
