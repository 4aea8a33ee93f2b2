"""Every measure and the rows that it is taken on are read from the files of `measures/`.

They say what can be asked of the tables, as data: where rows come from, what tells them apart, what is measured on
them, and how people call it. Queries, sentences of answers and the understanding of questions follow from them; SQL
is written nowhere else. Expressions are plain SQL that SQLite and MySQL both read; values always come as parameters. A
whole number that is divided is made a float by 1e0: 1.0 is a decimal to MySQL, which keeps four digits of the quotient.

sources: table (what is cited), from, where, dimensions (name -> expression), labels (what an answer adds), columns (of
    which alone there are rows, or the SQL of each for {column}), months_like (the measure whose months these rows have,
    where looking through the rows themselves would take long), only (values of a dimension outside which there are no
    rows), and what holds when a question says nothing: who (a role), month (newest: the newest one that has rows), else
    all rows are added up. each: the dimension that tells single rows apart; apart: the one of which two values are held
    against each other, the only use of these rows; context: words that belong to these rows whatever is measured on
    them; days: whose scores they have, of the tune days or of the test month.
measures: source, says (how an answer calls it), expression, unit (`target` is that of the model's target: minutes,
    dollars, or log loss), decimals, words (how people call it; * marks a word that says nothing by itself, ~ one that
    counts where an average is asked for; (over|more than) an hour says each of both), like (measures whose words name
    it too), average_of (the one whose average it is), mean (it is one already), only (as of a source), role (who has to
    be named), exploded (the value is JSON or text: of which the part is meant, `column:nulls` a row for each column
    with its nulls; `seconds` between two times), better (low or high), adds (months can be summed), merges (one figure
    of several months can be computed), everywhere (all services and months are meant when none is named), implied_by
    (kinds of names that ask for it without a word of its own), together (`drift & (row|trip)`: words that name it
    wherever they stand).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from include.llm.ask.meanings.declarations import declared_in
from include.llm.ask.meanings.measure import Measure, Phrase, Source
from include.llm.ask.meanings.names import matrix_columns
from include.llm.words import alternatives, tokens


@cache
def measures() -> dict[str, Measure]:
    """Name -> measure, in the order of the files. KeyError for a source that is not there."""
    raw = declared_in("measures")
    sources = {name: _source(name, entry) for file in raw for name, entry in file["sources"].items()}
    entries = {name: entry for file in raw for name, entry in file["measures"].items()}
    return {name: _measure(name, _with_words_of(entry, entries), sources) for name, entry in entries.items()}


def _with_words_of(entry: dict[str, Any], entries: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """An entry with the words of those that it is called like; an average's words count where one is asked for."""
    shared = [word for name in entry.get("like", ()) for word in entries[name]["words"]]
    if of := entry.get("average_of"):
        shared += [word if str(word)[0] in "*~" else f"~{word}" for word in entries[of]["words"]]
    return {**entry, "words": [*entry.get("words", ()), *shared]}


def _source(name: str, entry: dict[str, Any]) -> Source:
    columns = frozenset(matrix_columns()) if entry.get("columns") == "features" else frozenset(entry.get("columns", ()))
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
        _only(entry),
        entry.get("stage", ""),
        entry.get("months_like", ""),
        entry.get("ranks", ""),
        entry.get("each", ""),
        entry.get("apart", ""),
        entry.get("days", ""),
        frozenset(word for said in entry.get("context", ()) for word in tokens(str(said))),
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
        _only(entry),
        entry.get("average_of", ""),
        entry.get("mean", False),
        entry.get("role", ""),
        tuple(entry.get("ignores", ())),
        frozenset(entry.get("columns", ())),
        tuple(entry.get("implied_by", ())),
        tuple(_sets(str(said)) for said in entry.get("together", ())),
        entry.get("merges", False),
    )


def _only(entry: dict[str, Any]) -> dict[str, frozenset[str]]:
    return {name: frozenset(values) for name, values in entry.get("only", {}).items()}


def _sets(said: str) -> tuple[tuple[Phrase, ...], ...]:
    """drift & (row|trip): the ways of saying each part."""
    return tuple(tuple(tuple(tokens(way)) for way in alternatives(part)) for part in said.split("&"))


def _phrases(entry: dict[str, Any], mark: str) -> tuple[Phrase, ...]:
    """The words with this mark, "" for those without one."""
    said = (str(text) for text in entry["words"])
    marked = (text for text in said if (text[0] if text[0] in "*~" else "") == mark)
    return tuple(dict.fromkeys(tuple(tokens(way)) for text in marked for way in alternatives(text)))
