"""The words of questions on trips by phrase; a word that is nearly one of them is read as that one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from include.llm.ask.meanings.declarations import declared
from include.llm.ask.meanings.everyday import everyday, other_words
from include.llm.ask.meanings.lexicon import lexicon
from include.llm.ask.meanings.measure import Phrase
from include.llm.ask.trips.atoms import Condition
from include.llm.words import Mender, singular, tokens

KINDS = (
    "service",
    "borough",
    "per",
    "shape",
    "aggregate",
    "subject",
    "column",
    "group",
    "order",
    "change",
    "side",
    "raw",
    "some",
    "none",
    "negation",
    "earn",
    "idle",
)
LONG_FILLER = 5
"""Letters up to which a word that only makes a sentence has no slips: dupes are not does."""
AIRPORTS = (1, 132, 138)
BANDS = {
    "night": range(0, 6),
    "morning": range(6, 10),
    "midday": range(10, 16),
    "evening": range(16, 20),
    "late": range(20, 24),
}
READ_BY_RULE = """
    % 2nd 3rd 4th 5th 60th 90th 95th 99th aboard above after all alone am and at before behind below between
    beyond bigger both cheaper come dead divided dollar earlier early equal exactly exceed exceeded exceeding
    farther fewer fifth first fourth from further greater half higher hour hundred id last later least less longer
    lower maximum midnight mile million minimum minute month more most next no noon number o oclock of or over
    passenger past percent percentile plus pm precisely quarter quartile right second shorter smaller solo than
    third thousand through till to under until up upper upward when where which whole within zone
"""
"""Words that rules read: of hours, limits, ranks."""


@cache
def phrases() -> Mapping[Phrase, Mapping[str, Any]]:
    """Phrase -> what it may name, by kind."""
    raw = declared("trip_words.yaml")
    found: dict[Phrase, dict[str, Any]] = {}

    def add(kind: str, value: Any, said: Sequence[str]) -> None:
        for text in said:
            if phrase := tuple(tokens(str(text))):
                found.setdefault(phrase, {}).setdefault(kind, value)

    for entry in raw["condition"]:
        add("condition", _condition(entry), entry["words"])
    for phrase, named in lexicon().slots.items():
        zones = [value for kind, value in named if kind == "zone"]
        if zones:
            found.setdefault(phrase, {})["zone"] = int(zones[0])
    for kind in KINDS:
        entries = raw[kind]
        for value, said in entries.items() if isinstance(entries, dict) else [(kind, entries)]:
            add(kind, value, said)
    add("airport", AIRPORTS, raw["airport"])
    return found


def _condition(entry: Mapping[str, Any]) -> Condition:
    value, key = entry["value"], entry["key"]
    values = tuple(value) if isinstance(value, list) else (value,)
    if key == "band":
        return Condition(entry["kind"], ("hour",), "in", tuple(BANDS[value]), entry["says"])
    keys = ("pickup_in_cbd",) if key == "in_cbd" else (key,)
    return Condition(entry["kind"], keys, "in", values, entry["says"])


@cache
def fillers() -> frozenset[str]:
    """Words that only make a sentence: those of trips, and those of every question that mean nothing of models."""
    raw = declared("trip_words.yaml")
    named = {phrase[0] for phrase in phrases() if len(phrase) == 1} | {*READ_BY_RULE.split()}
    stems = tuple(raw["foreign"].split())
    shared = {word for word in lexicon().harmless if not word.startswith(stems) and word not in named}
    return frozenset({*tokens(raw["filler"]), *shared})


@cache
def _known() -> frozenset[str]:
    words = {word for phrase in phrases() for word in phrase}
    return frozenset(words | fillers() | {*READ_BY_RULE.split()})


@cache
def _foreign() -> frozenset[str]:
    """Words that mean something else and are no slips: those of the documents, and what no table can know."""
    from include.llm.pages.passages import words_of_documents

    unknown = {word for said, _ in lexicon().unknown.values() for phrase in said for word in phrase}
    return frozenset({*words_of_documents(), *unknown, *lexicon().harmless, *everyday().words, *other_words()})


@cache
def _mender() -> Mender:
    known = {word for word in _known() if word not in fillers() or len(word) > LONG_FILLER}
    return Mender(known | {f"{word}s" for word in known if word.isalpha()}, _foreign())


@cache
def rooted(word: str) -> str:
    """The word in the singular, mended where nobody knows it."""
    known = _known()
    one = singular(word)
    found = next((form for form in (one, word, word.removesuffix("s")) if form in known), None)
    if found or not word.isalpha() or {one, word} & _foreign():
        return found or one
    mended = _mender().mend(word)
    return next((form for form in (singular(mended), mended, mended.removesuffix("s")) if form in known), one)
