"""Numbers that limit something: more than 20 miles, 5+ people, between 2 and 4 dollars, at least an hour."""

from __future__ import annotations

import re
from collections.abc import Callable

from include.llm.ask.trips.atoms import Limit

_OPERATORS = {
    ">=": r"at least|no less than|no fewer than|not less than|not fewer than|a minimum of|minimum of|minimum|from|>=",
    "<=": r"at most|no more than|not more than|up to|a maximum of|maximum of|not over|not above|"
    r"not exceeding|no longer than|"
    r"not longer than|no higher than|<=",
    ">": r"(?:(?:strictly |well |way |much )?(?:more|longer|greater|higher|farther|further|"
    r"bigger|larger|pricier|faster|costlier|better|dearer) than)|"
    r"over|above|exceeding|exceed|exceeded|beyond|in excess of|upward of|upwards of|"
    r"north of|past|topped|topping|surpass|surpassed|surpassing|>",
    "<": r"(?:(?:strictly |well |way |much )?(?:less|fewer|shorter|lower|cheaper|smaller|slower|"
    r"nearer) than)|under|below|beneath|within|"
    r"south of|short of|<",
    "=": r"exactly|precisely|just|only|equal to|of exactly|equal|=",
}
_NUMBER = r"(\d+(?:\.\d+)?|(?<!the )one(?! (?:of|in|more|borough|boro|zone|day|and the|single|neighbo)))"
UNITS = {
    "mile": "mile",
    "mi": "mile",
    "minute": "minute",
    "min": "minute",
    "hour": "hour",
    "hr": "hour",
    "second": "second",
    "sec": "second",
    "dollar": "dollar",
    "usd": "dollar",
    "buck": "dollar",
    "passenger": "passenger",
    "people": "passenger",
    "person": "passenger",
    "ppl": "passenger",
    "pax": "passenger",
    "rider": "passenger",
    "occupant": "passenger",
    "traveller": "passenger",
    "head": "passenger",
    "soul": "passenger",
    "traveler": "passenger",
    "mph": "mph",
    "%": "percent",
    "percent": "percent",
    "pct": "percent",
    "trip": "trip",
    "ride": "trip",
    "pickup": "trip",
    "dropoff": "trip",
    "journey": "trip",
    "cent": "cent",
    "km": "km",
}
COVERED = "of all"
"""The unit of a part of the whole that the first groups have to hold together."""
_COVERING = re.compile(
    r"(?<![\w@])(?:(?:account|needed|responsible|stand) for|(?:make|making|add|adding) up(?: to)?|cover(?:ing|ed)?|"
    r"(?:to )?(?:reach|get|hold|have|take|carry|generate|produce|handle|provide|supply|see|serve|bring in|take in)"
    r"(?: to)?) (?:about |at least |more than |over |the first |a |just )*"
    r"(?:(0\.\d+)|(\d+(?:\.\d+)?) (?:%|percent|pct))(?: of)?(?! \w+ (?:than|passenger))"
)
_UNIT = rf"(?: (?:of )?({'|'.join(sorted(map(re.escape, UNITS), key=len, reverse=True))})(?!\w))?"
_OR_MORE = (
    r"(plus|or more|and more|or above|and above|and up|or over|and over|or longer|"
    r"or higher|or greater|or up|upwards|or farther|or better)"
)
_OR_LESS = (
    r"(or less|or fewer|or below|and below|or under|and under|or shorter|or lower|maximum|max|and less|or cheaper)"
)
_START = r"(?<![\w@.])"
_BETWEEN = re.compile(rf"{_START}(?:between|from|of)? ?{_NUMBER}{_UNIT} (?:and|to|through) {_NUMBER}{_UNIT}(?![\w.])")
_AFTER = re.compile(rf"{_START}{_NUMBER}{_UNIT} (?:{_OR_MORE}|{_OR_LESS}){_UNIT}(?!\w)")
_BARE = re.compile(rf"{_START}(\d+(?:\.\d+)?){_UNIT}(?![\w.])")
_FACTOR = {"hour": 60.0, "second": 1 / 60, "cent": 0.01, "percent": 0.01, "km": 1 / 1.609344}
_SAME_AS = {"hour": "minute", "second": "minute", "cent": "dollar", "km": "mile"}
_BEFORE = {
    op: re.compile(rf"{_START}(?:{said}) (?:a total of |a |the |about )?{_NUMBER}{_UNIT}(?![\w.])")
    for op, said in _OPERATORS.items()
}


def both(first: Limit, second: Limit) -> Limit | None:
    """At least once but fewer than five times: whole numbers between two; None where they are no two ends."""
    ends: dict[str, float] = {}
    for limit in (first, second):
        step = {">": 1, "<": -1}.get(limit.op, 0)
        ends["low" if limit.op in (">", ">=") else "high"] = limit.values[0] + step
    return Limit("between", (ends["low"], ends["high"]), first.unit or second.unit) if len(ends) == 2 else None


def with_limits(text: str, place: Callable[[Limit], str]) -> str:
    """The text with each limit in the form that `place` gives to it; a number without unit or sign stays."""
    text = _BETWEEN.sub(lambda m: _between(m, place), text)
    text = _AFTER.sub(lambda m: place(_limit(">=" if m[3] else "<=", (m[1],), m[2] or m[5])), text)
    for op, pattern in _BEFORE.items():
        text = pattern.sub(lambda m, op=op: _one(op, m, place), text)  # type: ignore[misc]
    return _BARE.sub(
        lambda m: place(_limit("=", (m[1],), m[2])) if m[2] and UNITS[m[2]] not in ("trip", "percent") else m[0], text
    )


def with_covered(text: str, place: Callable[[Limit], str]) -> str:
    """How many zones make up half of all pick-ups: the part in the form that `place` gives to it."""
    return _COVERING.sub(lambda m: place(Limit(">=", (float(m[1] or float(m[2]) / 100),), COVERED)), text)


def _one(op: str, match: re.Match[str], place: Callable[[Limit], str]) -> str:
    if match[0].startswith(("from ", "just ", "only ")) and not match[2]:
        return match[0]
    return place(_limit(op, (match[1],), match[2]))


def _between(match: re.Match[str], place: Callable[[Limit], str]) -> str:
    unit = match[4] or match[2]
    said = match[0].startswith("between")
    if not unit and not said:
        return match[0]
    return place(_limit("between", (match[1], match[3]), unit))


def _limit(op: str, numbers: tuple[str, ...], unit: str | None) -> Limit:
    named = UNITS.get(unit or "", "")
    factor = _FACTOR.get(named, 1.0)
    return Limit(
        op, tuple(float(number.replace("one", "1")) * factor for number in numbers), _SAME_AS.get(named, named)
    )
