"""Days are named one by one, as a span, as a part of a month, or by their holiday.

4 to 10 February, Feb 4-10, the first week of March, the week of 4 February, Valentine's Day, Presidents' Day.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator

from include.llm.ask.question.month_patterns import MONTH_NAMES as _ALL

Day = int | tuple[int, int] | tuple[int, int, int]
"""A day of the month; below nought from its end; (3, 0) is the third Monday, (-1, 0) the last one, (3, 0, 1) the day
after the third."""

_D = r"(?:the\s+)?([0-3]?\d)(?:st|nd|rd|th)?"
_TO = r"\s*(?:to|through|thru|until|till|up to|-|and)\s*"
_YEAR = r"(?:,?\s*(20\d\d)\b)?"
_SPAN_FIRST = re.compile(
    rf"\b(?:from\s+|between\s+|(?:the\s+)?week of\s+)?{_D}{_TO}{_D}\s+(?:of\s+)?({_ALL})\b\.?{_YEAR}"
)
_SPAN_LAST = re.compile(
    rf"\b({_ALL})\b\.?\s+{_D}\s*(?:to|through|thru|until|till|up to|-)\s*{_D}\b(?!\s*(?:am|pm|:)){_YEAR}"
)
_SPAN_BETWEEN = re.compile(rf"\bbetween\s+({_ALL})\b\.?\s+{_D}\s+and\s+{_D}\b(?!\s*(?:am|pm|:)){_YEAR}")
_WEEK_FROM = re.compile(
    rf"\b(?:the\s+)?week\s+(?:of|starting|beginning|commencing|from)\s+(?:on\s+)?(?:monday,?\s+)?"
    rf"(?:{_D}\s+(?:of\s+)?({_ALL})|({_ALL})\s+{_D})\b{_YEAR}"
)
_NTH = {"first": 1, "1st": 1, "opening": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4,
        "last": -1, "final": -1, "closing": -1}  # fmt: skip
_COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}
_PART = re.compile(
    rf"\b(?:the\s+)?({'|'.join(_NTH)})\s+(?:(\d+|{'|'.join(_COUNTS)})\s+)?(days?|weeks?|half|fortnight|"
    rf"mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|saturdays?|sundays?)\s+(?:of|in)\s+({_ALL})\b\.?{_YEAR}"
)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
HOLIDAYS: dict[str, tuple[int, Day]] = {
    r"new year(?:'s|s)?\s+eve": (12, 31),
    r"new year(?:'s|s)?(?:\s+day)": (1, 1),
    r"(?:martin luther king(?: jr)?|mlk)(?:\s+day|\s+jr\.?\s+day)?": (1, (3, 0)),
    r"groundhog\s+day": (2, 2),
    r"super\s*bowl(?:\s+sunday|\s+day)?": (2, (1, 6)),
    r"lincoln(?:'s)?\s+(?:birthday|day)": (2, 12),
    r"(?:(?:saint|st\.?)\s+)?valentine(?:s|s')?(?:\s+day)?": (2, 14),
    r"(?:susan b\.? anthony)(?:\s+day)?": (2, 15),
    r"(?:president(?:s|s')?\s+day|washington(?:'s)?\s+birthday)": (2, (3, 0)),
    r"(?:international\s+)?women(?:s|s')?\s+day": (3, 8),
    r"pi\s+day": (3, 14),
    r"(?:saint|st\.?)\s+(?:patrick|paddy)(?:s|s')?(?:\s+day)?": (3, 17),
    r"memorial\s+day": (5, (-1, 0)),
    r"juneteenth": (6, 19),
    r"independence\s+day": (7, 4),
    r"labou?r\s+day": (9, (1, 0)),
    r"columbus\s+day": (10, (2, 0)),
    r"halloween": (10, 31),
    r"veteran(?:s|s')?\s+day": (11, 11),
    r"thanksgiving(?:\s+day)?": (11, (4, 3)),
    r"(?:christmas|xmas)\s+eve": (12, 24),
    r"(?:christmas|xmas)(?:\s+day)?": (12, 25),
    r"boxing\s+day": (12, 26),
}
_HOLIDAY = re.compile(
    "|".join(rf"(?P<h{place}>\b{said}(?=\W|$){_YEAR.replace('(20', '(?:20')})" for place, said in enumerate(HOLIDAYS))
)

Found = tuple[int, int, int | None, str | int, list[Day]]
"""Start, end, year, month by name or number, days."""


def day_of(month: str, day: Day) -> str | None:
    """The date in a month `YYYY-MM`; None for one that the month does not have."""
    year, number = int(month[:4]), int(month[5:])
    first, length = calendar.monthrange(year, number)
    if isinstance(day, tuple):
        nth, weekday, later = (*day, 0)[:3]
        found = [d for d in range(1, length + 1) if (first + d - 1) % 7 == weekday]
        at = found[nth - 1 if nth > 0 else nth] + later if nth <= len(found) else 0
    else:
        at = day if day > 0 else length + 1 + day
    return f"{month}-{at:02d}" if 1 <= at <= length else None


def holidays_in(text: str) -> Iterator[Found]:
    """Named holidays, with the year when it is said."""
    for match in _HOLIDAY.finditer(text):
        number, day = list(HOLIDAYS.values())[int((match.lastgroup or "h0")[1:])]
        year = re.search(r"20\d\d", match[0])
        yield match.start(), match.end(), int(year[0]) if year else None, number, [day]


def without_holidays(text: str) -> str:
    """The text without the names of holidays: Presidents' Day is no president."""
    return _HOLIDAY.sub(" ", text)


