"""Prose from a language model is taken only when nothing in it could be false: no figure, no name, no open comparison.

Figures and names come in by placeholders, `{test_loss}`, which code fills. What is left is held against lists of words.
The guard would rather refuse a good sentence than take a wrong one: for each there is a text that code wrote.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path
from typing import Literal

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
FIGURE = re.compile(r"\d[\d,]*(?:\.\d+)?")
ENDINGS = "(?:s|d|ly|fold|some|ths?)?"
NAMES = frozenset({"New", "York", "City", "TLC", "I", "Brier", "ROC"})
"""Words with a capital that may stand anywhere."""
_WORDS: dict[str, str] = yaml.safe_load(Path(__file__).with_name("guard_words.yaml").read_text(encoding="utf-8"))
LARGER, SMALLER, JUDGING, ORDINARY = (
    frozenset(_WORDS[name].split()) for name in ("larger", "smaller", "judging", "ordinary")
)
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


def refusals(
    text: str, allowed: Collection[str], needed: Collection[str] = (), directions: Mapping[str, Direction] | None = None
) -> list[str]:
    """Why a text is not taken, in the order in which it is read; empty when it is.

    `allowed` and `needed` are names of placeholders, `directions` those of them that a comparison may be about.
    """
    used, bare = PLACEHOLDER.findall(text), PLACEHOLDER.sub(" ", text)
    found = [
        (not SHORTEST <= len(text.strip()) <= LONGEST, f"{len(text.strip())} characters"),
        (bool(strange := set(used) - set(allowed)), f"unknown placeholder {', '.join(sorted(strange))}"),
        (bool(absent := set(needed) - set(used)), f"missing placeholder {', '.join(sorted(absent))}"),
        (any(letter.isnumeric() for letter in bare), "a digit"),
        (not PLAIN.fullmatch(bare), f"not plain prose: {_outside(bare)}"),
        (bool(GLUED.search(bare)), "an address"),
        (bool(words := number_words(bare)), f"a number in words: {', '.join(words)}"),
        (bool(named := _named(text)), f"a name that is no placeholder: {', '.join(named)}"),
        (bool(judged := _of(bare, JUDGING)), f"a verdict or a negation: {', '.join(judged)}"),
    ]
    return [told for wrong, told in found if wrong] + _open_comparisons(text, directions or {})


def number_words(text: str) -> list[str]:
    """Words of a text that say a number, spelled out or in Roman numerals, whatever they are glued to by hyphens."""
    spelled = [word for word in re.findall(r"[A-Za-z]+", text) if NUMBER_WORD.fullmatch(word)]
    return sorted({*spelled, *ROMAN.findall(text)})


def foreign_numbers(text: str, sources: Collection[str]) -> list[str]:
    """Numbers that a text has and none of its sources, `1,234.5` and `1234.5` being the same; words for numbers too."""
    known = {_figure(number) for source in sources for number in FIGURE.findall(source)}
    spelled = {word for source in sources for word in number_words(source)}
    found = [number for number in FIGURE.findall(text) if _figure(number) not in known]
    return sorted({*found, *(word for word in number_words(text) if word not in spelled)})


def _figure(number: str) -> str:
    plain = number.replace(",", "").rstrip(".")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


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
