"""Atoms become what is asked: conditions, the figure, what tells rows apart, who is held against whom, the shape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from include.llm.ask.routing.planning import BECOMING
from include.llm.ask.trips.asked import Aggregate, Asked, Related, Side
from include.llm.ask.trips.atoms import Atom, Condition
from include.llm.ask.trips.conditions import conditions_in
from include.llm.ask.trips.draft import Draft, columns_of_order, form_of, take_order
from include.llm.ask.trips.existing import existing, that_had_one
from include.llm.ask.trips.figure import IMPLIED, figure_of
from include.llm.ask.trips.grouping import Grouped, grouped_by
from include.llm.ask.trips.held import is_part, take_limits
from include.llm.ask.trips.left_over import asks_more, late_alone
from include.llm.ask.trips.people import are_people, is_of_another
from include.llm.ask.trips.ratios import explicit_ratio
from include.llm.ask.trips.reading import Reading
from include.llm.ask.trips.refusing import OF_A_PART, is_held_against, is_no_figure_of_trips, says_what_of
from include.llm.ask.trips.related import related_in
from include.llm.ask.trips.shaping import shape_of
from include.llm.ask.trips.shares import KNOWN_TIP, split
from include.llm.ask.trips.sides import sides_of
from include.llm.ask.trips.the_rest import is_unlike
from include.llm.ask.trips.two_figures import two_figures


def assembled(reading: Reading) -> Asked | None:
    """What is asked; None where a word stays that asks for something else, or two readings are possible."""
    atoms = reading.atoms
    conditions, used = conditions_in(atoms)
    draft = Draft(reading, conditions, used, form_of(reading.words))
    related = related_in(atoms, draft.form)
    used |= {related.at} if related else set()
    draft.halved = related is not None
    before = set(used)
    take_order(draft)
    ordered = used - before
    ratio, by_ratio = explicit_ratio(atoms)
    used |= by_ratio
    shapes = _shapes(draft, by_ratio)
    changes = [i for i, a in enumerate(atoms) if a.is_a("change") and i not in used]
    counts = _counts(atoms, shapes)
    there, by_there = existing(atoms, counts)
    draft.conditions += there
    used |= by_there
    grouped = grouped_by(atoms, draft)
    take_limits(draft, grouped, shapes)
    if late_alone(atoms):
        return None
    measured = _measured(draft, ratio, shapes, changes, grouped, counts, ordered)
    if measured is None:
        return None
    figure, sides = measured
    had, by_had = that_had_one(atoms, figure.column)
    draft.conditions += had
    used |= by_had
    asked = _shaped(draft, figure, shapes, changes, grouped, sides)
    return asked if related is None or asked is None else _halved(asked, related)


def _shapes(draft: Draft, by_ratio: set[int]) -> set[str]:
    """The shapes that words name; a part that yes or no is asked of is a share."""
    atoms = draft.reading.atoms
    shapes = {str(a.kinds["shape"]) for i, a in enumerate(atoms) if a.is_a("shape") and i not in by_ratio}
    if any(a.text == "ratio" for a in atoms) and _is_share(atoms, draft.conditions, shapes):
        shapes = {*shapes - {"times"}, "share"}
    return shapes | {"share"} if draft.form == "yes" and any(is_part(a) for a in atoms) else shapes


def _measured(
    draft: Draft,
    ratio: Aggregate | None,
    shapes: set[str],
    changes: list[int],
    grouped: Grouped,
    counts: bool,
    ordered: set[int],
) -> tuple[Aggregate, tuple[Side, ...]] | None:
    """The figure and those that are held against each other; None where the words ask for several figures."""
    atoms, used = draft.reading.atoms, draft.used
    used |= {i for i in range(len(atoms)) if i not in used and are_people(atoms, i)}
    columns = [i for i, a in enumerate(atoms) if a.is_a("column") and i not in used]
    taken = used - ordered
    if draft.order in IMPLIED and IMPLIED[draft.order][0] and columns:
        columns = columns_of_order(draft, columns)
    sides = sides_of(draft, shapes, bool(changes), bool(grouped.keys and draft.order and grouped.used))
    if ratio is None and not sides:
        sides, by_two = two_figures(atoms, taken, bool({"difference", "times", "growth"} & shapes))
        used |= by_two
        ratio = sides[0].figure if sides else None
    if ratio is not None:
        used |= set(columns)
        return ratio, sides
    paired = bool(sides) or draft.halved
    found = figure_of(
        atoms,
        columns,
        order=draft.order,
        grouped=bool(grouped.keys),
        paired=paired,
        counts=counts and not draft.halved,
    )
    if found is None or is_unlike(sides, found[0].fn, atoms) or is_of_another(draft.order, found[0]):
        return None
    used |= found[1]
    return found[0], sides


def _halved(asked: Asked, related: Related) -> Asked:
    """Halves of trips have means, no sums; and tips are known of cards alone."""
    figure = replace(asked.figure, fn="mean") if asked.figure.fn == "sum" else asked.figure
    known = (KNOWN_TIP,) if figure.column == "tip_usd" else ()
    return replace(asked, figure=figure, related=related, base=(*asked.base, *known))


def _is_share(atoms: Sequence[Atom], conditions: Sequence[Condition], shapes: set[str]) -> bool:
    """The cash ratio is the share of cash; that of card to cash holds two against each other."""
    alike = [c.keys for c in conditions]
    services = {a.kinds["service"] for a in atoms if a.is_a("service")}
    return "share" in shapes or (bool(conditions) and len(set(alike)) == len(alike) and len(services) < 2)


def _counts(atoms: Sequence[Atom], shapes: set[str]) -> bool:
    """Trips are counted: they are the subject, and no figure of them is asked for."""
    if {"many", "share", "counted"} & shapes:
        return True
    averaged = any(a.is_a("aggregate", "mean", "median", "sum") or a.is_a("percentile") for a in atoms)
    money = any(a.text == "much" for a in atoms) or (
        any(a.is_a("order") for a in atoms) and not any(a.is_a("subject") for a in atoms)
    )
    return any(a.is_a("subject") for a in atoms) and not averaged and not money


def _shaped(
    draft: Draft, figure: Aggregate, shapes: set[str], changes: list[int], grouped: Grouped, sides: tuple[Side, ...]
) -> Asked | None:
    reading, used = draft.reading, draft.used
    atoms = reading.atoms
    held = {c for side in sides for c in side.conditions}
    conditions = [c for c in draft.conditions if c not in held]
    shared = "share" in shapes and figure.fn != "ratio"  # tips as a share of fares have no part of the trips
    base, part = split(atoms, conditions, shared, more_often=bool(sides) and figure.fn == "count")
    shape, limit, having = shape_of(draft, figure, shapes, changes, grouped, sides, bool(part))
    if limit is not None and limit.unit == "dollar" and figure == Aggregate():
        figure = Aggregate("sum", "total_usd")  # zones that made more than so much
    if (
        not shape
        or (not sides and is_held_against(atoms))
        or (part and figure.fn not in ("count", "sum"))
        or ("share" in shapes and shape in OF_A_PART and not part and figure.fn != "ratio")
        or (grouped.counted and not says_what_of(reading, grouped.keys))
        or is_no_figure_of_trips(atoms, figure, grouped.keys, conditions)
    ):
        return None
    used |= {i for i, a in enumerate(atoms) if a.is_a("shape") or (a.is_a("change") and changes)}
    used |= grouped.used | {i for i, a in enumerate(atoms) if sides and a.text == "minus"}
    services = tuple(dict.fromkeys(str(a.kinds["service"]) for a in atoms if a.is_a("service")))
    if any(asks_more(i, a, draft) for i, a in enumerate(atoms)):
        return None
    return Asked(
        figure, shape, base, part, () if any(s.service for s in sides) else services, reading.when,
        reading.every_service or (len(services) == 2 and not any(s.service for s in sides)),
        any(a.is_a("raw") for a in atoms), grouped.keys, draft.descending, draft.place, grouped.top,
        grouped.after or grouped.claimed,
        grouped.value_first, _asks_name(atoms), limit, having, sides, bool(changes) or _becomes(draft, sides),
        grouped.nothing,
    )  # fmt: skip


def _asks_name(atoms: Sequence[Atom]) -> bool:
    """Which zone has the largest share; not: what share has the largest zone."""
    return any(a.text in ("which", "what", "whose") and b.is_a("group") for a, b in pairwise(atoms))


def _becomes(draft: Draft, sides: tuple[Side, ...]) -> bool:
    """Did trips get longer from January to March: the later one is asked for."""
    words = set(draft.reading.words)
    in_time = any(side.month is not None or side.day is not None for side in sides)
    return in_time and "than" not in words and (draft.reading.when.span or bool(BECOMING & words))
