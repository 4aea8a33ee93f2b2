"""What gives an answer for a service's target: its champion, or what stands in for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

import numpy as np

from include.models.bundle import Bundle, Pointer, model_name
from include.models.fallback import FallbackTable
from include.serving.champions.rule_of_thumb import rule_of_thumb
from include.serving.champions.single import Single
from include.serving.quotes.trips import Trip

Key = tuple[str, str]
"""Service and target."""
Said = dict[str, Any] | None
"""What `Estimate` or `Probability` shows; None where nothing can be said."""


@dataclass(frozen=True)
class Champion:
    """A loaded bundle and the pointer that named it."""

    pointer: Pointer
    bundle: Bundle

    @cached_property
    def single(self) -> Single:
        """The bundle for one trip at a time."""
        return Single(self.bundle)

    @property
    def label(self) -> str:
        """`<registered name>/<version>`, as answers show it."""
        return f"{self.pointer.model_name}/{self.pointer.version}"

    @cached_property
    def signed(self) -> dict[str, str]:
        """What every answer of it says of its origin."""
        return {"model": self.label, "trained_to": self.bundle.card.trained_to}

    def answer(self, matrix: np.ndarray) -> list[Said]:
        """(n, features) -> n answers, rounded for people."""
        if len(matrix) == 1:
            return [self.answer_one(matrix)]
        signed = self.signed
        if self.bundle.is_probability:
            return [_probability(chance, signed) for chance in self.bundle.predict_probability(matrix).tolist()]
        columns = (values.tolist() for values in self.bundle.predict_with_interval(matrix))
        return [_estimate(values, signed) for values in zip(*columns, strict=True)]

    def answer_one(self, row: np.ndarray) -> Said:
        """(1, features) -> the same for one trip."""
        if self.bundle.is_probability:
            return _probability(self.single.probability(row), self.signed)
        return _estimate(self.single.estimate(row), self.signed)


class StandIn(Protocol):
    """Answers for a champion that cannot; `label` is shown as the model."""

    label: str

    def answer(self, trips: Sequence[Trip]) -> list[Said]:
        """n trips -> n answers."""


class TableStandIn:
    """The published table of zone pairs."""

    def __init__(self, table: FallbackTable) -> None:
        self.table, self.label = table, f"{model_name(table.service, table.target)}/fallback"

    def answer(self, trips: Sequence[Trip]) -> list[Said]:
        """By zone pair and band of the day."""
        signed = {"model": self.label, "trained_to": self.table.trained_to}
        values = (self.table.value(t.pickup_zone, t.dropoff_zone, t.pickup_datetime) for t in trips)
        return [_probability(v[0], signed) if len(v) == 1 else _estimate(v, signed) for v in values]


class RuleStandIn:
    """The rule of thumb, when not even a table is left."""

    def __init__(self, service: str, target: str) -> None:
        self.service, self.target, self.label = service, target, "rule_of_thumb"

    def answer(self, trips: Sequence[Trip]) -> list[Said]:
        """By distance, hour and the date's meter; None for what no rule is known for."""
        signed = {"model": self.label, "trained_to": ""}
        values = (
            rule_of_thumb(self.target, self.service, t.pickup_zone, t.dropoff_zone, t.pickup_datetime) for t in trips
        )
        return [_estimate(v, signed) if v else None for v in values]


@dataclass(frozen=True)
class LineUp:
    """Who answers, as one consistent set: a request looks at it once, a new one replaces it whole."""

    champions: dict[Key, Champion] = field(default_factory=dict)
    stand_ins: dict[Key, StandIn] = field(default_factory=dict)
    problems: dict[Key, str] = field(default_factory=dict)

    @cached_property
    def services(self) -> list[str]:
        """Services that are quoted, in order."""
        return sorted({service for service, _ in (*self.champions, *self.stand_ins)})


def _estimate(values: Sequence[float], signed: dict[str, str]) -> dict[str, Any]:
    value, low, high = values
    return {"value": round(value, 2), "p10": round(low, 2), "p90": round(high, 2), **signed}


def _probability(chance: float, signed: dict[str, str]) -> dict[str, Any]:
    return {"probability": round(chance, 4), **signed}
