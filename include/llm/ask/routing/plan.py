"""What is asked of one measure: which rows, told apart by what, and what an answer leads with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from include.llm.ask.meanings.measure import Measure, Source
from include.llm.ask.routing.tally import Tally

Shape = Literal[
    "value",
    "ranked",
    "compared",
    "difference",
    "yes",
    "threshold",
    "counted",
    "share",
    "averaged",
    "listed",
    "same",
    "nearest",
    "times",
    "distance",
    "tallied",
    "range",
    "having",
    "margin",
    "summed",
]
GRAINS = {
    frozenset(): "month",
    frozenset({"hour_of_week"}): "hour",
    frozenset({"pickup"}): "pickup",
    frozenset({"dropoff"}): "dropoff",
    frozenset({"pickup", "hour_of_week"}): "pickup_hour",
    frozenset({"pickup", "dropoff"}): "pair",
}
"""What rows of trip_totals tell apart, by the dimensions that a question needs; other sets have no rows."""
_AXIS = {"hour": "hour_of_week", "weekday": "hour_of_week", "band": "hour_of_week", "week_part": "hour_of_week",
         "pickup_zone": "pickup", "pickup_borough": "pickup",
         "dropoff_zone": "dropoff", "dropoff_borough": "dropoff"}  # fmt: skip
BANDS = {"night": range(0, 6), "morning": range(6, 10), "midday": range(10, 16), "evening": range(16, 20),
         "late": range(20, 24)}  # fmt: skip
"""Bands of the day as hours, as the features have them."""


@dataclass(frozen=True)
class Plan:
    """One structured question. `filters` are values by dimension, in the order in which they were named."""

    measure: Measure
    shape: Shape = "value"
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    roles: tuple[str, ...] = ()
    group: tuple[str, ...] = ()
    """Dimensions that rows are told apart by."""
    descending: bool = True
    op: str = ""
    number: float = 0.0
    names_value: bool = False
    """A ranked answer leads with the figure instead of the name that has it."""
    relative: bool = False
    assumed: tuple[str, ...] = ()
    place: int = 1
    """The first, second or third of a ranking."""
    turned: bool = False
    """The later of two months is held against the earlier one."""
    verdict: bool = False
    """The nearest answers whether it is the first that was named."""
    without: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Values by dimension that are left out of a ranking."""
    tally: Tally | None = None
    """What is drawn for each, where the same is asked of several."""

    @property
    def used(self) -> frozenset[str]:
        """Every dimension that is filtered or told apart."""
        return frozenset((*self.filters, *self.group))


def grain_of(source: Source, used: Sequence[str] | frozenset[str]) -> str | None:
    """The kind of row that tells these dimensions apart; None where there is none; "" for a source without kinds."""
    if not source.grain:
        return ""
    return GRAINS.get(frozenset(_AXIS[name] for name in used if name in _AXIS))
