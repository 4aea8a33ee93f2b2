"""Which months and days a question names: 2019-03, March 2019, Mar '19, Q1, January to March, last month, 14 March."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

from include.llm.ask.question.days_named import Day, holidays_in, spans_in
from include.llm.ask.question.month_patterns import (
    AFTER,
    BETWEEN,
    FIRST,
    ISO,
    ISO_DAY,
    MAY,
    NAMED,
    NAMED_DAY,
    NAMES,
    NEWEST,
    NOT_MAY,
    PREVIOUS,
    QUARTER,
    QUARTERS,
    RANGE,
    TURNED,
    YEAR_ALONE,
)
from include.llm.ask.question.when import When
from include.llm.words import plain, slips


@dataclass
class _Reading:
    text: str
    found: list[tuple[int, int, int | None, int, Day | None]] = field(default_factory=list)
    """Start, end, year, month and day of each."""
    ranged: bool = False

    def take(self, match: re.Match[str], year: int | None, number: int, day: int | None = None) -> None:
        self.found.append((match.start(), match.end(), year, number, day))
        self.text = self.text[: match.start()] + " " * (match.end() - match.start()) + self.text[match.end() :]


def when_of(question: str) -> tuple[When, str]:
    """What a question says of time, and its plain text without that."""
    reading = _Reading(_spelled(plain(question)))
    _days(reading)
    relation = _relation(reading)
    year = _quarter(reading)
    for pattern in (ISO_DAY, ISO, TURNED, NAMED_DAY, NAMED):
        _take_all(reading, pattern)
    if not reading.found and (match := YEAR_ALONE.search(reading.text)):
        year = int(match["year"])
    order = sorted(reading.found, key=lambda found: found[:2])
    span = any(RANGE.match(reading.text[end:start]) for (_, end, *_), (start, *_) in pairwise(order))
    between = len(order) == 2 and bool(BETWEEN.search(reading.text[: order[0][0]]))
    order = _with_neighbour(reading, order)
    named = _with_years([(y, number) for _, _, y, number, _ in order])
    said = [(*month, day) for month, (*_, day) in zip(named, order, strict=True)]
    if (span or between) and len(said) == 2 and all(day for *_, day in said):
        said, span, between, reading.ranged = _all_days(said[0], said[1]), False, False, True
    months = tuple(dict.fromkeys((y, number) for y, number, _ in said))
    days = tuple((months.index((y, number)), day) for y, number, day in said if day)
    return When(months, days, relation, span, year, between, reading.ranged), reading.text


_NEIGHBOUR = re.compile(
    r"\b(?:on )?the (?:day (?P<side>before|after|earlier|later)|(?P<next>previous|preceding|prior|next|following) day)"
    r"(?: that| it)?\b"
)


def _with_neighbour(
    reading: _Reading, order: list[tuple[int, int, int | None, int, Day | None]]
) -> list[tuple[int, int, int | None, int, Day | None]]:
    """Valentine's Day or the day before: the neighbour of the one day that is named, within its month."""
    match = _NEIGHBOUR.search(reading.text)
    if match is None or len(order) != 1 or not order[0][4]:
        return order
    start, end, year, number, day = order[0]
    step = -1 if (match["side"] or match["next"]) in ("before", "earlier", "previous", "preceding", "prior") else 1
    other: Day = (day[0], day[1], step) if isinstance(day, tuple) else (day or 0) + step
    if isinstance(other, int) and not 1 <= other <= (28 if number == 2 else 30):
        return order
    attached = match.end() <= start and not reading.text[match.end() : start].strip()  # the day before Valentine's Day
    reading.text = reading.text[: match.start()] + " " * len(match[0]) + reading.text[match.end() :]
    if attached:
        return [(start, end, year, number, other)]
    return sorted([order[0], (match.start(), match.end(), year, number, other)], key=lambda found: found[:2])


