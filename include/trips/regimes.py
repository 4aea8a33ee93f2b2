"""Known changes of rules and of the world, which explain why a month differs from the months before it.

Changes of what a trip costs come from the tariff table, the others from `data/regimes.csv`.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from include.trips.month import Month
from include.trips.tariff import TARIFF_FILE

REGIMES_FILE = Path(__file__).parent / "data" / "regimes.csv"
EVERY_COLUMN = "*"


@dataclass(frozen=True)
class Excuse:
    """The largest difference that a change explains: up to this PSI, up to this share of the trips (KS, constants)."""

    psi: float
    share: float

    def covers(self, metric: str, value: float) -> bool:
        """Whether an alarm of this size is explained; one of size 0 is never, nor any where the limit is 0."""
        limit = self.psi if metric == "psi" else self.share
        return limit > 0 and value <= limit


WHOLLY = Excuse(math.inf, math.inf)
"""For a charge's own column: where all its values are new, PSI grows with the logarithm of the rows without an end."""
# One and a half times the largest value of real months, in all trips or any segment. Congestion: yellow 2019-02 to 05
# against the year before. Fare rules: green 2023-01 and 02 against 2020-08 to 2021-01, so two other years are in them.
# `extra` of vendor 1 is new on nearly all its trips: 7.7 and 0.88 on 3,700 of them, 12.7 and 0.91 at 300 times as many.
_EXTRA = Excuse(14, 0.95)
_FARE = Excuse(0.85, 0.42)  # 0.55, share 0.28
_TOTAL = Excuse(0.65, 0.35)  # 0.43, share 0.23
_TOTAL_BY_METER = Excuse(1.0, 0.47)  # 0.66, share 0.32
_TIP = Excuse(0.40, 0.21)  # 0.26, share 0.14: green 2025-01, the Bronx; yellow 2019 at most 0.04 and 0.06
_METER = {"fare_usd": _FARE, "total_usd": _TOTAL_BY_METER, "tip_share": _TIP}
_SUM = {"total_usd": _TOTAL, "tip_share": _TIP}
CHANGED_BY: Mapping[str, Mapping[str, Excuse]] = {
    "base_usd": _METER, "unit_usd": _METER, "jfk_flat_usd": _METER, "rush_usd": {"extra_usd": _EXTRA} | _SUM,
    "jfk_rush_usd": {"extra_usd": _EXTRA} | _SUM, "laguardia_usd": {"extra_usd": _EXTRA} | _SUM,
    "overnight_usd": {"extra_usd": _EXTRA} | _SUM, "mta_tax_usd": {"mta_tax_usd": WHOLLY} | _SUM,
    "improvement_usd": {"improvement_usd": WHOLLY} | _SUM, "airport_fee_usd": {"airport_fee_usd": WHOLLY} | _SUM,
    # One vendor's `extra` holds the congestion surcharge too.
    "congestion_usd": {"congestion_usd": WHOLLY, "extra_usd": _EXTRA} | _SUM,
    "cbd_fee_usd": {"cbd_fee_usd": WHOLLY} | _SUM,
}  # fmt: skip
"""Fact of the tariff table -> the columns of a trip that its change moves, and how far."""


@dataclass(frozen=True)
class Regime:
    """A known phase from `since` to `until`, both included; None for one that lasts.

    `columns` are those that it moves, or "*". It excuses alarms as far as `excuses_to` goes: nowhere for a phase that
    is told with an alarm and leaves it standing. A change that moves columns unequally far is a regime for each.
    """

    name: str
    services: tuple[str, ...]
    since: Month
    until: Month | None
    columns: tuple[str, ...]
    excuses_to: Excuse
    note: str

    def explains(self, month: Month, reference: Iterable[Month], columns: Iterable[str]) -> bool:
        """Whether it begins or ends between a reference month and the month, and moves one of the columns.

        So a change explains as long as the reference reaches back before it. The first and the last month of a phase
        may hold days on either side and count as both.
        """
        moved = EVERY_COLUMN in self.columns or any(column in self.columns for column in columns)
        inside = self._holds(month)
        return moved and any(inside != self._holds(earlier) or self._is_mixed(earlier) for earlier in reference)

    def _holds(self, month: Month) -> bool:
        return self.since <= month and (self.until is None or month <= self.until)

    def _is_mixed(self, month: Month) -> bool:
        return month in (self.since, self.until)


@cache
def known_regimes(service: str) -> tuple[Regime, ...]:
    """Everything known about a service, in order of its beginning."""
    found = [regime for regime in (*_of_the_tariff(), *_of_the_file()) if service in regime.services]
    return tuple(sorted(found, key=lambda regime: (regime.since, regime.name)))


def _of_the_tariff() -> list[Regime]:
    """Each later value of a fact; the first ones of 2009 changed nothing in the files, which begin then."""
    with TARIFF_FILE.open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["effective_from"] > "2009-01-01"]
    return [
        Regime(f"{row['fact']} {row['usd']} from {row['effective_from']}", tuple(row["services"].split()),
               Month.parse(row["effective_from"][:7]), None, (column,), excuse, row["note"])
        for row in rows
        for column, excuse in CHANGED_BY[row["fact"]].items()
    ]  # fmt: skip


def _of_the_file() -> list[Regime]:
    with REGIMES_FILE.open(newline="", encoding="utf-8") as file:
        return [
            Regime(row["name"], tuple(row["services"].split()), Month.parse(row["since"]),
                   Month.parse(row["until"]) if row["until"] else None, tuple(row["columns"].split()),
                   _excuse(row["excuses_to"]), row["note"])
            for row in csv.DictReader(file)
        ]  # fmt: skip


def _excuse(limit: str) -> Excuse:
    """One number of the file for both kinds of difference; an empty one for a change without a limit."""
    return Excuse(float(limit), float(limit)) if limit else WHOLLY
