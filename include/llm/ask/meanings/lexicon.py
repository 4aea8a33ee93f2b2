"""Words that name things are read from `lexicon.yaml`, short forms from `abbreviations.yaml`.

Features, tables and taxi zones bring their own names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from include.llm.ask.meanings.declarations import declared, words_in
from include.llm.ask.meanings.everyday import everyday
from include.llm.ask.meanings.measure import Phrase
from include.llm.ask.meanings.names import expectation_names, feature_names, table_names, zone_names
from include.llm.words import alternatives, tokens

TURNING = frozenset({"not", "never", "without", "neither", "nor", "except", "excluding", "non", "besides", "else"})
"""Words that turn a meaning round: they are explained by what is named with them, or by nothing."""


@dataclass(frozen=True)
class Lexicon:
    """Phrases of each kind -> what they name."""

    slots: Mapping[Phrase, tuple[tuple[str, str], ...]]
    groups: Mapping[Phrase, str]
    orders: Mapping[Phrase, str]
    shapes: Mapping[Phrase, str]
    harmless: frozenset[str]
    unknown: Mapping[str, tuple[tuple[Phrase, ...], str]]
    column_units: Mapping[str, str]
    patterns: tuple[tuple[str, str, re.Pattern[str]], ...]
    """Kind, value and the words that say it, for what is said in too many ways for a list."""


@cache
def lexicon() -> Lexicon:
    """The words that name things, the names of features, tables and taxi zones among them."""
    raw, more = declared("lexicon.yaml"), declared("columns.yaml")
    columns = {
        name: [*raw["columns"].get(name, ()), *more["columns"].get(name, ())]
        for name in (*raw["columns"], *more["columns"])
    }
    slots: dict[Phrase, list[tuple[str, str]]] = {}
    for kind, values in (
        *raw["slots"].items(),
        *declared("quality.yaml")["slots"].items(),
        ("broken_rule", expectation_names(columns)),
        ("column", feature_names(columns)),
        ("zone", zone_names(raw["places"])),
        ("table", table_names()),
    ):
        for value, said in values.items():
            for text in (way for each in said for way in alternatives(str(each))):
                entry = slots.setdefault(tuple(tokens(text)), [])
                if (kind, str(value)) not in entry:
                    entry.append((kind, str(value)))
    return Lexicon(
        {phrase: tuple(named) for phrase, named in slots.items() if phrase},
        _turned(raw["groups"]),
        _turned(raw["orders"]),
        _turned(raw["shapes"]),
        (everyday().words | frozenset(tokens(words_in("harmless.txt")))) - TURNING,
        {
            name: (tuple(tuple(tokens(w)) for w in entry["words"]), entry["says"])
            for name, entry in raw["unknown"].items()
        },
        raw["column_units"] | more["column_units"],
        tuple(
            (kind, value, re.compile(rf"(?<!\S)(?:{pattern})(?!\S)"))
            for kind, values in declared("patterns.yaml").items()
            for value, pattern in values.items()
        ),
    )


@cache
def abbreviations() -> dict[str, tuple[str, ...]]:
    """What people type for short -> the words that it stands for."""
    return {str(short): tuple(said.split()) for short, said in declared("abbreviations.yaml").items()}


def _turned(entries: Mapping[str, list[str]]) -> dict[Phrase, str]:
    found: dict[Phrase, str] = {}
    for name, said in entries.items():
        for text in said:
            for way in alternatives(str(text)):
                found.setdefault(tuple(tokens(way)), name)
    return found
