"""A limit on a column is a condition of trips, unless the figure itself is held against it."""

from __future__ import annotations

from collections.abc import Sequence

from include.llm.ask.trips.atoms import Atom, Limit
from include.llm.ask.trips.conditions import column_of, limited
from include.llm.ask.trips.draft import Draft
from include.llm.ask.trips.grouping import Grouped
from include.llm.ask.trips.limits import COVERED


def is_part(atom: Atom) -> bool:
    """More than 65 % of them, more than half: what the limit is held against is a share."""
    if not atom.is_a("limit"):
        return False
    limit: Limit = atom.kinds["limit"]
    return limit.unit == "percent" or (limit.unit == "" and 0 < limit.values[0] < 1)


def take_limits(draft: Draft, grouped: Grouped, shapes: set[str]) -> None:
    """Limits on columns are conditions, unless they are held against the figure itself."""
    atoms = draft.reading.atoms
    figured = any(a.is_a("aggregate", "mean", "median", "sum", "total") for a in atoms) or "share" in shapes
    of_part = any(is_part(a) for a in atoms)
    for at, atom in enumerate(atoms):
        if not atom.is_a("limit") or at in draft.used:
            continue
        limit: Limit = atom.kinds["limit"]
        column, where = column_of(limit, at, atoms)
        whole = limit.unit in ("trip", COVERED) or (limit.unit in ("", "percent") and not column)
        earned = limit.unit == "dollar" and (
            (where >= 0 and atoms[where].is_a("column", "revenue"))
            or (not column and any(a.is_a("earn") for a in atoms))
        )
        by_how_much = at > 0 and atoms[at - 1].text == "by"
        held = figured and (bool(grouped.keys) or (draft.form == "yes" and limit.unit != "percent"))
        if whole or earned or by_how_much or (held and not of_part):
            draft.limits.append((at, limit))
            continue
        if column:
            draft.conditions.append(limited(column, limit, at))
            draft.used.add(at)
            if any(a.is_a("shape", "many") for a in atoms):  # how many cost more than that counts trips
                draft.used |= {i for i, a in enumerate(atoms) if a.is_a("column", column)}
            if where >= 0 and not (figured and _is_figure(atoms, where, at)):
                draft.used.add(where)


def _is_figure(atoms: Sequence[Atom], where: int, at: int) -> bool:
    """The mean fare of trips over 10 dollars: the column belongs to the mean when it stands right behind it."""
    return any(a.is_a("aggregate") for a in atoms[max(0, where - 2) : where]) and any(
        a.is_a("subject") for a in atoms[where:at]
    )
