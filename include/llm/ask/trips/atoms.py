"""A question on trips in atoms: words with what they name, and the conditions that they put on trips."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Condition:
    """What trips must be like: one of `keys` stands to `values` as `op` says. Keys are names of trip_rows.yaml."""

    kind: str
    keys: tuple[str, ...]
    op: str
    values: tuple[Any, ...]
    says: str
    negated: bool = False
    at: int = -1

    @property
    def same(self) -> tuple[tuple[str, ...], str]:
        """Conditions that agree in this are alternatives, of which one must hold."""
        return self.keys, self.op if self.op != "in" else ""


@dataclass(frozen=True)
class Limit:
    """A number with its unit and how a figure should stand to it; `at` is its place among the atoms."""

    op: str
    values: tuple[float, ...]
    unit: str


@dataclass
class Atom:
    """Words of a question and what they may name, by kind; none for words that only make a sentence."""

    words: tuple[str, ...]
    kinds: Mapping[str, Any] = field(default_factory=dict)
    filler: bool = False
    plural: bool = False

    def is_a(self, kind: str, *values: Any) -> bool:
        """Whether it may be of this kind, and one of the values where some are given."""
        return kind in self.kinds and (not values or self.kinds[kind] in values)

    @property
    def text(self) -> str:
        return " ".join(self.words)
