"""Time is written in these ways: 2019-03, 03/2019, March 2019, Mar '19, 14 March, Q1, last month."""

from __future__ import annotations

import re

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
MONTH_NAMES = _ALL = "|".join(sorted({*NAMES, *(name[:3] for name in NAMES), "sept"}, key=len, reverse=True))
_YEAR = r"(?:\s*(?:of\s+|,\s*|\()?(?P<year>(?:19|20)\d\d)(?![\d-])|\s*'(?P<short>\d\d)\b)?"
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
ISO_DAY = re.compile(r"\b(?P<year>(?:19|20)\d\d)[-/](?P<number>0[1-9]|1[0-2])[-/](?P<day>[0-3]\d)\b")
ISO = re.compile(r"\b(?P<year>(?:19|20)\d\d)[-/](?P<number>0?[1-9]|1[0-2])\b(?![-/]?\d)")
TURNED = re.compile(r"\b(?P<number>0?[1-9]|1[0-2])[/-](?P<year>(?:19|20)\d\d)\b")
NAMED_DAY = re.compile(
    rf"\b(?:{_DAY}\s+(?:of\s+)?(?P<name>{_ALL})\b\.?|(?P<name2>{_ALL})\b\.?\s+(?:the\s+)?"
    rf"(?P<day2>[0-3]?\d)(?:st|nd|rd|th)?\b(?!\d)){_YEAR}"
)
NAMED = re.compile(rf"\b(?P<name>{_ALL})\b\.?{_YEAR}")
QUARTER = re.compile(
    r"\b(?:q(?P<digit>[1-4])|(?P<word>first|second|third|fourth) quarter)\b(?:\s*(?:of\s+)?(?P<year>20\d\d))?"
)
YEAR_ALONE = re.compile(r"\b(?:(?:in|of|for|during|year)\s+)(?P<year>(?:19|20)\d\d)\b")
_WHOSE = (
    r"(?P<whose>(?:(?:our |the )?(?:yel+ow|yel|ylw|green|grn|gr)(?: taxi| cab)?\s+"
    r"(?!month (?:we|you|that|which|ingested|loaded|available|there|on|in)\b))?)"
)
"""Whose month: the newest yellow one."""
NEWEST = re.compile(
    r"\b(?:the\s+)?(?:last|latest|newest|most recent|current|this|final)\s+(?:full\s+|loaded\s+|known\s+|"
    rf"available\s+)?{_WHOSE}month(?:'s)?\b"
)
PREVIOUS = re.compile(
    r"\b(?:the\s+)?(?:month before(?: that| it)?|previous month|preceding month|month prior to?|prior month|"
    r"month earlier|last but one month|second newest month|month preceding)\b"
)
AFTER = re.compile(
    r"\b(?:the\s+)?(?:month (?:(?:that|which) )?(?:came |comes |right |directly )*after(?: that| it)?|following month|"
    r"month (?:that )?follow(?:ing|s|ed))\b(?!\s+(?:the\s+)?(?:train|fit|learn|last train))"
)
FIRST = re.compile(rf"\b(?:the\s+)?(?:first|oldest|earliest) {_WHOSE}month\b")
RANGE = re.compile(r"^\s*(?:to|through|thru|until|till|up to|-+>?|=>|:)\s*$")
BETWEEN = re.compile(r"\bbetween\s+$")
MAY = re.compile(r"\b(?:in|of|for|during|since|until|by|to|from|last|and|vs|than|or)\s+$")
NOT_MAY = re.compile(r"^\s+(?:i|we|you|be|have|a|the|it|not)\b")
QUARTERS = {"first": 1, "second": 2, "third": 3, "fourth": 4}
