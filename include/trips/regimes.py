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
_TOTALS = ("total_usd", "tip_share")
_METER = ("fare_usd", *_TOTALS)
CHANGED_BY: Mapping[str, tuple[str, ...]] = {
    "base_usd": _METER, "unit_usd": _METER, "jfk_flat_usd": _METER, "rush_usd": ("extra_usd", *_TOTALS),
    "overnight_usd": ("extra_usd", *_TOTALS), "mta_tax_usd": ("mta_tax_usd", *_TOTALS),
    "improvement_usd": ("improvement_usd", *_TOTALS), "airport_fee_usd": ("airport_fee_usd", *_TOTALS),
    # One vendor's `extra` holds the congestion surcharge too.
    "congestion_usd": ("congestion_usd", "extra_usd", *_TOTALS), "cbd_fee_usd": ("cbd_fee_usd", *_TOTALS),
}  # fmt: skip
"""Fact of the tariff table -> the columns of a trip that its change moves."""


@dataclass(frozen=True)
class Regime:
    """A known phase from `since` to `until`, both included; None for one that lasts.

    `columns` are those that it moves, or "*". It excuses alarms up to the value `excuses_to`: 0 for a phase that is
    told with an alarm and leaves it standing, infinity for a change of rules that may move all trips.
    """

    name: str
    services: tuple[str, ...]
    since: Month
    until: Month | None
    columns: tuple[str, ...]
    excuses_to: float
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
               Month.parse(row["effective_from"][:7]), None, CHANGED_BY[row["fact"]], math.inf, row["note"])
        for row in rows
    ]  # fmt: skip


def _of_the_file() -> list[Regime]:
    with REGIMES_FILE.open(newline="", encoding="utf-8") as file:
        return [
            Regime(row["name"], tuple(row["services"].split()), Month.parse(row["since"]),
                   Month.parse(row["until"]) if row["until"] else None, tuple(row["columns"].split()),
                   float(row["excuses_to"] or math.inf), row["note"])
            for row in csv.DictReader(file)
        ]  # fmt: skip
