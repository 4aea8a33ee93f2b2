"""A question in parts: each name with the words in which it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from include.llm.ask.question.when import When

OPPOSITE = {
    "best": "worst",
    "worst": "best",
    "fast": "slow",
    "slow": "fast",
    "long": "short",
    "short": "long",
    "cheap": "expensive",
    "expensive": "cheap",
    "busy": "quiet",
    "quiet": "busy",
}


OPTIONAL = frozenset({"broken_rule", "raw_column", "rejects", "step", "stretch", "unkept", "verdict", "level"})
"""Kinds of names in plain words that a measure need not know; then the words have to be explained by something else."""


@dataclass(frozen=True)
class Named:
    """A value that the question names, and the words (first, last + 1) in which it does."""

    kind: str
    value: str
    first: int
    last: int

    @property
    def optional(self) -> bool:
        return self.kind in OPTIONAL

    @property
    def span(self) -> frozenset[int]:
        """The places of its words."""
        return frozenset(range(self.first, self.last))


@dataclass(frozen=True)
class Understood:
    """A question in parts. `said` has the spans in which measures are named, `numbers` the figures that name
    nothing."""

    words: tuple[str, ...]
    when: When
    named: tuple[Named, ...]
    said: Mapping[str, tuple[frozenset[int], ...]]
    groups: tuple[Named, ...]
    orders: tuple[Named, ...]
    shapes: frozenset[str]
    explained: frozenset[int]
    """Places of words that name something else than a measure, or nothing at all."""
    numbers: tuple[tuple[int, float], ...] = ()
    """Place and value; percent are hundredths."""
    form: str = ""
    percents: frozenset[int] = frozenset()
    """Places of the numbers that are percentages."""
    quantified: tuple[Named, ...] = ()
    """Nouns that all or any is said of: for each target, any model."""
    mended: Mapping[str, str] = field(default_factory=dict)

    def values(self, kind: str) -> tuple[str, ...]:
        """What is named of a kind, in order, each once."""
        return tuple(dict.fromkeys(n.value for n in self.named if n.kind == kind))

    @property
    def order(self) -> str:
        """The order that is asked for, "" without one: more accurate is better, less accurate worse."""
        if not self.orders:
            return ""
        first, *others = self.orders
        near = next((o for o in others if o.first == first.last and o.value not in ("max", "min")), None)
        if first.value not in ("max", "min") or near is None:
            return first.value
        return near.value if first.value == "max" else OPPOSITE.get(near.value, near.value)


def longest(found: list[Named]) -> tuple[Named, ...]:
    """Without those whose words are a part of a longer one's."""
    kept = [n for n in found if not any(n.span < other.span for other in found)]
    return tuple(sorted(dict.fromkeys(kept), key=lambda n: (n.first, -n.last)))
