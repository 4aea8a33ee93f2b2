"""What a question on trips asks for, before any row is read."""

from __future__ import annotations

from dataclasses import dataclass, field

from include.llm.ask.question.when import When
from include.llm.ask.trips.atoms import Condition, Limit


@dataclass(frozen=True)
class Aggregate:
    """One figure of many trips. `fn` is count, sum, mean, median, max, min, percentile, ratio, speed or per_day."""

    fn: str = "count"
    column: str = ""
    over: str = ""
    """The column that a ratio is over."""
    number: float = 0.0
    """Of a percentile, between nought and one."""


@dataclass(frozen=True)
class Side:
    """One of those that are held against each other."""

    says: str
    service: str = ""
    month: int | None = None
    """The place of its month among those that were named."""
    day: int | None = None
    conditions: tuple[Condition, ...] = ()
    figure: Aggregate | None = None
    """Its own figure, where two figures of the same trips are held against each other."""


@dataclass(frozen=True)
class Related:
    """The column that trips are halved by, whether the upper half comes first, and where the word for it stands."""

    column: str
    upper: bool
    at: int


@dataclass(frozen=True)
class Asked:
    """The figure, the trips that it is of, and the shape of the answer."""

    figure: Aggregate
    shape: str
    base: tuple[Condition, ...] = ()
    part: tuple[Condition, ...] = ()
    """With these the figure is the share of the part in the base."""
    services: tuple[str, ...] = ()
    when: When = field(default_factory=When)
    every_service: bool = False
    raw: bool = False
    group: tuple[str, ...] = ()
    descending: bool = True
    place: int = 1
    top: int = 0
    after: Condition | None = None
    """Who comes right behind this one in an order."""
    value_first: bool = False
    name_first: bool = False
    """Which one has the greatest share: its name leads."""
    limit: Limit | None = None
    having: Limit | None = None
    sides: tuple[Side, ...] = ()
    turned: bool = False
    nothing: bool = False
    """Of groups, those are counted that have none."""
    related: Related | None = None
    """Trips are halved by a column, and the halves held against each other."""
