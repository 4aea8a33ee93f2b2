"""What the embedded sample is made of: demand, speeds and tariffs as small numbers.

Measured on TLC's files: yellow 2018-01..2019-09 (21 samples of 10,000 trips), green 2020-08..2025-02 (full months).
Tariffs are the TLC rates in force by date; money is in integer cents.
"""

from __future__ import annotations

from dataclasses import dataclass

from include.trips.month import Month

DAY_KINDS = (0, 0, 0, 0, 1, 2, 3)
"""Row of the hourly tables for Monday to Sunday: Monday to Thursday are alike, the other days differ."""

Hourly = tuple[tuple[float, ...], ...]
ByBorough = tuple[float, ...]
"""One number per BOROUGHS: Unknown, EWR, Manhattan, Brooklyn, Queens, Bronx, Staten Island."""


@dataclass(frozen=True)
class Demand:
    """Where and when trips start and end. Zone weights are trips per thousand; unlisted zones take the borough's."""

    pickups: dict[int, float]
    dropoffs: dict[int, float]
    other_pickup: ByBorough
    other_dropoff: ByBorough
    home: ByBorough
    """How much likelier a trip from this borough ends in it than its distance alone says."""
    reach_km: float
    hours: Hourly
    speed_mph: Hourly
    """At one mile, by day kind and hour."""


