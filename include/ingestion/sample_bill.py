"""The sample's bills, in cents: what the rate card says, how people pay and tip, and where each vendor writes it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from include.ingestion import sample_facts as facts
from include.ingestion.sample_places import JFK, LAGUARDIA, NEWARK, OUTSIDE, street_map
from include.ingestion.sample_tariff import charge, congestion, extras, is_jfk_flat, metered_fare, tolls
from include.trips.month import Month

STANDARD, JFK_RATE, NEWARK_RATE, NASSAU_RATE, NEGOTIATED = 1, 2, 3, 4, 5
CARD, CASH, NO_CHARGE, DISPUTE = 1, 2, 3, 4
FLAT_AS_FLAT = {"yellow": 0.988, "green": 0.85}
"""Trips between JFK and Manhattan that were charged the flat fare."""
PRESETS, PRESET_SHARES = np.array([0.20, 0.25, 0.30]), np.array([0.54, 0.10, 0.045])
"""Buttons on the card reader and how often each is pressed, of tips above nothing; in percent of the amount before."""
WHOLE_DOLLARS_SHARE = 0.165
LIVERY_UNTIL = Month(2022, 1)
"""Until then app-dispatched trips were those of livery cars in the outer boroughs; after that the service's own."""
LIVERY_PREMIUM, APP_PREMIUM, APP_SPREAD = 0.30, 0.08, 0.16
"""Log of what an app charges over the meter's rule, and its spread: a price agreed beforehand."""
APP_TIPPED = {"yellow": 0.5, "green": 0.88}
UNPAID_TIP_TIMES, UNPAID_TIP_ELSE = 2.3, 0.8
"""Green cars of vendor 1 show so many times as many card trips without a tip as all do; vendor 2's fewer."""


@dataclass(frozen=True)
class Ride:
    """Trips before the bill, arrays of shape (n,); `pickup` is sorted."""

    pickup: np.ndarray
    start: np.ndarray
    end: np.ndarray
    miles: np.ndarray
    seconds: np.ndarray
    app: np.ndarray
    first_vendor: np.ndarray


