"""The calendar month, the unit of everything: file, lake path, partition, split and MLflow tag."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

FIRST_PUBLISHED = (2009, 1)


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month of New York time; ordered, printed as `YYYY-MM`, which is its key everywhere."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Month:
        """`2019-03` -> Month(2019, 3). ValueError for any other form, and for months before TLC's first, 2009-01."""
        match = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", text.strip())
        if match is None:
            raise ValueError(f"month {text!r} is not YYYY-MM, as in 2019-03")
        year, number = int(match[1]), int(match[2])
        if (year, number) < FIRST_PUBLISHED:
            raise ValueError(f"month {text} is before the first published one, 2009-01")
        return cls(year, number)

    def plus(self, months: int) -> Month:
        """The month so many months later (earlier when negative)."""
        index = self.year * 12 + self.number - 1 + months
        return Month(index // 12, index % 12 + 1)

    @property
    def start(self) -> datetime:
        """First instant of the month, naive New York time."""
        return datetime(self.year, self.number, 1)

    @property
    def end(self) -> datetime:
        """First instant of the next month."""
        return self.plus(1).start

    @property
    def ordinal(self) -> int:
        """Months since year 0; differences are distances in months."""
        return self.year * 12 + self.number - 1

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        def coerce(value: Any) -> Month:
            return value if isinstance(value, Month) else cls.parse(str(value))

        return core_schema.no_info_plain_validator_function(
            coerce, serialization=core_schema.to_string_ser_schema(when_used="json")
        )


def month_range(first: Month, last: Month) -> tuple[Month, ...]:
    """Every month from `first` to `last`, both included; ValueError when they are out of order."""
    if last < first:
        raise ValueError(f"{first}:{last} runs backwards; write the earlier month first")
    return tuple(first.plus(i) for i in range(last.ordinal - first.ordinal + 1))


def parse_months(text: str) -> tuple[Month, ...]:
    """`2019-01:2019-03`, `2019-01,2019-03` or a mix -> distinct months in calendar order; ValueError otherwise."""
    months: set[Month] = set()
    for part in filter(None, (p.strip() for p in text.split(","))):
        first, colon, last = part.partition(":")
        months.update(month_range(Month.parse(first), Month.parse(last if colon else first)))
    if not months:
        raise ValueError("no month is named; write 2019-01:2019-03 or a list")
    return tuple(sorted(months))


def contiguous(months: tuple[Month, ...]) -> list[tuple[Month, Month]]:
    """Sorted months -> (first, last) of each run without a gap, for interfaces that take ranges."""
    runs: list[tuple[Month, Month]] = []
    for month in months:
        if runs and runs[-1][1].plus(1) == month:
            runs[-1] = (runs[-1][0], month)
        else:
            runs.append((month, month))
    return runs