YELLOW = Demand(
    pickups={
        237: 41, 161: 39, 236: 38, 162: 36, 186: 35, 230: 34, 48: 32, 170: 31, 234: 30, 142: 30, 132: 28, 138: 27,
        163: 27, 79: 26, 239: 26, 164: 24, 68: 24, 107: 23, 141: 23, 100: 21, 249: 20, 238: 19, 229: 19, 263: 19,
        140: 18, 90: 17, 231: 17, 113: 15, 246: 15, 43: 15, 233: 13, 264: 13, 148: 13, 114: 13, 137: 12, 262: 12,
        143: 12, 144: 10, 158: 10, 50: 9, 151: 9, 13: 9, 211: 8, 87: 7, 75: 7, 125: 6, 261: 6, 166: 5, 74: 4, 88: 4,
        41: 4, 24: 3, 224: 2, 209: 2, 45: 2, 42: 2, 4: 2, 232: 2, 7: 2, 226: 2, 65: 1, 265: 0.7,
    },
    dropoffs={
        236: 39, 161: 38, 237: 37, 170: 32, 230: 31, 162: 31, 48: 27, 142: 27, 186: 26, 234: 26, 239: 25, 141: 25,
        163: 24, 79: 22, 68: 22, 164: 21, 238: 21, 107: 21, 263: 19, 229: 19, 246: 19, 140: 18, 231: 16, 100: 16,
        249: 16, 233: 15, 90: 15, 137: 14, 113: 13, 143: 13, 262: 13, 43: 12, 75: 12, 50: 12, 138: 19, 148: 10,
        158: 10, 114: 10, 13: 9, 144: 9, 132: 26, 151: 8, 87: 8, 211: 8, 74: 8, 166: 8, 41: 7, 125: 5, 261: 5, 4: 5,
        42: 4, 224: 4, 232: 4, 88: 4, 7: 6, 24: 4, 244: 3, 145: 4, 181: 5, 33: 4, 1: 8, 264: 2, 265: 4,
    },
    other_pickup=(0, 0.1, 0.6, 0.16, 0.06, 0.03, 0.001),
    other_dropoff=(0, 3, 1.5, 1.6, 0.9, 0.5, 0.1),
    home=(1, 1, 1.4, 5, 1.5, 12, 1),
    reach_km=5.5,
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
    pickups={
        74: 180, 75: 125, 41: 53, 166: 50, 95: 48, 82: 40, 43: 40, 97: 31, 7: 25, 244: 25, 42: 26, 65: 23, 260: 17,
        129: 20, 130: 19, 134: 11, 33: 10, 116: 10, 66: 10, 92: 8, 196: 7, 25: 7, 24: 7, 152: 7, 223: 7, 264: 2, 265: 1,
    },
    dropoffs={
        75: 50, 74: 52, 236: 40, 41: 36, 42: 34, 238: 36, 166: 32, 95: 24, 263: 24, 239: 22, 151: 21, 129: 20, 138: 16,
        43: 18, 7: 15, 237: 16, 82: 15, 116: 14, 244: 14, 262: 14, 142: 13, 140: 11, 141: 12, 223: 10, 152: 10, 161: 8,
        24: 9, 97: 14, 61: 12, 17: 9, 181: 9, 49: 9, 264: 1, 265: 9,
    },
    other_pickup=(0, 0, 0.5, 1.1, 1.3, 0.6, 0.03),
    other_dropoff=(0, 0.4, 2.2, 2.4, 2.4, 2.2, 0.15),
    home=(1, 1, 2.5, 7, 9, 8, 3),
    reach_km=3.4,
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

DEMANDS = {"yellow": YELLOW, "green": GREEN}

SEASON = (0.045, 0.027, 0.022, 0.0, -0.012, -0.018, 0.015, 0.033, -0.034, -0.055, -0.066, -0.048)
"""Log speed by calendar month, January first."""
HOLIDAY_LOG_SPEED, HOLIDAY_DEMAND = 0.25, 0.75
SPEED_BY_LOG_MILES = (0.169, 0.073)
"""Log speed rises with log miles: linear and square coefficient."""
SPEED_NOISE, DAY_NOISE = 0.29, 0.07
"""Standard deviations of log speed: between trips alike, and between days."""

APP_SHARE = {
    "yellow": ((2019, 6, 0.0), (2019, 7, 0.006), (2020, 1, 0.0095), (2020, 3, 0.013), (2020, 6, 0.09), (2025, 1, 0.22)),
    "green": ((2019, 6, 0.0), (2020, 8, 0.42), (2021, 1, 0.48), (2023, 1, 0.06), (2025, 1, 0.04)),
}
"""Share of app-dispatched trips (the null block) by year and month, linear in between."""
CARD_SHARE = {"yellow": ((2018, 1, 0.70), (2024, 1, 0.80)), "green": ((2020, 8, 0.56), (2025, 1, 0.74))}
FIRST_VENDOR_SHARE = {"yellow": ((2019, 1, 0.39), (2024, 1, 0.21)), "green": ((2020, 8, 0.17), (2023, 1, 0.135))}
REVERSAL_SHARE = {"yellow": 0.0011, "green": 0.0026}
NEGOTIATED_SHARE = {"yellow": 0.004, "green": 0.028}
ZERO_DISTANCE_SHARE = {"yellow": 0.003, "green": 0.022}
"""Beside the trips under a minute, most of which have no distance either."""
FAR_OUTLIER_SHARE = {"yellow": 2e-5, "green": 5e-4}


@dataclass(frozen=True)
class Tariff:
    """The rate card in cents. A unit is a fifth of a mile, or a minute when slow."""

    base: int
    unit: int
    jfk_flat: int
    newark: int
    night: int
    rush: int
    jfk_rush: int
    improvement: int
    laguardia: int


OLD_TARIFF = Tariff(250, 50, 5200, 1750, 50, 100, 450, 30, 0)
NEW_TARIFF = Tariff(300, 70, 7000, 2000, 100, 250, 500, 100, 500)
NEW_TARIFF_FROM = "2022-12-19"
CONGESTION_FROM, CONGESTION_CENTS = "2019-02-02", {"yellow": 250, "green": 275}
CONGESTION_RECORDED_FROM = "2019-01-21"
AIRPORT_FEES = (("2021-04-01", 125), ("2022-12-19", 175))
CBD_FROM, CBD_CENTS = "2025-01-05", 75
TUNNEL_TOLLS = (("2016-01-01", 554), ("2017-03-19", 576), ("2019-03-31", 612), ("2021-04-11", 655), ("2023-08-06", 694))
NEWARK_TOLLS = 1250


def share_at(points: tuple[tuple[int, int, float], ...], month: Month) -> float:
    """The value at a month, linear between (year, month, value) points and flat outside them."""
    import numpy as np

    at = [Month(year, number).ordinal for year, number, _ in points]
    return float(np.interp(month.ordinal, at, [value for *_, value in points]))
