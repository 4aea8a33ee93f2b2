"""Hours and spans of weekdays: between 7 and 10 in the morning, 4pm to 8pm, after 10 pm, Monday to Thursday."""

from __future__ import annotations

import re
from collections.abc import Callable

from include.llm.ask.trips.atoms import Condition

_HOUR = r"(\d{1,2})(?::(\d\d))?( oclock| hour)?( am| pm)?|(noon|midday|midnight)"
_AT = rf"(?:{_HOUR})"
_CUE = re.compile(r"am|pm|oclock|noon|midnight|:\d\d|morning|evening|night|afternoon|hour")
_PART = r"(?: (?:in|of|at|during)?(?: the| a)? ?(morning|evening|night|afternoon)(?: hour)?)?"
_SPAN = re.compile(
    rf"(?<![\w@.])(?:(between|from) )?(?:(?:the )?hour (?:of |from |between )?)?{_AT} (to|"
    rf"and|till|until|through|thru|up to) (?:hour )?{_AT}"
    rf"(?! (?:mile|minute|dollar|passenger|people|%|percent|mph|pickup|trip|ride)){_PART}(?: oclock| hour)?(?![\w.])"
)
_AFTER = re.compile(
    rf"(?<![\w@.])(?:after|past|later than|from|since) {_AT}( on| onward| onwards)?(?! (?:mile|minute|dollar))(?![\w.])"
)
_BEFORE = re.compile(
    rf"(?<![\w@.])(?:before|until|till|up to|by|earlier than|prior to) {_AT}(?! (?:mile|minute|dollar))(?![\w.])"
)
_ONE = re.compile(rf"(?<![\w@.])(?:(?:at|in|during|around) )?(?:the )?{_AT}(?: (?:hour|slot))?(?![\w.])")
_NAMED = re.compile(
    r"(?<![\w@.])(?:in )?(?:the )?hour (?:of |number |no )?(\d{1,2})(?! (?:to|and|through|mile|minute))(?![\w.])"
)
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEK = re.compile(
    r"(?<![\w@])(?:from |between )?(mon|tue|wed|thu|fri|sat|sun)[a-z]* (?:to|through|thru|till|until) "
    r"(mon|tue|wed|thu|fri|sat|sun)[a-z]*(?![\w])"
)
NOUN_AFTER_ONE = re.compile(r"^ (?:mile|minute|dollar|passenger)")


def with_hours(text: str, place: Callable[[Condition], str]) -> str:
    """The text with each hour or span in the form that `place` gives to its condition."""
    text = _WEEK.sub(lambda m: place(_week(m[1], m[2])), text)
    text = _SPAN.sub(lambda m: _span(m, place), text)
    text = _AFTER.sub(lambda m: _open(m, place, after=True), text)
    text = _BEFORE.sub(lambda m: _open(m, place, after=False), text)
    text = _NAMED.sub(lambda m: place(between(60 * int(m[1]), 60 * int(m[1]) + 60)) if int(m[1]) < 24 else m[0], text)
    return _ONE.sub(lambda m: _single(m, place), text)


def between(start: int, end: int) -> Condition:
    """Minutes of the day from `start` to before `end`, over midnight where the end is earlier."""
    says = f"{start // 60:02d}:{start % 60:02d} to {end // 60:02d}:{end % 60:02d}"
    if start % 60 or end % 60:
        return Condition("hour", ("minute",), "span", (start, end), says)
    first, last = start // 60, end // 60
    hours = range(first, last) if first < last else (*range(first, 24), *range(0, last))
    return Condition("hour", ("hour",), "in", tuple(hours), says)


def _week(first: str, last: str) -> Condition:
    start, end = _DAYS.index(first), _DAYS.index(last)
    days = tuple((start + step) % 7 for step in range((end - start) % 7 + 1))
    says = "on weekdays" if days == (0, 1, 2, 3, 4) else f"{first.capitalize()} to {last.capitalize()}"
    return Condition("weekday", ("weekday",), "in", days, says)


def _minutes(parts: tuple[str | None, ...], half: str, *, ends: bool) -> int | None:
    number, minute, _, meridian, word = parts
    if word:
        return {"noon": 720, "midday": 720, "midnight": 1440 if ends else 0}[word]
    hour = int(number or 0)
    meridian = (meridian or "").strip() or half
    if hour > (12 if meridian else 24):
        return None
    if meridian:
        hour = hour % 12 + 12 * (meridian == "pm")
    return 60 * hour + int(minute or 0)


def _half(part: str | None, hour: str | None) -> str:
    """Whether a part of the day means before noon or after it."""
    if part == "night":
        return "pm" if hour and 5 <= int(hour) <= 11 else "am"
    return {"morning": "am", "evening": "pm", "afternoon": "pm"}.get(part or "", "")


def _span(match: re.Match[str], place: Callable[[Condition], str]) -> str:
    first, joined, last, part = match.groups()[1:6], match[7], match.groups()[7:12], match[13]
    said = _CUE.search(match[0])
    if not said or (joined == "and" and not match[1]):
        return match[0]
    later = (last[3] or "").strip() or _half(part, last[0])
    earlier = (first[3] or "").strip() or _half(part, first[0])
    if not earlier and later and first[0] and last[0]:
        earlier = later if int(first[0]) % 12 < int(last[0]) % 12 else {"am": "pm", "pm": "am"}[later]
    if not earlier and last[4] == "midnight" and first[0] and int(first[0]) < 12:
        earlier = "pm"
    if not earlier and last[4] == "noon":
        earlier = "am"
    start, end = _minutes(first, earlier, ends=False), _minutes(last, later, ends=True)
    if start is None or end is None or start == end:
        return match[0]
    inclusive = bool(re.match(r"(?:between |from )?(?:the )?hour ", match[0])) or end % 60 == 59
    return place(between(start % 1440, end + (1 if end % 60 == 59 else 60) * inclusive))


def _open(match: re.Match[str], place: Callable[[Condition], str], *, after: bool) -> str:
    parts = match.groups()[:5]
    onwards = match.groups()[5] if after else ""
    if not (parts[3] or parts[4] or parts[2] == " oclock" or parts[1]):
        return match[0]
    if after and match[0].startswith(("from", "since")) and not onwards:
        return match[0]
    at = _minutes(parts, "", ends=not after)
    if at is None or (after and parts[4] == "midnight"):
        return match[0]
    return place(between(at, 1440) if after else between(0, at))


def _single(match: re.Match[str], place: Callable[[Condition], str]) -> str:
    parts = match.groups()
    if not (parts[3] or parts[4] in ("noon", "midnight") or parts[2] == " oclock"):
        return match[0]
    at = _minutes(parts, "", ends=False)
    return match[0] if at is None or at % 60 or at >= 1440 else place(between(at, at + 60))
