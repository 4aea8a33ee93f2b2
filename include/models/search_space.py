"""Where a family's parameters are searched: ranges and choices as data, checked when they are declared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Span:
    """Numbers from `low` to `high`, both included; on a logarithmic scale, or whole numbers only, where it says so."""

    low: float
    high: float
    log: bool = False
    whole: bool = False

    def __post_init__(self) -> None:
        if not self.low < self.high or (self.log and self.low <= 0):
            raise ValueError(f"a span from {self.low} to {self.high}{' on a log scale' if self.log else ''} is empty")

    def draw(self, trial: Any, name: str) -> float:
        """The trial's value of this parameter."""
        if self.whole:
            return int(trial.suggest_int(name, int(self.low), int(self.high), log=self.log))
        return float(trial.suggest_float(name, self.low, self.high, log=self.log))


@dataclass(frozen=True)
class Choice:
    """One of these values."""

    values: tuple[Any, ...]

    def __post_init__(self) -> None:
        if len(set(self.values)) < 2:
            raise ValueError(f"a choice needs two different values, got {self.values}")

    def draw(self, trial: Any, name: str) -> Any:
        """The trial's value of this parameter."""
        return trial.suggest_categorical(name, self.values)


SearchSpace = Mapping[str, Span | Choice]
"""Parameter -> where it is searched; what is not named keeps its default."""
