"""How a figure is made, in so many words: all miles over all hours, sum of tips / sum of fares."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from include.llm.ask.trips.asked import Aggregate
from include.llm.ask.trips.atoms import Atom
from include.llm.ask.trips.conditions import MONEY


def explicit_ratio(atoms: Sequence[Atom]) -> tuple[Aggregate | None, set[int]]:
    """All miles over all hours, sum of tips / sum of fares: how a figure is made, in so many words."""
    named = [i for i, atom in enumerate(atoms) if atom.is_a("column") or atom.text in ("hour", "hours")]
    for first, second in pairwise(named):
        between = atoms[first + 1 : second]
        joined = any(a.text in ("divided", "over") or a.text == "over all" for a in between)
        if joined and all(a.filler or a.is_a("aggregate") for a in between):
            explained = {i for i, atom in enumerate(atoms) if atom.is_a("per") or atom.is_a("aggregate")}
            return _ratio(atoms[first], atoms[second]), {*range(first, second + 1), *explained}
    return None, set()


def _ratio(first: Atom, second: Atom) -> Aggregate | None:
    top = plain_column(str(first.kinds.get("column", "")))
    bottom = "hours" if second.text == "hour" else plain_column(str(second.kinds.get("column", "")))
    if (top, bottom) == ("distance_mi", "hours"):
        return Aggregate("speed", "speed")
    return Aggregate("ratio", top, bottom) if top and bottom not in ("", "hours", "speed") else None


def plain_column(column: str) -> str:
    return {"revenue": "total_usd", "length": "distance_mi"}.get(column, column)


def per(column: str, over: str, used: set[int]) -> tuple[Aggregate, set[int]] | None:
    if over == "hours":
        return (Aggregate("speed", "speed"), used) if column == "distance_mi" else None
    if column in ("", over, "speed"):
        return None
    return Aggregate("ratio", plain_column(column), over), used


def of_two(atoms: Sequence[Atom], names: list[str], over: str, used: set[int]) -> tuple[Aggregate, set[int]] | None:
    """Tips as a percentage of fares; a unit that only repeats what is measured is no second column."""
    shares = any(a.is_a("shape", "share", "times") for a in atoms) or any(
        a.text in ("ratio", "relative") for a in atoms
    )
    if over and over in names:
        return per(next(n for n in names if n != over), over, used)
    if set(names) <= {"distance_mi", "speed"}:
        return Aggregate("speed", "speed"), used
    if shares and set(names) <= {*MONEY, "revenue"}:
        if _whole_first(atoms):
            names = [names[1], names[0]]
        return Aggregate("ratio", plain_column(names[0]), plain_column(names[1])), used
    return None


def _whole_first(atoms: Sequence[Atom]) -> bool:
    """What share of revenue is tips: the whole stands before the verb."""
    share = next((i for i, a in enumerate(atoms) if a.is_a("shape", "share")), len(atoms))
    named = [i for i, a in enumerate(atoms) if a.is_a("column") and i > share]
    verbs = {"is", "are", "was", "were", "came", "come", "went", "go", "goe", "did", "do", "doe", "made", "consisted"}
    return len(named) > 1 and any(a.text in verbs for a in atoms[named[0] : named[1]])
