"""Which figure is asked for follows from the columns, the words of adding up and averaging, and the orders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from include.llm.ask.trips.asked import Aggregate
from include.llm.ask.trips.atoms import Atom
from include.llm.ask.trips.conditions import CHARGES, MONEY
from include.llm.ask.trips.ratios import of_two, per, plain_column

SUMMED = frozenset({"revenue", "duration_h", *CHARGES})
"""Columns of which the sum is asked for where nothing is said."""
IMPLIED = {
    "busy": ("", True), "quiet": ("", False), "far": ("distance_mi", True), "near": ("distance_mi", False),
    "long": ("duration_min", True), "short": ("duration_min", False), "fast": ("speed", True), "slow": ("speed", False),
    "expensive": ("fare_usd", True), "cheap": ("fare_usd", False), "lucrative": ("revenue", True),
    "generous": ("tip_usd", True), "stingy": ("tip_usd", False), "full": ("passenger_count", True),
    "max": ("", True), "min": ("", False),
}  # fmt: skip
"""Orders that say what is measured, and whether the most comes first."""
SINGLING = frozenset(
    {"max", "min", "long", "short", "far", "near", "expensive", "cheap", "generous", "stingy", "fast", "slow"}
)
"""Orders that single one trip out, where nothing is told apart: the longest ride."""
EXTREMES = {"max": "max", "maximum": "max", "min": "min", "minimum": "min"}
"""Words right before a column that ask for its own greatest or least value, wherever rows are told apart."""
VAGUE = frozenset({"cost", "price", "taxi", "trip", "ride"})
"""What somebody paid, fare or total."""
ONE_BILL = frozenset({"bill", "tab", "cost", "price", "check"})
"""Words for the total of one trip."""


@dataclass
class _Said:
    """What the words of a question say of its figure: the columns, the aggregate, one figure of another, whether it is
    a total."""

    atoms: Sequence[Atom]
    columns: Sequence[int]
    order: str
    fn: str = ""
    over: str = ""
    total: bool = False
    names: list[str] = field(default_factory=list)
    used: set[int] = field(default_factory=set)


def figure_of(
    atoms: Sequence[Atom], columns: Sequence[int], *, order: str, grouped: bool, paired: bool, counts: bool
) -> tuple[Aggregate, set[int]] | None:
    """The figure and the words that it explains; None where the words ask for several, or for none."""
    at = next((i for i, atom in enumerate(atoms) if atom.is_a("percentile")), None)
    if at is not None:
        return _percentile(atoms, columns, at)
    said = _said(atoms, columns, order)
    if len(said.names) > 2:
        return None
    said.used |= set(columns)
    if len(said.names) == 2:
        return of_two(atoms, said.names, said.over, said.used)
    column = said.names[0] if said.names else IMPLIED.get(order, ("", True))[0]
    earned = any(atom.is_a("earn") for atom in atoms)
    if not column and not counts and earned and (_how_much(atoms) or said.over or order or said.fn):
        column = "revenue"
    return _of_column(said, column, apart=grouped, held=grouped or paired, counts=counts)


def _said(atoms: Sequence[Atom], columns: Sequence[int], order: str) -> _Said:
    said = _Said(atoms, columns, order)
    for at, atom in enumerate(atoms):
        if atom.is_a("aggregate", "mean", "sum", "median") and (not said.fn or atom.is_a("aggregate", "mean")):
            said.fn = str(atom.kinds["aggregate"])
        if atom.text in EXTREMES and at + 1 < len(atoms) and at + 1 in columns and order in ("max", "min"):
            said.fn = EXTREMES[atom.text]
        if atom.is_a("aggregate") or atom.is_a("per"):
            said.used.add(at)
        if atom.is_a("per") and not said.over:
            said.over = str(atom.kinds["per"])
    said.total = any(atom.is_a("aggregate", "total") for atom in atoms)
    names = _one_length(list(dict.fromkeys(str(atoms[at].kinds["column"]) for at in columns)))
    vague = not names or (names == ["fare_usd"] and all(set(atoms[at].words) <= VAGUE for at in columns))
    of_one = said.fn in ("mean", "median") or order in ("max", "min", "expensive", "cheap")
    if said.total and vague and of_one and not _of_trips(atoms):
        names, said.total = ["total_usd"], False
    said.names = names if any(a.is_a("shape", "share", "times") for a in atoms) else _one_money(names)
    return said


def _one_money(names: list[str]) -> list[str]:
    """Toll money, dollars of tips: revenue is a word for money there."""
    if len(names) == 2 and "total_usd" in names and "revenue" in names:
        return ["total_usd"]
    if len(names) == 2 and "revenue" in names and any(n in MONEY for n in names):
        return [n for n in names if n != "revenue"]
    return names


def _of_column(said: _Said, column: str, *, apart: bool, held: bool, counts: bool) -> tuple[Aggregate, set[int]] | None:
    """The figure of one column, or of trips without one; `apart` where rows are told apart, `held` also where sides
    are."""
    atoms, fn, over, used = said.atoms, said.fn, said.over, said.used
    if over in ("distance_mi", "duration_min", "passenger_count", "hours"):
        return per(column, over, used)
    if over == "hour":
        return (Aggregate("per_hour", plain_column(column)), used) if not apart else None
    if over == "day" and not apart:
        return Aggregate("per_day", plain_column(column)), used
    if over == "trip" and column:
        fn = fn or "mean"
    if not column and fn == "mean" and _how_much(atoms) and not counts:
        column = "fare_usd"
    if not column:
        return None if fn == "median" or (fn == "mean" and not apart) else (Aggregate("count"), used)
    if said.order in ("expensive", "cheap") and held:
        fn = fn or "mean"
    if said.order in SINGLING and not (held or fn or said.total):
        return Aggregate("max" if IMPLIED[said.order][1] else "min", plain_column(column)), used
    return default_figure(column, fn, said.total, atoms, said.columns), used


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


def default_figure(column: str, fn: str, total: bool, atoms: Sequence[Atom], columns: Sequence[int]) -> Aggregate:
    if not column:
        return Aggregate("count")
    if column == "speed":
        each = any(a.is_a("aggregate", "unweighted") for a in atoms)
        return Aggregate(fn or "mean", column) if each or fn in ("median", "max", "min") else Aggregate("speed", column)
    if column == "revenue" and fn == "median":
        return Aggregate("median", "total_usd")
    if fn in ("mean", "median", "sum", "max", "min"):
        return Aggregate(fn, plain_column(column))
    if column == "passenger_count" and any(at and atoms[at - 1].is_a("order") for at in columns):
        return Aggregate("sum", column)  # more people
    plural = any(atoms[at].plural for at in columns)
    many = any(a.is_a("shape", "many") for a in atoms)
    single = column in ("duration_min", "distance_mi", "passenger_count") and many
    summed = total or column in SUMMED or single or (plural and column in MONEY and column != "fare_usd")
    summed = summed or (column in ("distance_mi", "passenger_count") and plural and not _unit_only(atoms, columns))
    if column == "total_usd" and not summed:
        summed = not any(set(atoms[at].words) & ONE_BILL for at in columns)
    return Aggregate("sum" if summed else "mean", plain_column(column))


def _unit_only(atoms: Sequence[Atom], columns: Sequence[int]) -> bool:
    """In miles only says the unit."""
    return all((at and atoms[at - 1].text in ("in", ",")) or at == len(atoms) - 1 for at in columns)


def _percentile(atoms: Sequence[Atom], columns: Sequence[int], at: int) -> tuple[Aggregate, set[int]] | None:
    names = _one_length(list(dict.fromkeys(str(atoms[i].kinds["column"]) for i in columns)))
    if len(names) != 1 or names[0] in ("speed", "revenue"):
        return None
    return Aggregate("percentile", names[0], number=atoms[at].kinds["percentile"] / 100), {at, *columns}
