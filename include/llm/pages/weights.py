"""A rarer word tells more, and a passage is as good as the words that it has."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from math import log
from typing import Literal

from include.llm.ask.meanings.lexicon import lexicon
from include.llm.pages.stems import stem

Table = Literal["texts", "runs", "cards"]
SAYS_LITTLE = 0.5
"""What a word of every sentence (considered, happens) weighs beside one of the subject."""


def weights_of(index: sqlite3.Connection, terms: Sequence[str], table: Table) -> dict[str, float]:
    """How much each term tells: rarer is more, and one that is nowhere is most."""
    count = int(index.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]) or 1  # noqa: S608 - two names of ours
    weights = {}
    for term in terms:
        found = index.execute(f"SELECT COUNT(*) FROM {table} WHERE {table} MATCH ?", (f'"{term}"',)).fetchone()[0]  # noqa: S608
        weights[term] = log(1 + count / (found + 0.5))
    return weights


Weights = Mapping[str, tuple[float, frozenset[str]]]
"""A word of the question -> how much it tells, and the stems that say it."""


def with_same(weights: Mapping[str, float], own: Sequence[str], same: Mapping[str, Sequence[str]]) -> Weights:
    """The question's own words; one that is nowhere tells as much as the plainest word that says the same."""
    told: dict[str, tuple[float, frozenset[str]]] = {}
    for term in own:
        others = [word for word in same.get(term, ()) if word in weights]
        weight = min([weights[term], *(weights[word] for word in others)]) * (
            SAYS_LITTLE if term in lexicon().harmless else 1
        )
        told[term] = (weight, frozenset(stem(word) for word in (term, *others)))
    return told


def covered(held: frozenset[str], weights: Weights) -> float:
    return sum(weight for weight, said in weights.values() if said & held)
