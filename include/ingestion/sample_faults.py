"""What meters, drivers and uplinks get wrong, at the measured rates: the sample needs cleaning as real files do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from include.ingestion import sample_facts as facts
from include.trips.month import Month

SAME_ZONE, NO_DISTANCE = 0.74, 0.61
"""Of the trips under a minute: those that end where they began, those without a distance."""
LOST_FARE = ((0.62, 0.80, 0.93), (5200, 6500, 4000))
"""Of the trips under a minute: the meter's base to 62 %, then flat fares and what the driver typed, in cents."""
FAR_MILES, FAR_FARE = 120_098.0, 42_949_000.0
"""The farthest and the dearest trip of the measured files: miles and cents."""
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
    second = 1 - first_vendor.mean() if n else 1
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
    n = len(faults.short)
    wrong = dict(trips)
    size = rng.random(n)
    wrong["seconds"] = np.where(faults.short, np.floor(60 * size**2), trips["seconds"])
    wrong["seconds"] = np.where(faults.left_running, 86_399 - np.floor(5400 * size**2), wrong["seconds"])
    kinds = np.searchsorted(LOST_FARE[0], rng.random(n), side="right")
    typed = np.choose(kinds, [np.minimum(trips["fare_usd"], 300), *LOST_FARE[1]])
    rate = np.choose(kinds, [trips["rate_code"], 2, 5, 5])
    wrong["rate_code"] = np.where(faults.short & (trips["payment_type"] > 0), rate, trips["rate_code"])
    fare = np.where(faults.short & (trips["payment_type"] > 0), typed, trips["fare_usd"])
    fare = np.where(faults.far & (size > 0.9), FAR_FARE * size**40, fare)
    miles = np.where(faults.short, trips["distance_mi"] * 0.02, trips["distance_mi"])
    miles = np.where(faults.far & (size <= 0.9), FAR_MILES * size**3, miles)
    wrong["distance_mi"] = np.where(faults.no_distance & ~faults.far, 0.0, miles)
    wrong["total_usd"] = trips["total_usd"] + np.round(fare) - trips["fare_usd"]
    wrong["fare_usd"] = np.round(fare)
    return _with_reversals(wrong, faults.reversed, rng)


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
