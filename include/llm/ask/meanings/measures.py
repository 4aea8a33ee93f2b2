"""Every measure and the rows that it is taken on are read from `measures.yaml`; an unknown source is a KeyError."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from include.llm.ask.meanings.declarations import declared
from include.llm.ask.meanings.measure import Measure, Phrase, Source
from include.llm.ask.meanings.names import feature_names
from include.llm.words import tokens


@cache
def measures() -> dict[str, Measure]:
    """Name -> measure, in the order of the file. KeyError for a source that is not there."""
    raw = declared("measures.yaml")
    sources = {name: _source(name, entry) for name, entry in raw["sources"].items()}
    return {name: _measure(name, entry, sources) for name, entry in raw["measures"].items()}


def _source(name: str, entry: dict[str, Any]) -> Source:
    columns = (
        frozenset(feature_names({})) if entry.get("columns") == "features" else frozenset(entry.get("columns", ()))
    )
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