def _days(reading: _Reading) -> None:
    """Holidays, spans of days and parts of months, taken out of the text."""
    for found in (*holidays_in(reading.text), *spans_in(reading.text)):
        start, end, year, name, days = found
        number = name if isinstance(name, int) else _number(name)
        reading.found += [(start, end, year, number, day) for day in days]
        reading.ranged = reading.ranged or len(days) > 2
        reading.text = reading.text[:start] + " " * (end - start) + reading.text[end:]


def _all_days(
    first: tuple[int | None, int, Day | None], last: tuple[int | None, int, Day | None]
) -> list[tuple[int | None, int, Day | None]]:
    """Each day from the first to the last one, in one month or two; days that a month does not have are left out
    later."""
    ends = (first[2], last[2])
    if not all(isinstance(day, int) for day in ends) or first[1] not in (last[1], last[1] - 1):
        return [first, last]
    start, end = (int(day) for day in ends if isinstance(day, int))
    if first[1] == last[1]:
        return [(*last[:2], day) for day in range(start, end + 1)]
    return [*((*first[:2], day) for day in range(start, 32)), *((*last[:2], day) for day in range(1, end + 1))]


def _with_years(months: list[tuple[int | None, int]]) -> list[tuple[int | None, int]]:
    """January and March 2019: what has no year has that of the next one that has."""
    later: int | None = None
    for place in range(len(months) - 1, -1, -1):
        later = months[place][0] or later
        months[place] = (later, months[place][1])
    return months


def _relation(reading: _Reading) -> str:
    for name, pattern in (("previous", PREVIOUS), ("next", AFTER), ("first", FIRST), ("newest", NEWEST)):
        if match := pattern.search(reading.text):
            whose = match.groupdict().get("whose") or ""
            reading.text = reading.text[: match.start()] + whose.rjust(len(match[0])) + reading.text[match.end() :]
            return name
    return ""


def _quarter(reading: _Reading) -> int | None:
    match = QUARTER.search(reading.text)
    if match is None or (match["word"] and "quarter" not in match[0]):
        return None
    number = int(match["digit"]) if match["digit"] else QUARTERS[match["word"]]
    year = int(match["year"]) if match["year"] else None
    for month in range(3 * number - 2, 3 * number + 1):
        reading.found.append((match.start() + month, match.start() + month, year, month, None))
    reading.text = reading.text[: match.start()] + " " * len(match[0]) + reading.text[match.end() :]
    return None


def _take_all(reading: _Reading, pattern: re.Pattern[str]) -> None:
    position = 0
    while match := pattern.search(reading.text, position):
        position = match.end()
        parts = match.groupdict()
        name = parts.get("name") or parts.get("name2")
        if name == "may" and not _is_may(reading.text, match, parts):
            continue
        number = _number(name) if name else int(parts["number"])
        day = parts.get("day") or parts.get("day2")
        if day and not 1 <= int(day) <= 31:
            continue
        year = parts.get("year") or (f"20{parts['short']}" if parts.get("short") else None)
        if year and int(year) < 2009:
            year = None
        reading.take(match, int(year) if year else None, number, int(day) if day else None)


def _is_may(text: str, match: re.Match[str], parts: dict[str, str | None]) -> bool:
    """May is a month with a year, a day or a preposition before it, and else the verb."""
    said = bool(parts.get("year") or parts.get("short") or parts.get("day") or parts.get("day2"))
    return said or bool(MAY.search(text[: match.start()]) and not NOT_MAY.match(text[match.end() :]))


def _number(name: str) -> int:
    return next(place for place, full in enumerate(NAMES, 1) if full.startswith(name[:3]))


def _spelled(text: str) -> str:
    """Long months with up to two slips (febuary) in their right spelling."""

    def mended(match: re.Match[str]) -> str:
        word = match[0]
        return next(
            (name for name in NAMES if len(name) > 5 and word[0] == name[0] and slips(word, name, 2) <= 2), word
        )

    return re.sub(r"\b[a-z]{6,10}\b", mended, text)
