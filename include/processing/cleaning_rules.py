"""What a trip can be, as limits, and the one reason that a row of a month is not one.

Rows are dropped only for what cannot have happened, or is not a trip (a reversal, a meter left running); a trip that is
merely hard to predict stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from include.errors import BadDataError
from include.features.trip_features import compute_speed, compute_trip_duration
from include.trips.calendar import clock_changed
from include.trips.columns import ALL_SERVICES, COLUMNS, FHV, METERED, columns_for
from include.trips.month import Month

INPUTS = ("pickup_at", "dropoff_at", "pickup_zone", "dropoff_zone", "distance_mi", "fare_usd", "total_usd")
"""What the rules read; a service is held to the rules whose columns it has."""
MAY_LACK_ZONES = (FHV,)
"""Most bases report no pick-up zone and many no destination: null is their "not known", as 264 is others'."""
MAY_BE_EMPTY = ("fare_usd", "distance_mi")
"""Files of hired services of 2019 came without both: a column without any value then says nothing about its rows."""


@dataclass(frozen=True)
class CleaningLimits:
    """What a trip can be, bounds included. Shares are of the real yellow and green months 2018-01..2025-02."""

    min_minutes: float = 1.0
    """Shorter ones are false starts of the meter: 0.7-1.4 % of yellow, 1.7-3.4 % of green rows."""
    max_minutes: float = 180.0
    """Longer ones are meters left running, most of them for about 24 hours: 0.1-0.5 % of rows."""
    max_fare_usd: float = 500.0
    """The contract's bound; above it lie typing errors of up to 429,490 dollars. At most 0.02 % of rows."""
    max_miles: float = 200.0
    """The contract's bound; above it lie odometer errors of up to 120,098 miles. At most 0.08 % of rows."""
    max_mph: float = 100.0
    """Twice the speed limit of the city's highways: 0.02-0.7 % of rows, nearly all with seconds between the times."""
    last_zone: int = 265
    """TLC's zone numbers are 1..265; 264 (not known) and 265 (outside the city) are places that trips have."""


LIMITS = CleaningLimits()
REASONS: dict[str, str] = {
    "missing_time": "pick-up or drop-off time missing",
    "out_of_month": "pick-up outside the file's month",
    "zone_out_of_range": f"a zone missing or outside 1..{LIMITS.last_zone}",
    "reversal": "takes back another row of the same trip: its fare or total is negative",
    "reversed_trip": "taken back by a reversal",
    "duplicate": "equal to another row in every column",
    "negative_amount": "negative fare or total without the row that it takes back",
    "duration_over_3_h": f"longer than {LIMITS.max_minutes:g} minutes",
    "clock_change": "the clock changed during the trip, so its length is not known",
    "duration_under_1_min": f"shorter than {LIMITS.min_minutes:g} minute, or ends before it starts",
    "fare_out_of_range": f"fare missing, zero, or above {LIMITS.max_fare_usd:g} USD, or no finite total",
    "distance_out_of_range": f"distance missing, negative, or above {LIMITS.max_miles:g} miles",
    "speed_out_of_range": f"faster than {LIMITS.max_mph:g} mph on average",
}
"""Every reason in the order in which they are tried; the first that holds is the one a row gets.

Rows of the whole green months; those of 2021-01 were filtered before they reached us (1-60 minutes only):

    month    rows    out_of_month  reversal  reversed_trip  negative  over_3_h  under_1_min  fare  distance  speed
    2020-08  81,063             3       166            166         3       257        1,531    71        43     11
    2020-09  87,987             9       179            179        11       292        1,533    93        19     12
    2020-10  95,120             9       174            174        15       321        1,689   328        30     13
    2023-01  68,211             4       174            174         5       263        1,461    25        36      8
    2023-02  64,809            26       187            187         1       221        1,420    32        39     10
    2024-01  56,551             2       181            181         5       225        1,404    22        44      8
    2025-01  48,326            43       147            147         5       249        1,325    16        21      3
    2025-02  46,621            19       163            163         2       246        1,592    24        17      7

None has a duplicate, a missing time or a zone out of range. Per 10,000 yellow trips of 2018-01..2020-06: 2-48 negative,
13-40 over three hours, 67-144 under a minute, at most 8 fares, 2 distances and 3 speeds; their reversals (all but one)
lack the trip, for samples lose it. The clock changed during 2, 3 and 0 sampled trips of March 2018, 2020 and 2019, and
2 of November 2018.
"""
MATCHED = ("reversal", "reversed_trip", "duplicate")
"""Reasons that lie between rows; `reversals.py` finds them, the others can be seen on the row itself."""