def spans_in(text: str) -> Iterator[Found]:
    """Spans of days and parts of a month, which never overlap."""
    taken: list[tuple[int, int]] = []
    for read in (_spans, _weeks, _parts):
        for found in read(text):
            if not any(found[0] < end and start < found[1] for start, end in taken):
                taken.append(found[:2])
                yield found


def _spans(text: str) -> Iterator[Found]:
    for pattern, order in ((_SPAN_FIRST, (1, 2, 3)), (_SPAN_LAST, (2, 3, 1)), (_SPAN_BETWEEN, (2, 3, 1))):
        for match in pattern.finditer(text):
            first, last, name = (match[place] for place in order)
            paired = " and " in match[0] and not match[0].startswith("between")
            if 1 <= int(first) < int(last) <= 31:
                days: list[Day] = [int(first), int(last)] if paired else list(range(int(first), int(last) + 1))
                yield match.start(), match.end(), _year(match[4]), name, days


def _weeks(text: str) -> Iterator[Found]:
    for match in _WEEK_FROM.finditer(text):
        first, name = int(match[1] or match[4]), match[2] or match[3]
        yield match.start(), match.end(), _year(match[5]), name, list(range(first, first + 7))


def _parts(text: str) -> Iterator[Found]:
    for match in _PART.finditer(text):
        nth, unit, name = _NTH[match[1]], match[3].removesuffix("s"), match[4]
        many = int(_COUNTS.get(match[2], match[2])) if match[2] else 1
        if days := _days_of_part(nth, many, unit):
            yield match.start(), match.end(), _year(match[5]), name, days


def _days_of_part(nth: int, many: int, unit: str) -> list[Day]:
    if unit in _WEEKDAYS:
        return [(nth, _WEEKDAYS.index(unit))]
    length = {"day": 1, "week": 7, "fortnight": 14, "half": 15}[unit] * many
    if unit == "half":
        return list(range(1, 16)) if nth == 1 else list(range(16, 32)) if nth in (2, -1) else []
    if nth == -1:
        return [-day for day in range(length, 0, -1)]
    if nth == 1:
        return list(range(1, length + 1))
    return list(range((nth - 1) * length + 1, nth * length + 1)) if many == 1 else []


def _year(said: str | None) -> int | None:
    return int(said) if said else None
