"""Prose from a language model is taken only when it says what the code's own text says, in other plain words.

Figures and names come in by placeholders, `{test_loss}`, which code fills. They and every word that claims something
stay in their clause and in their order; small words, synonyms and the side from which a comparison is told may change.
The guard would rather refuse a good sentence than take a wrong one: for each there is a text that code wrote.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

from include.features.temporal_features import TIME_BANDS
from include.trips.zones import BOROUGHS, zone_rows

Direction = Literal["up", "down"]
"""Whether a placeholder stands for a larger or a smaller error than the other trips or models have."""
SHORTEST, LONGEST = 40, 1500
PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
PLAIN = re.compile(r"[A-Za-z .,;:'()\n\u2019\u2013\u2014-]*")
"""All that English prose needs. Markup, links, look-alike letters and every digit are outside of it."""
SENTENCE = re.compile(r"(?<=[.;:])\s+|\n+")
GLUED = re.compile(r"[A-Za-z][.:][A-Za-z]")
"""An address, or a sentence that runs into the next."""
ROMAN = re.compile(r"\b[IVXLCDM]{2,}\b")
COUNTED = "trips?|rows?|months?|days?|versions?|parts?|riders?|passengers?|users?|people"
TOKEN = re.compile(rf"\{{([a-z][a-z0-9_]*)\}}(?:\s+({COUNTED})\b)?|[A-Za-z]+")
"""A placeholder with what it counts, or a word."""
ENDINGS = "(?:s|d|ly|fold|some|ths?)?"
NAMES = frozenset({"New", "York", "City", "TLC", "I", "Brier", "ROC"})
"""Words with a capital that may stand anywhere."""
_WORDS: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("guard_words.yaml").read_text(encoding="utf-8"))
LARGER, SMALLER, JUDGING, ORDINARY, PROSE = (
    frozenset(_WORDS[name].split()) for name in ("larger", "smaller", "judging", "ordinary", "prose")
)
SAME: dict[str, str] = {word: words.split()[0] for words in _WORDS["synonyms"] for word in words.split()}
FREE = PROSE | LARGER | SMALLER
"""Words that are no claim, and comparisons, which are held against what their clause is about."""
CHECKED = LARGER | SMALLER | {"than"}
COMPARING = CHECKED | frozenset(_WORDS["comparing"].split())
NUMBER_WORD = re.compile(
    rf"(?:{'|'.join(sorted(_WORDS['numbers'].split(), key=len, reverse=True))})+{ENDINGS}", re.IGNORECASE
)


def place_words() -> frozenset[str]:
    """Words, in lower case, by which a part of the data can be named: boroughs, zones, airports, bands of the day."""
    return _place_words()


@cache
def _place_words() -> frozenset[str]:
    names = [*BOROUGHS, *(row["zone"] for row in zone_rows()), *TIME_BANDS]
    words = {word.lower() for name in names for word in re.findall(r"[A-Za-z]{3,}", name)}
    return frozenset((words | set(_WORDS["places"].split())) - ORDINARY)


def refusals(text: str, draft: str, directions: Mapping[str, Direction] | None = None) -> list[str]:
    """Why a text is not taken in the place of a draft, in the order in which it is read; empty when it is.

    `directions` are the placeholders that a comparison may be about.
    """
    used, own, bare = set(PLACEHOLDER.findall(text)), set(PLACEHOLDER.findall(draft)), PLACEHOLDER.sub(" ", text)
    found = [
        (not SHORTEST <= len(text.strip()) <= LONGEST, f"{len(text.strip())} characters"),
        (bool(used - own), f"unknown placeholder {', '.join(sorted(used - own))}"),
        (bool(own - used), f"missing placeholder {', '.join(sorted(own - used))}"),
        (any(letter.isnumeric() for letter in bare), "a digit"),
        (not PLAIN.fullmatch(bare), f"not plain prose: {_outside(bare)}"),
        (bool(GLUED.search(bare)), "an address"),
        (bool(words := number_words(bare)), f"a number in words: {', '.join(words)}"),
        (bool(named := _named(text)), f"a name that is no placeholder: {', '.join(named)}"),
        (bool(judged := _of(bare, JUDGING)), f"a verdict or a negation: {', '.join(judged)}"),
        (bool(foreign := _foreign(text, draft)), f"words that the draft has not: {', '.join(foreign)}"),
        (claims(text) != claims(draft), "facts in another place, or of something else, than in the draft"),
    ]
    return [told for wrong, told in found if wrong] + _open_comparisons(text, directions or {})


def claims(text: str) -> list[list[str]]:
    """Of each clause what it claims, in order: placeholders with what they count, and words that are not free."""
    clauses = ([_claim(token) for token in TOKEN.finditer(clause)] for clause in SENTENCE.split(text))
    return [told for clause in clauses if (told := [claim for claim in clause if claim])]


def _claim(token: re.Match[str]) -> str:
    if token[1]:
        return f"{{{token[1]}}} {token[2] or ''}".rstrip()
    word = token[0].lower()
    return "" if word in FREE else SAME.get(word, word)


def number_words(text: str) -> list[str]:
    """Words of a text that say a number, spelled out or in Roman numerals, whatever they are glued to by hyphens."""
    spelled = [word for word in re.findall(r"[A-Za-z]+", text) if NUMBER_WORD.fullmatch(word)]
    return sorted({*spelled, *ROMAN.findall(text)})


def _foreign(text: str, draft: str) -> list[str]:
    """Words that claim something, and are not the draft's."""
    said, known = ({word for clause in claims(whole) for word in clause if word[0] != "{"} for whole in (text, draft))
    return sorted(said - known)


def _outside(text: str) -> str:
    return " ".join(sorted({repr(letter) for letter in text if not PLAIN.fullmatch(letter)}))


def _of(text: str, words: Collection[str]) -> list[str]:
    return sorted({word for word in re.findall(r"[a-z]+", text.lower()) if word in words})


def _named(text: str) -> list[str]:
    """Places, and words with a capital that do not begin a sentence."""
    places = {word for word in re.findall(r"[A-Za-z]+", PLACEHOLDER.sub(" ", text)) if word.lower() in place_words()}
    inside = {
        word for sentence in SENTENCE.split(text)
        for word in re.findall(r"(?<![{\w])[A-Z]\w*", sentence.strip())
        if word not in NAMES and not sentence.strip().startswith(word)
    }  # fmt: skip
    return sorted(places | inside)


def _open_comparisons(text: str, directions: Mapping[str, Direction]) -> list[str]:
    """Sentences that compare what no placeholder in them carries, or the wrong way round."""
    told = []
    for sentence in SENTENCE.split(text):
        words = _of(PLACEHOLDER.sub(" ", sentence), COMPARING)
        ways = {directions[name] for name in PLACEHOLDER.findall(sentence) if name in directions}
        said: set[Direction] = {"up" if word in LARGER else "down" for word in words if word in LARGER | SMALLER}
        if words and (ways != said or len(said) != 1 or not set(words) <= CHECKED):
            told.append(f"a comparison that the facts do not carry: {', '.join(words)}")
    return told
