"""Atoms become what is asked: conditions, the figure, what tells rows apart, who is held against whom, the shape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from include.llm.ask.question.form import AUXILIARY, LEADING
from include.llm.ask.routing.planning import BECOMING
from include.llm.ask.trips.asked import Aggregate, Asked, Side
from include.llm.ask.trips.atoms import Atom, Condition, Limit
from include.llm.ask.trips.conditions import column_of, conditions_in, existing, limited, that_had_one
from include.llm.ask.trips.figure import IMPLIED, are_people, explicit_ratio, figure_of
from include.llm.ask.trips.grouping import Grouped, grouped_by
from include.llm.ask.trips.limits import both
from include.llm.ask.trips.reading import Reading
from include.llm.ask.trips.shares import split
from include.llm.ask.trips.sides import sides_of

NEEDED = frozenset({"next", "rest", "second", "third", "fourth", "fifth", "2nd", "3rd", "4th", "5th", "half"})
"""Words that ask for something, though they name nothing."""
COMPARING = frozenset({"compare", "compared", "comparing", "comparison", "vs", "versus"})
HARMLESS = frozenset({"idle", "side", "subject", "some", "earn", "raw"})
"""Kinds of words that change nothing where nobody used them."""


@dataclass
class Draft:
    """What has been gathered so far, and the atoms that are explained."""

    reading: Reading
    conditions: list[Condition]
    used: set[int]
    form: str
    limits: list[tuple[int, Limit]] = field(default_factory=list)
    order: str = ""
    """As it is said: max, min, long, cheap."""
    descending: bool = True
    place: int = 1


def assembled(reading: Reading) -> Asked | None:
    """What is asked; None where a word stays that asks for something else, or two readings are possible."""
    atoms = reading.atoms
    conditions, used = conditions_in(atoms)
    draft = Draft(reading, conditions, used, form_of([w for w in reading.words if w != ","]))
    _order(draft)
    ratio, by_ratio = explicit_ratio(atoms)
    used |= by_ratio
    shapes = {str(a.kinds["shape"]) for i, a in enumerate(atoms) if a.is_a("shape") and i not in by_ratio}
    if any(a.text == "ratio" for a in atoms) and (
        "share" in shapes or (conditions and len({a.kinds.get("service") for a in atoms}) < 3)
    ):
        shapes = {*shapes - {"times"}, "share"}  # the cash ratio is the share of cash
    changes = [i for i, a in enumerate(atoms) if a.is_a("change") and i not in used]
    counts = _counts(atoms, shapes)
    if form_of([w for w in reading.words if w != ","]) == "yes" and any(_is_part(a) for a in atoms):
        shapes |= {"share"}
    there, by_there = existing(atoms, counts)
    draft.conditions += there
    used |= by_there
    grouped = grouped_by(atoms, draft)
    _limits(draft, grouped, shapes)
    columns = [i for i, a in enumerate(atoms) if a.is_a("column") and i not in used and not are_people(atoms, i)]
    if draft.order in IMPLIED and IMPLIED[draft.order][0] and columns:
        columns = _columns_of_order(draft, columns)
    if _late_alone(atoms):
        return None
    sides = sides_of(draft, shapes, bool(changes), bool(grouped.keys and draft.order and grouped.used))
    if ratio is None:
        found = figure_of(
            atoms, columns, order=draft.order, grouped=bool(grouped.keys), paired=bool(sides), counts=counts
        )
        if found is None:
            return None
        figure, explained = found
        used |= explained
    else:
        figure = ratio
        used |= set(columns)
    had, by_had = that_had_one(atoms, figure.column)
    draft.conditions += had
    used |= by_had
    return _shaped(draft, figure, shapes, changes, grouped, sides)


def _is_part(atom: Atom) -> bool:
    """More than 65 % of them, more than half: what the limit is held against is a share."""
    if not atom.is_a("limit"):
        return False
    limit: Limit = atom.kinds["limit"]
    return limit.unit == "percent" or (limit.unit == "" and 0 < limit.values[0] < 1)


def _late_alone(atoms: Sequence[Atom]) -> bool:
    """Late is a part of the day only among others: what was late may as well be overdue."""
    bands = [a for a in atoms if a.is_a("condition") and a.kinds["condition"].kind == "hour"]
    return len(bands) == 1 and bands[0].text == "late"


def form_of(words: Sequence[str]) -> str:
    """yes for a question that yes or no answers."""
    first = next(
        (
            i
            for i, word in enumerate(words[:14])
            if word in AUXILIARY or word in ("which", "what", "who", "how", "where", "when")
        ),
        None,
    )
    idle = {
        "hi",
        "hello",
        "hey",
        "please",
        "so",
        "and",
        "ok",
        "well",
        "yellow",
        "green",
        "cab",
        "taxi",
        "trip",
        ",",
        "@",
    }
    if first is None or words[first] not in AUXILIARY:
        return ""
    opened = all(w in idle or w.startswith("@") or w.isdigit() for w in words[:first]) or words[0] in LEADING
    return "yes" if (opened and words[first] not in ("has", "had", "have")) or (first == 0) else ""


def _counts(atoms: Sequence[Atom], shapes: set[str]) -> bool:
    """Trips are counted: they are the subject, and no figure of them is asked for."""
    if {"many", "share", "counted"} & shapes:
        return True
    averaged = any(a.is_a("aggregate", "mean", "median", "sum") or a.is_a("percentile") for a in atoms)
    money = any(a.text == "much" for a in atoms) or (
        any(a.is_a("order") for a in atoms) and not any(a.is_a("subject") for a in atoms)
    )
    return any(a.is_a("subject") for a in atoms) and not averaged and not money


def _order(draft: Draft) -> None:
    """The order that is asked for: most expensive, second busiest, less often."""
    atoms = draft.reading.atoms
    orders = [(i, str(a.kinds["order"])) for i, a in enumerate(atoms) if a.is_a("order") and i not in draft.used]
    draft.used |= {i for i, _ in orders}
    ordinals = {
        **{f"rank_{place}": place for place in range(2, 10)},
        "second": 2,
        "2nd": 2,
        "third": 3,
        "3rd": 3,
        "fourth": 4,
        "4th": 4,
        "fifth": 5,
        "5th": 5,
    }
    for i, atom in enumerate(atoms):
        if atom.text in ordinals:
            draft.place = ordinals[atom.text]
            draft.used.add(i)
    if not orders:
        if any(a.text.startswith("rank_") for a in atoms):
            draft.order = "max"
        return
    named = [o for o in orders if o[1] not in ("max", "min")]
    plain = [o for o in orders if o[1] in ("max", "min")]
    first = (named or plain)[0][1]
    descending = IMPLIED[first][1]
    near = next((o for o in plain if named and named[0][0] - o[0] == 1), None)
    if near is not None and near[1] == "min":
        descending = not descending
    if named and plain and near is None and first in ("slow",):
        descending = IMPLIED[first][1]
    draft.order, draft.descending = first, descending


def _columns_of_order(draft: Draft, columns: list[int]) -> list[int]:
    """The longest in miles, the most expensive by total: a column beside such an order is what it is of."""
    atoms, implied = draft.reading.atoms, IMPLIED[draft.order][0]
    names = {str(atoms[i].kinds["column"]) for i in columns}
    if names <= {implied, "length"}:
        draft.used |= set(columns)
        return [i for i in columns if atoms[i].kinds["column"] == implied]
    return columns


def _limits(draft: Draft, grouped: Grouped, shapes: set[str]) -> None:
    """Limits on columns are conditions, unless they are held against the figure itself."""
    atoms = draft.reading.atoms
    figured = any(a.is_a("aggregate", "mean", "median", "sum", "total") for a in atoms) or "share" in shapes
    of_part = any(_is_part(a) for a in atoms)
    for at, atom in enumerate(atoms):
        if not atom.is_a("limit") or at in draft.used:
            continue
        limit: Limit = atom.kinds["limit"]
        column, where = column_of(limit, at, atoms)
        whole = limit.unit == "trip" or (limit.unit in ("", "percent") and not column)
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


def _shaped(
    draft: Draft, figure: Aggregate, shapes: set[str], changes: list[int], grouped: Grouped, sides: tuple[Side, ...]
) -> Asked | None:
    reading, used = draft.reading, draft.used
    atoms = reading.atoms
    held = {c for side in sides for c in side.conditions}
    conditions = [c for c in draft.conditions if c not in held]
    shared = "share" in shapes and figure.fn != "ratio"  # tips as a share of fares have no part of the trips
    base, part = split(atoms, conditions, shared, more_often=bool(sides) and figure.fn == "count")
    shape, limit, having = _shape(draft, figure, shapes, changes, grouped, sides, bool(part))
    if not shape:
        return None
    if not sides and any(a.text in COMPARING for a in atoms):
        return None
    if part and figure.fn not in ("count", "sum"):
        return None
    of_trips = any(a.is_a("limit") and a.kinds["limit"].unit == "trip" for a in atoms)
    if (
        grouped.counted
        and not of_trips
        and not any(a.is_a("subject") or a.is_a("column") or a.is_a("earn") for a in atoms)
    ):
        return None
    if (
        figure.fn == "percentile"
        and figure.number not in (0.25, 0.75)
        and not conditions
        and figure.column in ("duration_min", "fare_usd")
    ):
        return None  # the statistics of the month's features have it
    if (
        "share" in shapes
        and shape in ("value", "compared", "yes", "threshold", "ranked")
        and not part
        and figure.fn not in ("ratio",)
    ):
        return None
    used |= {i for i, a in enumerate(atoms) if a.is_a("shape") or (a.is_a("change") and changes)}
    used |= grouped.used
    services = tuple(dict.fromkeys(str(a.kinds["service"]) for a in atoms if a.is_a("service")))
    if any(_asks_more(i, a, draft) for i, a in enumerate(atoms)):
        return None
    return Asked(
        figure, shape, base, part, () if any(s.service for s in sides) else services, reading.when,
        reading.every_service or (len(services) == 2 and not any(s.service for s in sides)),
        any(a.is_a("raw") for a in atoms), grouped.keys, draft.descending, draft.place, grouped.top,
        grouped.after or grouped.claimed,
        grouped.value_first, limit, having, sides, bool(changes) or _becomes(draft, sides),
        grouped.nothing,
    )  # fmt: skip


def _becomes(draft: Draft, sides: tuple[Side, ...]) -> bool:
    """Did trips get longer from January to March: the later one is asked for."""
    words = set(draft.reading.words)
    in_time = any(side.month is not None or side.day is not None for side in sides)
    return in_time and "than" not in words and (draft.reading.when.span or bool(BECOMING & words))


def _shape(
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
    if grouped.keys and grouped.counted:
        return "counted", limit, None
    if grouped.keys and grouped.top and "share" in shapes:
        return "top_share", None, None
    if grouped.claimed is not None:
        return "is_first", None, limit
    if grouped.keys and (draft.order or grouped.after):
        return "ranked", None, limit
    averaged = any(a.is_a("aggregate", "mean") for a in atoms) and figure.fn in ("count", "sum")
    if grouped.keys and averaged and not limit:
        return "averaged", None, None
    if grouped.keys:
        return ("grouped", None, limit) if figure.fn != "per_day" else ("", None, None)
    if {"difference", "times", "growth"} & shapes or changes or grouped.top:
        return "", None, None
    if draft.form == "yes":
        exists = any(a.text in ("any", "there", "ever") for a in atoms) and figure.fn == "count"
        return ("threshold", limit, None) if limit or exists else ("", None, None)
    if limit is not None:
        return "", None, None
    extreme = (
        figure.fn in ("max", "min")
        or not draft.order
        or (figure.fn == "count" and draft.order in ("max",) and has_part)
    )
    return ("value" if extreme and draft.place == 1 else ""), None, None


def _between_sides(draft: Draft, shapes: set[str], changes: list[int]) -> str:
    atoms = draft.reading.atoms
    rising = [str(atoms[i].kinds["change"]) for i in changes]
    if "growth" in shapes or (changes and ("share" in shapes) and not draft.conditions):
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


def _asks_more(at: int, atom: Atom, draft: Draft) -> bool:
    """Whether an atom that nobody used asks for something."""
    if at in draft.used or not atom.kinds or atom.filler:
        following = draft.reading.atoms[at + 1].text if at + 1 < len(draft.reading.atoms) else ""
        if atom.text == "right":
            return following not in ("after", "behind", "below", "next")
        return at not in draft.used and (atom.text.isdigit() or atom.text in NEEDED)
    kinds = set(atom.kinds) - HARMLESS - {"service"}
    if kinds <= {"change"} and atom.text in ("up", "down"):
        return False
    return bool(kinds) and not (
        set(atom.kinds) & {"idle", "side", "subject", "earn", "some", "raw", "service"}
        and not kinds & {"negation", "none"}
    )