def bill(service: str, month: Month, ride: Ride, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Canonical columns of the bill, (n,) each: cents, `rate_code` and `payment_type`."""
    rate, fare = _rate_and_fare(service, month, ride, rng)
    parts = {
        "fare_usd": fare,
        "extra_usd": np.where(ride.app | (rate >= NASSAU_RATE), 0.0, extras(ride.pickup, ride.start, ride.end)),
        "mta_tax_usd": np.where(
            (rate == NEWARK_RATE) | (ride.app & (service == "green")), 0, charge("mta", ride.pickup)
        ),
        "tolls_usd": tolls(ride.pickup, ride.start, ride.end, rng),
        "improvement_usd": charge("improvement", ride.pickup),
    }
    surcharges = {
        "congestion_usd": congestion(service, ride.pickup, ride.start, ride.end),
        "airport_fee_usd": _airport_fee(service, ride),
        "cbd_fee_usd": (street_map().cbd[ride.start] | street_map().cbd[ride.end]) * charge("cbd", ride.pickup),
    }
    before_tip = np.sum([*parts.values(), *surcharges.values()], axis=0)
    payment = _payment(service, month, ride, rng)
    tip = _tip(service, month, ride, before_tip, payment, rng)
    parts["extra_usd"] = parts["extra_usd"] + np.where(ride.first_vendor, np.sum([*surcharges.values()], axis=0), 0)
    if service == "green":
        doubled = ride.first_vendor & (ride.pickup >= np.datetime64("2022-12-19"))
        parts["mta_tax_usd"] = parts["mta_tax_usd"] + np.where(doubled, 100, 0)  # the improvement surcharge, once more
    return {**parts, **surcharges, "tip_usd": tip, "total_usd": before_tip + tip, "rate_code": rate,
            "payment_type": payment}  # fmt: skip


def _rate_and_fare(service: str, month: Month, ride: Ride, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    fare = metered_fare(ride.pickup, ride.miles, ride.seconds, rng)
    luck = rng.random(len(fare))
    negotiated = luck < facts.share_at(facts.NEGOTIATED_SHARE[service], month)
    outside = ride.end == OUTSIDE
    flat = is_jfk_flat(ride.start, ride.end) & (luck < FLAT_AS_FLAT[service])
    newark = ride.end == NEWARK
    agreed = negotiated | ((outside | newark) & (luck > 0.9)) | (outside & (luck > 0.65))
    rate = np.select([ride.app, agreed, flat, newark, outside & (luck < 0.2)],
                     [STANDARD, NEGOTIATED, JFK_RATE, NEWARK_RATE, NASSAU_RATE], STANDARD)  # fmt: skip
    fare = np.where(rate == JFK_RATE, charge("jfk", ride.pickup), fare)
    fare = np.where(rate == NEWARK_RATE, fare + charge("newark", ride.pickup), fare)
    fare = np.where(rate == NASSAU_RATE, fare * 1.4 // 50 * 50, fare)
    rows = np.flatnonzero(rate == NEGOTIATED)
    fare[rows] = np.maximum(np.round(fare[rows] * np.exp(0.3 + 0.6 * rng.standard_normal(len(rows))) / 100) * 100, 100)
    rows, premium = np.flatnonzero(ride.app), LIVERY_PREMIUM if month < LIVERY_UNTIL else APP_PREMIUM
    fare[rows] = np.round(fare[rows] * np.exp(premium + APP_SPREAD * rng.standard_normal(len(rows))))
    return rate, fare


def _airport_fee(service: str, ride: Ride) -> np.ndarray:
    at_airport = (ride.start == JFK) | (ride.start == LAGUARDIA)
    return np.asarray((at_airport & (service == "yellow")) * charge("airport", ride.pickup))


def _payment(service: str, month: Month, ride: Ride, rng: np.random.Generator) -> np.ndarray:
    """(n,) codes; 0 for what an app collected."""
    luck = rng.random(len(ride.pickup))
    card = facts.share_at(facts.CARD_SHARE[service], month)
    odd = 1 - facts.NO_CHARGE_SHARE - facts.DISPUTE_SHARE
    kinds = [luck < card, luck < odd, luck < 1 - facts.DISPUTE_SHARE]
    return np.where(ride.app, 0, np.select(kinds, [CARD, CASH, NO_CHARGE], DISPUTE))


def _tip(
    service: str, month: Month, ride: Ride, before_tip: np.ndarray, payment: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """(n,) cents: by card a preset, whole dollars, or what one typed; cash tips are not recorded."""
    n = len(before_tip)
    none = np.full(n, facts.share_at(facts.NO_TIP_SHARE[service], month))
    if service == "green":
        none = none * np.where(ride.first_vendor, UNPAID_TIP_TIMES, UNPAID_TIP_ELSE)
    none = np.where(ride.app, 1 - APP_TIPPED[service], none)
    luck, size = rng.random(n), rng.random(n)
    ends = np.cumsum([*PRESET_SHARES, WHOLE_DOLLARS_SHARE])
    preset = PRESETS[np.minimum(np.searchsorted(ends, luck), len(PRESETS) - 1)]
    typed = np.round(before_tip * (0.04 + 0.14 * size))
    dollars = np.maximum(np.round(before_tip * (0.08 + 0.15 * size) / 100), 1) * 100
    pressed = np.where(ride.first_vendor, before_tip * preset // 5 * 5, np.round(before_tip * preset))
    tip = np.select([ride.app, luck < ends[2], luck < ends[3]], [typed, pressed, dollars], typed)
    gives = ((payment == CARD) | ride.app) & (rng.random(n) >= none)
    return np.where(gives, tip, 0.0)
