"""Do longer trips get better tips: the trips above the median of one column are held against the rest of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from include.llm.ask.trips.asked import Aggregate, Asked, Related, Side
from include.llm.ask.trips.atoms import Atom, Limit
from include.llm.ask.trips.conditions import limited
from include.llm.ask.trips.figure import IMPLIED
from include.llm.ask.trips.telling import Telling

COMPARATIVE = frozenset({"far", "near", "long", "short", "fast", "slow", "expensive", "cheap", "full"})


def related_in(atoms: Sequence[Atom], form: str) -> Related | None:
    """What the first of two comparatives says of the trips; None where trips are held against others by name."""
    orders = [i for i, a in enumerate(atoms) if a.is_a("order")]
    if form != "yes" or len(orders) < 2 or any(a.text in ("than", "or", "vs", "versus") for a in atoms):
        return None
    first = orders[0]
    said = str(atoms[first].kinds["order"])
    follows = first + 1 < len(atoms) and atoms[first + 1].is_a("subject")
    if said not in COMPARATIVE or not follows or any(w.endswith("est") for w in atoms[first].words):
        return None
    column, upper = IMPLIED[said]
    return Related(column, upper, first)


def halves(telling: Telling, related: Related) -> Telling:
    """The same question of the two halves: whether the figure of the first is the greater, or the less, as asked."""
    asked, meant = telling.asked, telling.meant
    middle = telling.one((*meant.conditions, *asked.base), Aggregate("median", related.column))
    above, below = (limited(related.column, Limit(op, (round(middle, 4),), ""), -1) for op in (">", "<="))
    first, second = (above, below) if related.upper else (below, above)
    sides = tuple(Side(c.says, conditions=(c,)) for c in (first, second))
    both: Asked = replace(asked, sides=sides, shape="yes")
    return Telling(telling.engine, both, replace(meant, sides=tuple((s.says, s.conditions) for s in sides)))
