"""What a trip costs by rule, by date: `data/tariff.csv`, whose column `checked` says what real files confirm."""

from __future__ import annotations

import csv
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import cache
from pathlib import Path

import numpy as np

from include.errors import BadDataError
from include.trips.calendar import DAYS, FIRST_DAY

TARIFF_FILE = Path(__file__).parent / "data" / "tariff.csv"


@dataclass(frozen=True)
class Tariff:
    """US dollars in force for one service on one day; 0 for what is not charged then, or not on that service.

    The meter shows base + n * unit. Rush hours are weekdays 16-20 h except holidays, overnight is 20-06 h; a trip at
    the JFK flat fare has a rush surcharge of its own and no overnight one.
    """

    base_usd: float = 0.0
    unit_usd: float = 0.0
    rush_usd: float = 0.0
    overnight_usd: float = 0.0
    mta_tax_usd: float = 0.0
    improvement_usd: float = 0.0
    jfk_flat_usd: float = 0.0
    jfk_rush_usd: float = 0.0
    laguardia_usd: float = 0.0
    airport_fee_usd: float = 0.0
    congestion_usd: float = 0.0
    cbd_fee_usd: float = 0.0


def tariff_at(day: date | datetime, service: str = "yellow") -> Tariff:
    """The tariff of a service on a day of New York time. BadDataError for an unknown service or a day before 2009."""
    known = list(dict.fromkeys(name for _, served, _, _ in _changes() for name in served))
    if service not in known:
        raise BadDataError(f"No tariff for service {service!r}; known services: {', '.join(known)}.")
    if day.year < 2009:
        raise BadDataError(f"No tariff for {day:%Y-%m-%d}: TLC's files, and {TARIFF_FILE.name}, begin in 2009.")
    on = day.date() if isinstance(day, datetime) else day
    return Tariff(**{fact: usd for since, served, fact, usd in _changes() if since <= on and service in served})


@cache
def tariff_by_day(service: str = "yellow") -> dict[str, np.ndarray]:
    """Each fact of a service's tariff as one value per day of the calendar, 2009-01-01 to 2040-12-31; read-only."""
    since = sorted({FIRST_DAY.item(), *(day for day, *_ in _changes())})
    tariffs = [tariff_at(day, service) for day in since]
    lengths = np.diff([*((np.datetime64(day, "D") - FIRST_DAY).astype(int) for day in since), DAYS])
    facts = {f.name: np.repeat([getattr(t, f.name) for t in tariffs], lengths) for f in fields(Tariff)}
    for values in facts.values():
        values.setflags(write=False)
    return facts


@cache
def _changes() -> tuple[tuple[date, tuple[str, ...], str, float], ...]:
    """(effective from, services, fact, dollars) in order of date, so that later ones replace earlier ones."""
    known = {field.name for field in fields(Tariff)}
    with TARIFF_FILE.open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["fact"] in known]
    changes = [(date.fromisoformat(r["effective_from"]), tuple(r["services"].split()), r["fact"], float(r["usd"]))
               for r in rows]  # fmt: skip
    return tuple(sorted(changes))
