"""A question's text in one spelling, before its words are looked up: signs as words, numerals as figures."""

from __future__ import annotations

import re
from functools import cache

from include.llm.ask.meanings.declarations import declared
from include.llm.words import plain

_SIGNS = tuple(
    (re.compile(pattern), spelling)
    for pattern, spelling in (
        (r"\bw/o\b", " without "),
        (r"\bw/(?=\s|\w)", " with "),
        (r"\b(?:a\.m\.?|p\.m\.?)(?=\s|$|\W)", lambda m: m[0].replace(".", "")),
        (r"(\d)\s*([ap]m)\b", r"\1 \2"),
        (r"(\d)\s*k\b", r"\g<1>000"),
        (r"(\d)\s*(?:mi|miles?)\b", r"\1 mile"),
        (r"(\d)\s*(?:mins?|minutes?|m)\b", r"\1 minute"),
        (r"(\d)\s*(?:hours?|hrs?|h)\b", r"\1 hour"),
        (r"\bmins\b|(?<=\bin )min\b", "minutes"),
        (r"\$\s*(\d+(?:\.\d+)?)", r"\1 dollar"),
        (r"(\d)\s*(?:\$|usd\b|bucks?\b)", r"\1 dollar"),
        (r"(\d)\s*\+", r"\1 plus"),
        (r"(\d)-(?=passenger|person|mile|minute|hour|dollar|people|seat|rider)", r"\1 "),
        (r"(\d(?: [ap]m)?)\s*-\s*(?=\d)", r"\1 to "),
        (r"\b(mon|tue|tues|wed|thu|thurs|fri|sat|sun)([a-z]*)\s*-\s*(?=(?:mon|tue|wed|thu|fri|sat|sun))", r"\1\2 to "),
        (r"(\d+):00\b", r"\1 oclock"),
        (r"o'?clock", "oclock"),
        (r"(\w)\s*/\s*(?=(?:mile|mi|minute|min|hour|trip|ride|day)\b)", r"\1 per "),
        (r"\s/\s", " divided by "),
        (r"&", " and "),
        (r"%", " % "),
        (r"\bu\.?s\.?d\b", "usd"),
        (r"\bmiles? per hour\b|\bmiles? an hour\b|\bm\.?p\.?h\b\.?", "mph"),
        (r"\bhalf an hour\b|\ba half hour\b|\bhalf hour\b", "30 minute"),
        (r"\ban hour and a half\b|\bone and a half hours?\b", "90 minute"),
        (r"\b(?:a )?quarter(?: of)? (?:of )?an hour\b|\ba quarter hour\b", "15 minute"),
        (
            r"(?<=than )an hour\b|(?<=over )an hour\b|(?<=under )an hour\b|(?<=least )an hour\b|(?<=exceed )an hour\b|"
            r"(?<=exceeded )an hour\b|(?<=exceeding )an hour\b|(?<=beyond )an hour\b|(?<=most )an hour\b|"
            r"(?<=above )an hour\b|(?<=within )an hour\b|(?<=below )an hour\b|\bone hour\b|\ban hour(?= or )",
            "1 hour",
        ),
        (r"\bhalf a mile\b|\ba half mile\b|\bhalf mile\b", "0.5 mile"),
        (
            r"(?<=than )a mile\b|(?<=over )a mile\b|(?<=under )a mile\b|(?<=least )a mile\b|(?<=below )a mile\b|"
            r"(?<=within )a mile\b|(?<=exceed )a mile\b|\bone mile\b|\ba single mile\b|\ba mile(?= or )",
            "1 mile",
        ),
        (
            r"(?<=than )a dollar\b|(?<=over )a dollar\b|(?<=under )a dollar\b|(?<=least )a dollar\b|\bone dollar\b",
            "1 dollar",
        ),
        (r"(?<=than )once\b|(?<=just )once\b|(?<=only )once\b|(?<=least )once\b|(?<=exactly )once\b", "1 trip"),
        (r"\btwice\b(?! as)", "2 trip"),
        (r"(?<=\d) times\b(?! as| more| higher| the)", " trip"),
        (r"\ba dozen\b", "12"),
        (r"\ba hundred\b|\bone hundred\b", "100"),
        (r"\ba thousand\b|\bone thousand\b", "1000"),
        (r"\b(\d+) hundred\b", r"\g<1>00"),
        (r"\b(\d+) thousand\b", r"\g<1>000"),
        (r"\b(\d+(?:\.\d+)?) million\b", lambda m: str(int(float(m[1]) * 1_000_000))),
        (r"\bthe majority of\b|\ba majority of\b|\bmost of the\b", " more than 0.5 of the "),
        (r"\b(?:one )?half (?=(?:of|the|all|its|their)\b)", " 0.5 "),
        (r"\b(?:a|one) third (?=of)", f" {1 / 3:.6f} "),
        (r"\b(?:a|one) quarter (?=of)", " 0.25 "),
        (r"\b2 thirds (?=of)", f" {2 / 3:.6f} "),
        (r"\b3 quarters (?=of)", " 0.75 "),
    )
)
_NUMERALS = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
    "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90,
}  # fmt: skip
_WORD = re.compile(r"\d{1,2}:\d\d|[a-z0-9_]+(?:\.[0-9]+)?|[%#,()?:;]|[<>]=?|-(?=\s)")
_NUMERAL = re.compile(rf"\b({'|'.join(_NUMERALS)})\b")
PAUSES = frozenset(",()?:;-")


@cache
def _sayings() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Patterns of trip_sayings.yaml with what each is said as; short slips first."""
    raw = declared("trip_sayings.yaml")
    slips = tuple((re.compile(rf"\b(?:{'|'.join(said)})\b"), word) for word, said in raw["slips"].items())
    return (*slips, *((re.compile("|".join(saying["any"])), saying["as"]) for saying in raw["sayings"]))


def words_of(text: str) -> list[str]:
    """The words, still in the plural, with `%`, `<` and pauses among them."""
    for pattern, spelling in _sayings():
        text = pattern.sub(spelling, text.lower())
    text = _NUMERAL.sub(lambda m: str(_NUMERALS[m[1]]), plain(text))
    for sign, said in _SIGNS:
        text = sign.sub(said, text)
    return ["," if word in PAUSES else word for word in _WORD.findall(text)]
