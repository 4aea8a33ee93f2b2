"""The shape of an answer: one figure, a verdict, groups in order, a count of them, sides held against each other."""

from __future__ import annotations

from include.llm.ask.trips.asked import Aggregate, Side
from include.llm.ask.trips.atoms import Limit
from include.llm.ask.trips.draft import Draft
from include.llm.ask.trips.grouping import Grouped
from include.llm.ask.trips.limits import COVERED, both

OPPOSED = frozenset({"quietest", "slowest", "least busy", "lowest", "worst", "smallest", "fewest", "deadest"})
COMPARING = frozenset({"compare", "compared", "comparing", "comparison", "vs", "versus"})


def shape_of(
    draft: Draft,
    figure: Aggregate,
    shapes: set[str],
    changes: list[int],
    grouped: Grouped,
    sides: tuple[Side, ...],
    has_part: bool,
) -> tuple[str, Limit | None, Limit | None]:
    """The shape of the answer, the limit that the figure is held against, and the one of groups that count."""
    atoms = draft.reading.atoms
    limits = [limit for _, limit in draft.limits]
    draft.used |= {at for at, _ in draft.limits}
    if len(limits) > 2:
        return "", None, None
    limit = limits[0] if limits else None
    if len(limits) == 2:
        limit = both(limits[0], limits[1])
    if sides and limit is not None and changes and draft.form == "yes":
        draft.descending = "fall" not in [str(atoms[i].kinds["change"]) for i in changes]
        return "yes_by", limit, None
    if sides:
        return (_between_sides(draft, shapes, changes), None, None) if limit is None else ("", None, None)
    if grouped.keys:
        return _of_groups(draft, figure, shapes, grouped, limit, has_part)
    if {"difference", "times", "growth"} & shapes or changes or grouped.top:
        return "", None, None
    if draft.halved:
        return ("yes", None, None) if draft.order and limit is None else ("", None, None)
    if draft.form == "yes":
        exists = any(a.text in ("any", "there", "ever") for a in atoms) and figure.fn == "count"
        return ("threshold", limit, None) if limit or exists else ("", None, None)
    only = figure.fn in ("max", "min") or not draft.order
    only = only or (figure.fn == "count" and draft.order == "max" and has_part)
    return ("value" if only and draft.place == 1 and limit is None else ""), None, None


def _of_groups(
    draft: Draft, figure: Aggregate, shapes: set[str], grouped: Grouped, limit: Limit | None, has_part: bool
) -> tuple[str, Limit | None, Limit | None]:
    """Rows are told apart: they are counted, the first one is asked for, or all of them."""
    said = {a.text for a in draft.reading.atoms}
    opposed = any(a.is_a("order", "busy", "max") for a in draft.reading.atoms) and bool(said & OPPOSED)
    if opposed and {"difference", "times", "growth", "share"} & shapes:
        return "", None, None  # the busiest day against the quietest one
    if grouped.counted:
        return ("covering" if limit and limit.unit == COVERED else "counted"), limit, None
    if "share" in shapes and (grouped.top or (draft.order and not has_part and limit is None)):
        return "top_share", None, None
    if grouped.claimed is not None:
        return "is_first", None, limit
    if draft.order or grouped.after:
        return "ranked", None, limit
    averaged = any(a.is_a("aggregate", "mean") for a in draft.reading.atoms) and figure.fn in ("count", "sum")
    if averaged and not limit:
        return "averaged", None, None
    return ("grouped", None, limit) if figure.fn != "per_day" else ("", None, None)


def _between_sides(draft: Draft, shapes: set[str], changes: list[int]) -> str:
    atoms = draft.reading.atoms
    if any(a.text == "minus" for a in atoms):
        return "minus"
    rising = [str(atoms[i].kinds["change"]) for i in changes]
    if ("growth" in shapes and draft.form != "yes") or (changes and ("share" in shapes) and not draft.conditions):
        return "growth"
    if "times" in shapes:
        return "times"
    either = any(a.text == "or" for a in atoms)
    if draft.form == "yes" and not (draft.order and any(a.text == "which" for a in atoms)):
        if changes and not draft.order:
            draft.descending = "fall" not in rising
            return "yes"
        return "compared" if either else "yes"
    asks_name = any(a.text in ("which", "who", "whose", "or") for a in atoms) and bool(draft.order)
    how_many = any(a.is_a("shape", "many") or a.text == "much" for a in atoms)
    if how_many and draft.order and any(a.text == "than" for a in atoms):
        return "difference"
    if "difference" in shapes and not asks_name:
        return "difference"
    if changes and any(a.text == "much" for a in atoms):
        return "difference"
    compares = any(a.text in COMPARING for a in atoms)
    return "compared" if draft.order or compares else ("difference" if changes else "")
