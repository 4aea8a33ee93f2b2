"""What can be asked, read from `measures.yaml` and `lexicon.yaml`: sources, measures, and the words that name
things."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from include.llm.words import tokens

FOLDER = Path(__file__).parent
Phrase = tuple[str, ...]


@dataclass(frozen=True)
class Source:
    """Rows that measures are taken on. Expressions and conditions are SQL of the file; no question's text is in
    them."""

    name: str
    table: str
    origin: str
    dimensions: Mapping[str, str]
    where: str = ""
    roles: Mapping[str, str] = field(default_factory=dict)
    who: str = ""
    newest: bool = False
    needs: tuple[str, ...] = ()
    grain: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    empty: str = ""
    """Why there may be no rows, for people."""
    columns: frozenset[str] = frozenset()
    expressions: Mapping[str, str] = field(default_factory=dict)
    """SQL of each column, where `{column}` stands in a measure's expression."""
    only: Mapping[str, frozenset[str]] = field(default_factory=dict)
    stage: str = ""
    months: str = ""
    """The measure whose months these rows have; looking through the rows themselves would take long."""
    ranks: str = ""
    """Whose best or worst is meant when a question does not say: of fits, the family's."""


@dataclass(frozen=True)
class Measure:
    """A figure or a name: how it is computed, shown and called. `better` is low or high, or "" where neither is."""

    name: str
    source: Source
    says: str
    expression: str
    unit: str
    decimals: int
    words: tuple[Phrase, ...]
    weak: tuple[Phrase, ...] = ()
    """Words that say nothing by themselves, and belong to the measure when it is named otherwise too."""
    averaged: tuple[Phrase, ...] = ()
    """Words that name it where an average is asked for."""
    better: str = ""
    adds: bool = False
    needs: tuple[str, ...] = ()
    counts: str = ""
    exploded: str = ""
    equals: str = ""
    """The dimension whose values it gives: the champion's family is a family."""
    truth: bool = False
    """It is 1 or 0, for yes or no."""
    needs_rows: bool = False
    column: str = ""
    ascending: str = ""
    descending: str = ""
    everywhere: bool = False
    ignores: tuple[str, ...] = ()
    """Kinds of names that belong to what is measured: a share of card trips knows no other payment."""
    columns: frozenset[str] = frozenset()


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


@cache
def measures() -> dict[str, Measure]:
    """Name -> measure, in the order of the file. KeyError for a source that is not there."""
    raw = _read("measures.yaml")
    sources = {name: _source(name, entry) for name, entry in raw["sources"].items()}
    return {name: _measure(name, entry, sources) for name, entry in raw["measures"].items()}


def _source(name: str, entry: dict[str, Any]) -> Source:
    columns = frozenset(_columns({})) if entry.get("columns") == "features" else frozenset(entry.get("columns", ()))
    expressions = entry["columns"] if isinstance(entry.get("columns"), dict) else {}
    return Source(
        name,
        entry["table"],
        entry["from"],
        entry["dimensions"],
        entry.get("where", ""),
        entry.get("roles", {}),
        entry.get("who", ""),
        entry.get("month") == "newest",
        tuple(entry.get("needs", ())),
        entry.get("grain", ""),
        entry.get("labels", {}),
        entry.get("empty", ""),
        columns,
        expressions,
        {name: frozenset(values) for name, values in entry.get("only", {}).items()},
        entry.get("stage", ""),
        entry.get("months_like", ""),
        entry.get("ranks", ""),
    )


def _measure(name: str, entry: dict[str, Any], sources: Mapping[str, Source]) -> Measure:
    return Measure(
        name,
        sources[entry["source"]],
        entry["says"],
        entry["expression"],
        entry["unit"],
        entry["decimals"],
        _phrases(entry, ""),
        _phrases(entry, "*"),
        _phrases(entry, "~"),
        entry.get("better", ""),
        entry.get("adds", False),
        tuple(entry.get("needs", ())),
        entry.get("counts", ""),
        entry.get("exploded", ""),
        entry.get("is", ""),
        entry.get("truth", False),
        entry.get("needs_rows", False),
        entry.get("column", ""),
        entry.get("asc", ""),
        entry.get("desc", ""),
        entry.get("everywhere", False),
        tuple(entry.get("ignores", ())),
        frozenset(entry.get("columns", ())),
    )


def _phrases(entry: dict[str, Any], mark: str) -> tuple[Phrase, ...]:
    """The words with this mark, "" for those without one."""
    said = (str(text) for text in entry["words"])
    marked = (text for text in said if (text[0] if text[0] in "*~" else "") == mark)
    return tuple(dict.fromkeys(tuple(tokens(text)) for text in marked))


@cache
def lexicon() -> Lexicon:
    """The words that name things, the names of features, tables and taxi zones among them."""
    raw = _read("lexicon.yaml")
    slots: dict[Phrase, list[tuple[str, str]]] = {}
    for kind, values in (
        *raw["slots"].items(),
        ("column", _columns(raw["columns"])),
        ("zone", _zones(raw["places"])),
        ("table", _tables()),
    ):
        for value, said in values.items():
            for text in said:
                entry = slots.setdefault(tuple(tokens(text)), [])
                if (kind, str(value)) not in entry:
                    entry.append((kind, str(value)))
    return Lexicon(
        {phrase: tuple(named) for phrase, named in slots.items() if phrase},
        _turned(raw["groups"]),
        _turned(raw["orders"]),
        _turned(raw["shapes"]),
        frozenset(tokens(raw["harmless"])),
        {
            name: (tuple(tuple(tokens(w)) for w in entry["words"]), entry["says"])
            for name, entry in raw["unknown"].items()
        },
        raw["column_units"],
    )


@cache
def synonyms() -> dict[str, tuple[str, ...]]:
    """A question's word -> words of the documentation that say the same."""
    return {tokens(word)[0]: tuple(tokens(" ".join(same))) for word, same in _read("lexicon.yaml")["synonyms"].items()}


def _turned(entries: Mapping[str, list[str]]) -> dict[Phrase, str]:
    found: dict[Phrase, str] = {}
    for name, said in entries.items():
        for text in said:
            found.setdefault(tuple(tokens(str(text))), name)
    return found


def _columns(synonyms: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Every feature and label by name, with its words apart where there are several, beside the given synonyms."""
    from include.features.dictionary import AFTER_TRIP, FEATURES

    found = {name: [name, *said] for name, said in synonyms.items() if name != "hour"}
    for feature in (*FEATURES, *AFTER_TRIP):
        if "_" in feature.name:
            found.setdefault(feature.name, [feature.name, feature.name.replace("_", " ")])
    return found


def _tables() -> dict[str, list[str]]:
    from include.warehouse.meanings import names_of_tables

    return {name: [name] for name in names_of_tables()}


def _zones(aliases: Mapping[int, list[str]]) -> dict[str, list[str]]:
    """Every zone by its name, by the parts of a name with a slash, and by what people call it."""
    from include.trips.zones import zone_rows

    found: dict[str, list[str]] = {str(zone): list(said) for zone, said in aliases.items()}
    taken = {text for said in found.values() for text in said}
    for row in zone_rows():
        name = row["zone"]
        parts = [part for part in name.split("/") if " " in part.strip() or len(part) > 6] if "/" in name else []
        for text in (name, *parts):
            if text.lower() not in taken and row["borough"] != "Unknown":
                taken.add(text.lower())
                found.setdefault(row["LocationID"], []).append(text)
    return found


def _read(name: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))
    return content
