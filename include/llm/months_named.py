"""Which months and days a question names: 2019-03, March 2019, Mar '19, Q1, January to March, last month, 14 March."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from include.llm.words import plain, slips
from include.trips.month import Month

NAMES = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_ALL = "|".join(sorted({*NAMES, *(name[:3] for name in NAMES), "sept"}, key=len, reverse=True))
_YEAR = r"(?:\s*(?:of\s+|,\s*|\()?(?P<year>(?:19|20)\d\d)(?![\d-])|\s*'(?P<short>\d\d)\b)?"
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_ISO_DAY = re.compile(r"\b(?P<year>(?:19|20)\d\d)[-/](?P<number>0[1-9]|1[0-2])[-/](?P<day>[0-3]\d)\b")
_ISO = re.compile(r"\b(?P<year>(?:19|20)\d\d)[-/](?P<number>0?[1-9]|1[0-2])\b(?![-/]?\d)")
_TURNED = re.compile(r"\b(?P<number>0?[1-9]|1[0-2])[/-](?P<year>(?:19|20)\d\d)\b")
_NAMED_DAY = re.compile(
    rf"\b(?:{_DAY}\s+(?:of\s+)?(?P<name>{_ALL})\b\.?|(?P<name2>{_ALL})\b\.?\s+(?:the\s+)?"
    rf"(?P<day2>[0-3]?\d)(?:st|nd|rd|th)?\b(?!\d)){_YEAR}"
)
_NAMED = re.compile(rf"\b(?P<name>{_ALL})\b\.?{_YEAR}")
_QUARTER = re.compile(
    r"\b(?:q(?P<digit>[1-4])|(?P<word>first|second|third|fourth) quarter)\b(?:\s*(?:of\s+)?(?P<year>20\d\d))?"
)
_YEAR_ALONE = re.compile(r"\b(?:(?:in|of|for|during|year)\s+)(?P<year>(?:19|20)\d\d)\b")
_NEWEST = re.compile(
    r"\b(?:the\s+)?(?:last|latest|newest|most recent|current|this|final)\s+(?:full\s+|loaded\s+|known\s+|"
    r"available\s+)?month(?:'s)?\b"
)
_PREVIOUS = re.compile(
    r"\b(?:the\s+)?(?:month before(?: that| it)?|previous month|preceding month|month prior to?|prior month|"
    r"month earlier|last but one month|second newest month|month preceding)\b"
)
_AFTER = re.compile(
    r"\b(?:the\s+)?(?:month (?:(?:that|which) )?(?:came |comes |right |directly )*after(?: that| it)?|following month|"
    r"month (?:that )?follow(?:ing|s|ed))\b"
)
_FIRST = re.compile(r"\b(?:the\s+)?(?:first|oldest|earliest) month\b")
_RANGE = re.compile(r"^\s*(?:to|through|thru|until|till|up to|-|:)\s*$")
_BETWEEN = re.compile(r"\bbetween\s+$")
_MAY = re.compile(r"\b(?:in|of|for|during|since|until|by|to|from|last|and|vs|than|or)\s+$")
_NOT_MAY = re.compile(r"^\s+(?:i|we|you|be|have|a|the|it|not)\b")
QUARTERS = {"first": 1, "second": 2, "third": 3, "fourth": 4}


@dataclass(frozen=True)
class When:
    """Months in the order in which they were named (year None: not said), days as (month's place, day), and relations.

    `relation`: newest, previous, next or first; previous and next count from the month that is named, if one is.
    `span` is true where two months are the ends of a range.
    """

    months: tuple[tuple[int | None, int], ...] = ()
    days: tuple[tuple[int, int], ...] = ()
    relation: str = ""
    span: bool = False
    year: int | None = None
    between: bool = False
    """Two months after `between`: ends of a range, unless they are held against each other."""

    def __bool__(self) -> bool:
        return bool(self.months or self.relation or self.year)


@dataclass
class _Reading:
    text: str
    found: list[tuple[int, int, int | None, int, int | None]] = field(default_factory=list)
    """Start, end, year, month and day of each."""

    def take(self, match: re.Match[str], year: int | None, number: int, day: int | None = None) -> None:
        self.found.append((match.start(), match.end(), year, number, day))
        self.text = self.text[: match.start()] + " " * (match.end() - match.start()) + self.text[match.end() :]


def when_of(question: str) -> tuple[When, str]:
    """What a question says of time, and its plain text without that."""
    reading = _Reading(_spelled(plain(question)))
    relation = _relation(reading)
    year = _quarter(reading)
    for pattern in (_ISO_DAY, _ISO, _TURNED, _NAMED_DAY, _NAMED):
        _take_all(reading, pattern)
    if not reading.found and (match := _YEAR_ALONE.search(reading.text)):
        year = int(match["year"])
    order = sorted(reading.found)
    span = any(_RANGE.match(reading.text[end:start]) for (_, end, *_), (start, *_) in pairwise(order))
    months = _with_years([(y, number) for _, _, y, number, _ in order])
    days = tuple((place, day) for place, (*_, day) in enumerate(order) if day)
    between = len(order) == 2 and bool(_BETWEEN.search(reading.text[: order[0][0]]))
    return When(tuple(months), days, relation, span, year, between), reading.text


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


def _with_years(months: list[tuple[int | None, int]]) -> list[tuple[int | None, int]]:
    """January and March 2019: what has no year has that of the next one that has."""
    later: int | None = None
    for place in range(len(months) - 1, -1, -1):
        later = months[place][0] or later
        months[place] = (later, months[place][1])
    return months


def _relation(reading: _Reading) -> str:
    for name, pattern in (("previous", _PREVIOUS), ("next", _AFTER), ("first", _FIRST), ("newest", _NEWEST)):
        if match := pattern.search(reading.text):
            reading.text = reading.text[: match.start()] + " " * len(match[0]) + reading.text[match.end() :]
            return name
    return ""


def _quarter(reading: _Reading) -> int | None:
    match = _QUARTER.search(reading.text)
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
    return said or bool(_MAY.search(text[: match.start()]) and not _NOT_MAY.match(text[match.end() :]))


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
