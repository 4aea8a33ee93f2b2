"""What meters, drivers and uplinks get wrong, at the measured rates: the sample needs cleaning as real files do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from include.ingestion import sample_facts as facts
from include.ingestion.sample_tariff import charge
from include.trips.month import Month

SAME_ZONE, NO_DISTANCE = 0.74, 0.61
"""Of the trips under a minute: those that end where they began, those without a distance."""
MISTAKEN_ENDS, TYPED_FARES = (0.62, 0.80, 0.93), (6500, 4000)
"""Of trips under a minute 62 % cost the meter's base, up to 80 % JFK's flat fare, the others what was typed (cents)."""
FAR_MILES, FAR_FARE = 120_098.0, 42_949_000.0
"""The farthest and the dearest trip of the measured files: miles and cents."""
DEAR_FROM = 0.9
"""Nine outliers in ten are distances, the others fares."""
AMOUNTS = ("fare_usd", "extra_usd", "mta_tax_usd", "improvement_usd", "congestion_usd", "airport_fee_usd",
           "cbd_fee_usd", "tolls_usd", "total_usd", "tip_usd")  # fmt: skip


@dataclass(frozen=True)
class Faults:
    """(n,) bool each; what happens to which trip."""

    short: np.ndarray
    stays: np.ndarray
    left_running: np.ndarray
    no_distance: np.ndarray
    far: np.ndarray
    reversed: np.ndarray
    """These rows are followed by their reversal, in the place of a row of its own."""


def draw_faults(service: str, month: Month, first_vendor: np.ndarray, rng: np.random.Generator) -> Faults:
    """(n,) vendors -> what goes wrong. Only vendor 2's meters are left running, and only it reports reversals."""
    n = len(first_vendor)
    luck, other = rng.random(n), rng.random(n)
    short = luck < facts.share_at(facts.SHORT_SHARE[service], month)
    second = 1 - facts.share_at(facts.FIRST_VENDOR_SHARE[service], month)
    running = (luck > 1 - facts.LEFT_RUNNING_SHARE[service] / second) & ~first_vendor
    still = other < facts.share_at(facts.NO_DISTANCE_SHARE[service], month)
    taken_back = rng.random(n) < facts.share_at(facts.REVERSAL_SHARE[service], month) / second
    taken_back &= ~first_vendor
    taken_back[1:] &= ~taken_back[:-1]
    taken_back[-1:] = False
    return Faults(short, short & (other > 1 - SAME_ZONE), running, still | (short & (other > 1 - NO_DISTANCE)),
                  rng.random(n) < facts.FAR_OUTLIER_SHARE[service], taken_back)  # fmt: skip


def with_faults(trips: Mapping[str, np.ndarray], faults: Faults, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """The trips as they reach TLC; amounts in cents, `seconds` beside them. Totals follow the fares."""
    size = rng.random(len(faults.short))
    seconds = np.where(faults.short, np.floor(60 * size**2), trips["seconds"])
    seconds = np.where(faults.left_running, 86_399 - np.floor(5400 * size**2), seconds)
    miles = np.where(faults.short, trips["distance_mi"] * 0.02, trips["distance_mi"])
    miles = np.where(faults.far & (size <= DEAR_FROM), FAR_MILES * size**3, miles)
    miles = np.where(faults.no_distance & ~faults.far, 0.0, miles)
    rate, fare = _mistaken_fares(trips, faults, rng)
    fare = np.where(faults.far & (size > DEAR_FROM), FAR_FARE * size**40, fare)
    total = trips["total_usd"] + np.round(fare) - trips["fare_usd"]
    wrong = {**trips, "seconds": seconds, "distance_mi": miles, "rate_code": rate, "fare_usd": np.round(fare),
             "total_usd": total}  # fmt: skip
    return _with_reversals(wrong, faults.reversed, rng)


def _mistaken_fares(
    trips: Mapping[str, np.ndarray], faults: Faults, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Rate codes and fares of meters started by mistake: the base, the flat fare to JFK, or what somebody typed."""
    kind = np.searchsorted(MISTAKEN_ENDS, rng.random(len(faults.short)), side="right")
    least = np.minimum(trips["fare_usd"], charge("base", trips["pickup_at"]))
    fares = np.choose(kind, [least, charge("jfk", trips["pickup_at"]), *TYPED_FARES])
    rates = np.choose(kind, [1, 2, 5, 5])
    metered = faults.short & (trips["payment_type"] > 0)
    return np.where(metered, rates, trips["rate_code"]), np.where(metered, fares, trips["fare_usd"])


def _with_reversals(
    trips: Mapping[str, np.ndarray], taken_back: np.ndarray, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    """The row after a reversed one becomes the same trip with its amounts negative; tips are not given back.

    Both rows say no charge or dispute, as in TLC's files.
    """
    rows = np.flatnonzero(taken_back)
    source = np.arange(len(taken_back))
    source[rows + 1] = rows
    paired = {name: values[source] for name, values in trips.items()}
    payment = np.where(rng.random(len(rows)) < 0.6, 3, 4)
    for row in (rows, rows + 1):
        paired["payment_type"][row] = np.where(trips["payment_type"][rows] == 0, 0, payment)
        paired["total_usd"][row] -= paired["tip_usd"][row]
        paired["tip_usd"][row] = 0
    for name in AMOUNTS:
        paired[name][rows + 1] *= -1
    return paired
