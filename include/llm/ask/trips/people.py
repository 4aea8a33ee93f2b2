"""Passengers are counted, or are those who do something."""

from __future__ import annotations

from collections.abc import Sequence

from include.llm.ask.trips.asked import Aggregate
from include.llm.ask.trips.atoms import Atom

OF_RIDES = ("long", "short", "far", "near", "expensive", "cheap", "fast", "slow")
"""Orders of rides: it is the people who sit in a cab longer."""
LENGTHS = ("duration_min", "duration_h", "distance_mi", "length", "speed")


def are_people(atoms: Sequence[Atom], at: int) -> bool:
    """Passengers who do something are no figure: how much did passengers pay."""
    if not atoms[at].is_a("column", "passenger_count") or atoms[at].words[-1] in (
        "count",
        "occupancy",
        "passenger_count",
        "headcount",
    ):
        return False
    before = atoms[max(0, at - 3) : at]
    if any(
        a.is_a("shape", "many", "counted") or a.is_a("aggregate") or a.is_a("order") or a.text in ("fewer", "more")
        for a in before
    ):
        return False
    after = atoms[at + 1 : at + 4]
    does = any(a.is_a("earn") or a.is_a("some") or a.is_a("side") or a.text in ("who", "that", "hail") for a in after)
    does = does or any(a.is_a("order", "generous", "stingy") for a in after)
    does = does or any(a.is_a("order", *OF_RIDES) for a in atoms[at + 1 :])
    measured = any(a.is_a("column") for i, a in enumerate(atoms) if i != at) or any(a.is_a("subject") for a in atoms)
    return does or measured


def is_of_another(order: str, figure: Aggregate) -> bool:
    """How many people were on the longest ride: that is one ride's own figure, and not the greatest of all."""
    return order in ("long", "short", "far", "near", "fast", "slow") and (
        figure.fn in ("max", "min") and figure.column not in LENGTHS
    )
