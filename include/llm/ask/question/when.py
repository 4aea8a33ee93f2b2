"""What a question says of time becomes months only beside those that the tables have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from include.llm.ask.question.days_named import Day, day_of
from include.trips.month import Month


@dataclass(frozen=True)
class When:
    """Months in the order in which they were named (year None: not said), days as (month's place, day), and relations.

    `relation`: newest, previous, next or first; previous and next count from the month that is named, if one is.
    `span` is true where two months are the ends of a range.
    """

    months: tuple[tuple[int | None, int], ...] = ()
    days: tuple[tuple[int, Day], ...] = ()
    relation: str = ""
    span: bool = False
    year: int | None = None
    between: bool = False
    """Two months after `between`: ends of a range, unless they are held against each other."""
    ranged: bool = False
    """The days are a span, not named one by one."""

    def __bool__(self) -> bool:
        return bool(self.months or self.relation or self.year)


def resolve(when: When, known: Sequence[str]) -> list[str] | None:
    """The months that are meant, `YYYY-MM`, of those that are known; None when nothing was said of time.

    A month without a year is the newest known one of that name, or, where none is, that of the newest known year.
    """
    ordered = sorted(known)
    if not when:
        return None
    if when.year and not when.months:
        return [month for month in ordered if month.startswith(f"{when.year}-")] or [f"{when.year}-01"]
    named = [_resolved(year, number, ordered) for year, number in when.months]
    if when.span and len(named) == 2 and named[0] <= named[1]:
        first, last = Month.parse(named[0]), Month.parse(named[1])
        return [str(first.plus(i)) for i in range(min(last.ordinal - first.ordinal, 600) + 1)]
    if not when.relation:
        return list(dict.fromkeys(named))
    return _related(when.relation, named, ordered)


def days_meant(when: When, known: Sequence[str]) -> list[str]:
    """The dates that are named, in order, of months as `resolve` finds them."""
    ordered = sorted(known)
    months = [_resolved(year, number, ordered) for year, number in when.months]
    found = (day_of(months[place], day) for place, day in when.days)
    return list(dict.fromkeys(date for date in found if date))


def _related(relation: str, named: list[str], ordered: Sequence[str]) -> list[str]:
    if relation == "first":
        return [ordered[0]] if ordered else []
    newest = named or ([ordered[-1]] if ordered else [])
    if relation == "newest" or not newest:
        return list(newest)
    return [str(Month.parse(newest[0]).plus(-1 if relation == "previous" else 1))]


def _resolved(year: int | None, number: int, ordered: Sequence[str]) -> str:
    if year is not None:
        return f"{year:04d}-{number:02d}"
    same = [month for month in ordered if month.endswith(f"-{number:02d}")]
    return same[-1] if same else f"{ordered[-1][:4] if ordered else '2019'}-{number:02d}"
