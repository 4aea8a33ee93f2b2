"""Which figure is asked for follows from the columns, the words of adding up and averaging, and the orders."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from include.llm.ask.trips.asked import Aggregate
from include.llm.ask.trips.atoms import Atom
from include.llm.ask.trips.conditions import MONEY

SUMMED = frozenset(
    {"revenue", "tolls_usd", "congestion_usd", "extra_usd", "mta_tax_usd", "improvement_usd", "airport_fee_usd"}
)
"""Columns of which the sum is asked for where nothing is said."""
IMPLIED = {
    "busy": ("", True), "quiet": ("", False), "far": ("distance_mi", True), "near": ("distance_mi", False),
    "long": ("duration_min", True), "short": ("duration_min", False), "fast": ("speed", True), "slow": ("speed", False),
    "expensive": ("fare_usd", True), "cheap": ("fare_usd", False), "lucrative": ("revenue", True),
    "generous": ("tip_usd", True), "stingy": ("tip_usd", False), "full": ("passenger_count", True),
    "max": ("", True), "min": ("", False),
}  # fmt: skip
"""Orders that say what is measured, and whether the most comes first."""
ONE_BILL = frozenset({"bill", "tab", "cost", "price", "check"})
"""Words for the total of one trip."""


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
    top = _plain(str(first.kinds.get("column", "")))
    bottom = "hours" if second.text == "hour" else _plain(str(second.kinds.get("column", "")))
    if (top, bottom) == ("distance_mi", "hours"):
        return Aggregate("speed", "speed")
    return Aggregate("ratio", top, bottom) if top and bottom not in ("", "hours", "speed") else None


def _plain(column: str) -> str:
    return {"revenue": "total_usd", "length": "distance_mi"}.get(column, column)


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
    measured = any(a.is_a("column") for i, a in enumerate(atoms) if i != at) or any(a.is_a("subject") for a in atoms)
    return does or measured


def figure_of(
    atoms: Sequence[Atom], columns: Sequence[int], *, order: str, grouped: bool, paired: bool, counts: bool
) -> tuple[Aggregate, set[int]] | None:
    """The figure and the words that it explains; None where the words ask for several, or for none."""
    used: set[int] = set()
    fn = ""
    for at, atom in enumerate(atoms):
        if atom.is_a("aggregate", "mean", "sum", "median") and (not fn or atom.is_a("aggregate", "mean")):
            fn = str(atom.kinds["aggregate"])
        if atom.is_a("percentile"):
            return _percentile(atoms, columns, at)
        if atom.is_a("aggregate"):
            used.add(at)
    per = [at for at, atom in enumerate(atoms) if atom.is_a("per")]
    over = str(atoms[per[0]].kinds["per"]) if per else ""
    used |= set(per)
    names = list(dict.fromkeys(str(atoms[at].kinds["column"]) for at in columns))
    total = any(atom.is_a("aggregate", "total") for atom in atoms)
    names = _one_length(names)
    if (
        total
        and not names
        and (fn in ("mean", "median") or order in ("max", "min", "expensive", "cheap"))
        and not _of_trips(atoms)
    ):
        names, total = ["total_usd"], False
    if len(names) == 2 and "total_usd" in names and "revenue" in names:
        names = ["total_usd"]
    if len(names) == 2 and "revenue" in names and any(n in MONEY for n in names):
        names = [n for n in names if n != "revenue"]  # toll money, dollars of tips
    if len(names) > 2:
        return None
    if len(names) == 2:
        return _of_two(atoms, names, over, used | set(columns))
    used |= set(columns)
    column = names[0] if names else IMPLIED.get(order, ("", True))[0]
    earned = [at for at, atom in enumerate(atoms) if atom.is_a("earn")]
    if not column and not counts and earned and (_how_much(atoms) or over or order or fn):
        column = "revenue"
    if over in ("distance_mi", "duration_min", "passenger_count", "hours"):
        return _per(column, over, used)
    if over == "hour":
        return (Aggregate("per_hour", _plain(column)), used) if not grouped else None
    if over == "day":
        return (
            (Aggregate("per_day", _plain(column)), used)
            if not grouped
            else (_default(column, fn, total, atoms, columns), used)
        )
    if over == "trip" and column:
        fn = fn or "mean"
    if not column and fn == "mean" and _how_much(atoms) and not counts:
        column = "fare_usd"
    if not column:
        return None if fn == "median" or (fn == "mean" and not grouped) else (Aggregate("count"), used)
    if order in ("expensive", "cheap") and (grouped or paired):
        fn = fn or "mean"
    if order in ("max", "min", "long", "short", "far", "near", "expensive", "cheap", "generous", "stingy") and not (
        grouped or paired or fn or total
    ):
        return Aggregate("max" if IMPLIED[order][1] else "min", _plain(column)), used
    return _default(column, fn, total, atoms, columns), used


def _one_length(names: list[str]) -> list[str]:
    """Length is told in miles or in minutes, whichever is named beside it."""
    if "length" not in names:
        return names
    others = [name for name in names if name != "length"]
    return others if {"distance_mi", "duration_min"} & set(others) else ["duration_min", *others]


def _of_trips(atoms: Sequence[Atom]) -> bool:
    """Total trips: the total is of what stands behind it."""
    return any(a.is_a("aggregate", "total") and b.is_a("subject") for a, b in pairwise(atoms))


def _how_much(atoms: Sequence[Atom]) -> bool:
    texts = [word for atom in atoms for word in atom.words]
    return any(pair == ("how", "much") for pair in pairwise(texts)) or texts[:1] == ["what"] or "what" in texts[:6]


def _default(column: str, fn: str, total: bool, atoms: Sequence[Atom], columns: Sequence[int]) -> Aggregate:
    if not column:
        return Aggregate("count")
    if column == "speed":
        return Aggregate("speed", "speed")
    if column == "revenue" and fn == "median":
        return Aggregate("median", "total_usd")
    if fn in ("mean", "median", "sum"):
        return Aggregate(fn, _plain(column))
    if column == "passenger_count" and any(at and atoms[at - 1].is_a("order") for at in columns):
        return Aggregate("sum", column)  # more people
    plural = any(atoms[at].plural for at in columns)
    many = any(a.is_a("shape", "many") for a in atoms)
    single = column in ("duration_min", "distance_mi", "passenger_count") and many
    summed = total or column in SUMMED or single or (plural and column in MONEY and column != "fare_usd")
    summed = summed or (column in ("distance_mi", "passenger_count") and plural and not _unit_only(atoms, columns))
    if column == "total_usd" and not summed:
        summed = not any(set(atoms[at].words) & ONE_BILL for at in columns)
    return Aggregate("sum" if summed else "mean", _plain(column))


def _unit_only(atoms: Sequence[Atom], columns: Sequence[int]) -> bool:
    """In miles only says the unit."""
    return all((at and atoms[at - 1].text in ("in", ",")) or at == len(atoms) - 1 for at in columns)


def _per(column: str, over: str, used: set[int]) -> tuple[Aggregate, set[int]] | None:
    if over == "hours":
        return (Aggregate("speed", "speed"), used) if column == "distance_mi" else None
    if column in ("", over, "speed"):
        return None
    return Aggregate("ratio", _plain(column), over), used


def _of_two(atoms: Sequence[Atom], names: list[str], over: str, used: set[int]) -> tuple[Aggregate, set[int]] | None:
    """Tips as a percentage of fares; a unit that only repeats what is measured is no second column."""
    shares = any(a.is_a("shape", "share", "times") for a in atoms) or any(
        a.text in ("ratio", "relative") for a in atoms
    )
    if over and over in names:
        return _per(next(n for n in names if n != over), over, used)
    if set(names) <= {"distance_mi", "speed"}:
        return Aggregate("speed", "speed"), used
    if shares and set(names) <= {*MONEY, "revenue"}:
        return Aggregate("ratio", _plain(names[0]), _plain(names[1])), used
    return None


def _percentile(atoms: Sequence[Atom], columns: Sequence[int], at: int) -> tuple[Aggregate, set[int]] | None:
    names = _one_length(list(dict.fromkeys(str(atoms[i].kinds["column"]) for i in columns)))
    if len(names) != 1 or names[0] in ("speed", "revenue"):
        return None
    return Aggregate("percentile", names[0], number=atoms[at].kinds["percentile"] / 100), {at, *columns}
