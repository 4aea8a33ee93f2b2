"""A measure is a figure or a name on one source of rows, and is called by phrases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

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
    each: str = ""
    """The dimension that tells single rows apart, for a mean over them: of fits, the run."""
    apart: str = ""
    """The dimension of which two values have to be named: these rows are for holding them against each other."""
    days: str = ""
    """The days of which scores are in these rows: those of tune, or of the test month."""
    context: frozenset[str] = frozenset()
    """Words that belong to these rows whatever is measured on them: of fits, to train; of decisions, the gate."""


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
    only: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Values of a dimension outside which it is not there: of high tip there is no mean absolute error."""
    average_of: str = ""
    """The measure whose words name it where an average is asked for by a word of its own."""
    mean: bool = False
    """It is a mean already, so that the average of it is itself."""
    role: str = ""
    """Who has to be named: whether a challenger was promoted is asked of challengers."""
    ignores: tuple[str, ...] = ()
    """Kinds of names that belong to what is measured: a share of card trips knows no other payment."""
    columns: frozenset[str] = frozenset()
    implied_by: tuple[str, ...] = ()
    """Kinds of names that ask for it without a word of its own: a reason asks for the rows that it set aside."""
    together: tuple[tuple[tuple[Phrase, ...], ...], ...] = ()
    """Ways of naming it by words that stand apart: each is several sets, of which one phrase each has to be said."""
    merges: bool = False
    """One figure of several months can be computed, though it is no sum: a mean by its weights, the greatest."""