def required_inputs(service: str, names: Iterable[str], where: str) -> list[str]:
    """The columns that the service's rules read; BadDataError when `names` lacks one. `where` opens the message."""
    inputs, held = [c.name for c in columns_for(service) if c.name in INPUTS], set(names)
    absent = [name for name in inputs if name not in held]
    if absent:
        raise BadDataError(
            f"{where} lacks {', '.join(absent)}, so it cannot be cleaned: ingest it again, or name its columns as "
            "include/trips/columns.py does."
        )
    return inputs


def infer_service(names: Iterable[str]) -> str:
    """The service whose contract has all these columns; the metered ones count as one, for their rules are the same.

    BadDataError when none or several fit. Columns that no contract knows do not count.
    """
    known = {c.name for c in COLUMNS} & set(names)
    fit = [s for s in ALL_SERVICES if known <= (own := {c.name for c in columns_for(s)}) and own & set(INPUTS) <= known]
    if not fit or not (len(fit) == 1 or set(fit) <= set(METERED)):
        found = f"fit {' and '.join(fit)}" if fit else "are no service's"
        raise BadDataError(
            f"The columns {', '.join(sorted(known)) or '(none of the contract)'} {found}: "
            f"say service=... (one of {', '.join(ALL_SERVICES)})."
        )
    return fit[0]


def infer_month(pickup_at: np.ndarray) -> Month:
    """The month of more than half of the (n,) pick-ups that have a time; BadDataError when there is none."""
    months, counts = np.unique(pickup_at[~np.isnat(pickup_at)].astype("datetime64[M]"), return_counts=True)
    if not len(months) or 2 * counts.max() <= counts.sum():
        raise BadDataError(
            f"No month holds most of the {len(pickup_at):,} pick-ups, so it cannot be told which month is cleaned: "
            "say month=Month.parse('YYYY-MM')."
        )
    return Month.parse(str(months[counts.argmax()]))


def reason_codes(
    trips: Mapping[str, np.ndarray],
    month: Month,
    zones_may_lack: bool = False,
    matched: Mapping[str, np.ndarray] | None = None,
) -> np.ndarray:
    """Columns of n rows -> (n,) int8: 0 for a row to keep, else 1 + the reason's position in REASONS.

    `matched` has an (n,) bool for each reason that lies between rows. NaN and NaT are missing values. A missing total
    alone does not condemn a row, nor does a missing zone where `zones_may_lack`. Rules on amounts and distance hold
    only where their column is there.
    """
    minutes = compute_trip_duration(trips["pickup_at"], trips["dropoff_at"])
    broken = _broken_times_and_places(trips, month, minutes, zones_may_lack) | _broken_measures(trips, minutes)
    broken |= matched or {}
    code = np.zeros(len(minutes), np.int8)
    for position, reason in reversed(list(enumerate(REASONS, start=1))):
        if reason in broken:
            code[broken[reason]] = position
    return code


def _broken_times_and_places(
    trips: Mapping[str, np.ndarray], month: Month, minutes: np.ndarray, zones_may_lack: bool
) -> dict[str, np.ndarray]:
    pickup, dropoff = trips["pickup_at"], trips["dropoff_at"]
    places = [_is_zone(trips[name], zones_may_lack) for name in ("pickup_zone", "dropoff_zone")]
    return {
        "missing_time": np.isnat(pickup) | np.isnat(dropoff),
        "out_of_month": ~((pickup >= np.datetime64(month.start)) & (pickup < np.datetime64(month.end))),
        "zone_out_of_range": ~(places[0] & places[1]),
        "duration_over_3_h": minutes > LIMITS.max_minutes,
        "clock_change": clock_changed(pickup, dropoff),
        "duration_under_1_min": minutes < LIMITS.min_minutes,
    }


def _broken_measures(trips: Mapping[str, np.ndarray], minutes: np.ndarray) -> dict[str, np.ndarray]:
    broken: dict[str, np.ndarray] = {}
    if "fare_usd" in trips:
        fare, total = trips["fare_usd"], trips.get("total_usd", trips["fare_usd"])
        broken["negative_amount"] = (fare < 0) | (total < 0)
        broken["fare_out_of_range"] = ~((fare > 0) & (fare <= LIMITS.max_fare_usd)) | np.isinf(total)
    if "distance_mi" in trips:
        distance = trips["distance_mi"]
        broken["distance_out_of_range"] = ~((distance >= 0) & (distance <= LIMITS.max_miles))
        broken["speed_out_of_range"] = compute_speed(distance, minutes) > LIMITS.max_mph
    return broken


def _is_zone(zone: np.ndarray, may_lack: bool) -> np.ndarray:
    valid = (zone >= 1) & (zone <= LIMITS.last_zone)
    if may_lack:
        valid |= np.isnan(zone)
    return np.asarray(valid)
