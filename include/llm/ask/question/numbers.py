"""Figures in a question are limits, percentages, or the name of an error: right to within five minutes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from include.llm.ask.question.understood import Named

NUMBER = re.compile(r"^\d+(?:\.\d+)?$")
NUMERALS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
FIGURES = {word: str(place) for place, word in enumerate(NUMERALS, 1)}
_UNIT = r"(?: (?:minute|min|dollar|usd|buck|\$)\b)?"
_WITHIN = re.compile(rf"\b(?:to )?within (?:\$ )?(2|two|5|five)(?![.\d]){_UNIT}")
_AT_MOST = re.compile(
    rf"\b(?:by )?(?:at most|no more than|not more than|up to|less than|under|below|a maximum of) "
    rf"(?:\$ )?(2|two|5|five)(?![.\d]){_UNIT}"
)
_OR_LESS = re.compile(rf"\b(?:by )?(?:\$ )?(2|two|5|five)(?![.\d]){_UNIT} or (?:less|better|closer|fewer)")
_LIMITS = ("than", "above", "below", "over", "under", "exactly", "to")
_MORE = re.compile(rf"\b(?:by )?(?:more than|over|beyond|worse than) (?:\$ )?(2|two|5|five)(?![.\d]){_UNIT}")
_MISSED = re.compile(r"\b(?:share|fraction|percentage|percent|proportion|often)\b.*\b(?:miss|missed|off|wrong|error)\b|"
                     r"%.*\b(?:miss|missed|off|wrong|error)\b")  # fmt: skip
_PART = re.compile(r"\b(?:share|fraction|percentage|percent|portion|proportion|part|often|error|off|miss|wrong)\b|%")


def limits_named(words: Sequence[str]) -> list[str]:
    """Right to within five minutes, and 5 dollars or less, as the names of the figures that have it; `at most` only
    where a share is asked for."""
    text = " ".join(words)
    text = _WITHIN.sub(lambda m: f"within_{FIGURES.get(m[1], m[1])}", text)
    text = _OR_LESS.sub(lambda m: f"within_{FIGURES.get(m[1], m[1])}", text)
    if _PART.search(text):
        text = _AT_MOST.sub(lambda m: f"within_{FIGURES.get(m[1], m[1])}", text)
    if _MISSED.search(text):
        text = _MORE.sub(lambda m: f"beyond_{FIGURES.get(m[1], m[1])}", text)
    return text.split()


def without_percent(words: Iterable[str]) -> tuple[list[str], frozenset[int]]:
    """The words without signs; the places of numbers that are percentages."""
    kept: list[str] = []
    percent = set()
    for word in words:
        if word in ("%", "percent", "pct") and kept and NUMBER.match(kept[-1]):
            percent.add(len(kept) - 1)
        elif word not in ("$", "#"):
            kept.append(word)
    return kept, frozenset(percent)


def numbers_in(words: Sequence[str], named: Sequence[Named], percent: frozenset[int]) -> tuple[tuple[int, float], ...]:
    taken: frozenset[int] = frozenset().union(*(n.span for n in named))
    digits = tuple(
        (i, float(word) / (100 if i in percent else 1))
        for i, word in enumerate(words)
        if NUMBER.match(word) and i not in taken
    )
    spelled = tuple(
        (i, float(FIGURES[word]))
        for i, word in enumerate(words)
        if word in FIGURES and i not in taken and words[i - 1] in ("least", "most", "than", "exactly") and i
    )
    nought = tuple((i, 0.0) for i, word in enumerate(words) if word == "zero" and i and words[i - 1] in _LIMITS)
    return digits + spelled + nought
