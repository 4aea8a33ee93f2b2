"""Conditions of a question: named ones, places, limits on columns, what is there at all, what is turned round."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from include.llm.ask.trips.atoms import Atom, Condition, Limit
from include.llm.ask.trips.places import is_place, places_in

UNIT_COLUMNS = {"mile": "distance_mi", "minute": "duration_min", "passenger": "passenger_count", "mph": "speed"}
UNITS = {
    "distance_mi": "miles",
    "duration_min": "minutes",
    "duration_h": "hours",
    "passenger_count": "passengers",
    "speed": "mph",
    "tip_share": "of the total before it",
    "tip_of_fare": "of the fare",
}
CHARGES = ("tolls_usd", "congestion_usd", "extra_usd", "mta_tax_usd", "improvement_usd", "airport_fee_usd")
"""What is paid beside the fare and the tip."""
MONEY = ("fare_usd", "total_usd", "tip_usd", *CHARGES)
NAMES = {
    "fare_usd": "fare",
    "total_usd": "total",
    "tip_usd": "tip",
    "tolls_usd": "tolls",
    "congestion_usd": "congestion surcharge",
    "extra_usd": "extra",
    "mta_tax_usd": "MTA tax",
    "improvement_usd": "improvement surcharge",
    "airport_fee_usd": "airport fee",
    "distance_mi": "distance",
    "duration_min": "duration",
    "duration_h": "time on the road",
    "passenger_count": "passengers",
    "speed": "speed",
    "tip_share": "tip",
    "tip_of_fare": "tip",
    "haversine_km": "straight distance",
    "manhattan_km": "grid distance",
}
HIGH_TIP = 0.2
"""What the label high_tip calls high."""
ENDING = frozenset(
    {
        "end",
        "ended",
        "ending",
        "finish",
        "finished",
        "finishing",
        "arrive",
        "arrived",
        "arriving",
        "conclude",
        "concluded",
        "terminate",
        "terminated",
        "terminating",
        "dropped",
        "over",
    }
)
"""Words for the end of a trip, which an hour behind them is of."""
_SIGNS = {">": "over", "<": "under", ">=": "at least", "<=": "at most", "=": "of"}


def conditions_in(atoms: Sequence[Atom]) -> tuple[list[Condition], set[int]]:
    """What is named as such and the places, each turned round where a negation stands before it; and the words used."""
    found = [replace(atom.kinds["condition"], at=at) for at, atom in enumerate(atoms) if atom.is_a("condition")]
    places, used = places_in(atoms)
    for condition in found:
        if condition.keys == ("pickup_in_cbd",):
            found = [_at_its_end(c, atoms) if c is condition else c for c in found]
    found = [_at_their_end(c, atoms) for c in found]
    used |= {c.at for c in (*found, *places)}
    turned = [_turned(condition, atoms, used) for condition in sorted((*found, *places), key=lambda c: c.at)]
    return [c for c in turned if not _says_less(c, turned)], used


def _at_its_end(condition: Condition, atoms: Sequence[Atom]) -> Condition:
    before = [a for a in atoms[max(0, condition.at - 4) : condition.at] if a.is_a("side") or a.is_a("subject")]
    ends = any(a.is_a("side", "dropoff") or a.is_a("subject", "dropoff") for a in before)
    return replace(condition, keys=("dropoff_in_cbd",)) if ends else condition


def _at_their_end(condition: Condition, atoms: Sequence[Atom]) -> Condition:
    """Ended between five and six: the hour is that of the drop-off."""
    if condition.kind != "hour" or condition.keys[0] not in ("hour", "minute"):
        return condition
    before = [a for a in atoms[max(0, condition.at - 3) : condition.at] if a.kinds or a.text == ","]
    ends = bool(before) and (before[-1].is_a("subject", "dropoff") or before[-1].text in ENDING)
    return (
        replace(condition, keys=(f"dropoff_{condition.keys[0]}",), says=f"ended {condition.says}")
        if ends
        else condition
    )


def _says_less(condition: Condition, others: Sequence[Condition]) -> bool:
    """Friday nights between 8pm and midnight: hours in figures are meant, the part of the day only goes with them."""
    if condition.kind != "hour" or not condition.says[:1].isalpha():
        return False
    return any(c.kind == "hour" and not c.says[:1].isalpha() for c in others)


def _turned(condition: Condition, atoms: Sequence[Atom], used: set[int]) -> Condition:
    """Outside Manhattan, not by card, other than Queens or the Bronx."""
    for at in range(condition.at - 1, max(-1, condition.at - 9), -1):
        atom = atoms[at]
        if atom.is_a("negation") or (atom.is_a("none") and at >= condition.at - 2):
            used.add(at)
            return replace(condition, negated=True)
        passed = (
            atom.filler
            or atom.is_a("side")
            or atom.is_a("some")
            or is_place(atom)
            or atom.text in ("or", "and", "earn")
        )
        if atom.is_a("condition") and atom.kinds["condition"].kind == condition.kind:
            passed = True
        if not passed or atom.text in ("but", ","):
            break
    return condition


def limited(column: str, limit: Limit, at: int) -> Condition:
    """The condition that a limit puts on a column."""
    if column == "tip_share" and limit.op in (">=", ">") and limit.values == (HIGH_TIP,):
        return Condition("tip", ("high_tip",), "in", (1,), "high tip (20 % or more of the total before it)", at=at)
    unit = UNITS.get(column, "dollars" if column in MONEY else "")
    said = " to ".join(f"{value:g}" for value in limit.values)
    says = f"{NAMES.get(column, column)} {_SIGNS.get(limit.op, 'from')} {said} {unit}".strip()
    return Condition("limit", (column,), limit.op, limit.values, says, at=at)


def column_of(limit: Limit, at: int, atoms: Sequence[Atom]) -> tuple[str, int]:
    """The column that a limit is on: by its unit, else the nearest one that is named, and where that stands."""
    if column := UNIT_COLUMNS.get(limit.unit):
        if column == "distance_mi" or column == "duration_min":
            return column, _nearest(at, atoms, (column, "length"))
        return column, _nearest(at, atoms, (column,))
    if limit.unit == "percent":
        where = _nearest(at, atoms, ("tip_usd",))
        of_fare = any(a.is_a("column", "fare_usd") for a in atoms[at : at + 4])
        return ("tip_of_fare" if of_fare else "tip_share", where) if where >= 0 else ("", -1)
    wanted = MONEY if limit.unit == "dollar" else (*MONEY, *UNIT_COLUMNS.values(), "haversine_km", "manhattan_km")
    if limit.unit in ("dollar", ""):
        where = _nearest(at, atoms, wanted)
        if where >= 0:
            return str(atoms[where].kinds["column"]), where
        money = _nearest(at, atoms, ("revenue",))
        if money >= 0:
            return "total_usd", money
    words = {word for atom in atoms[max(0, at - 4) : at] for word in atom.words}
    if limit.unit == "dollar" and any("total" in atom.words for atom in atoms[max(0, at - 3) : at + 4]):
        return "total_usd", -1
    if limit.unit == "dollar" and words & {
        "cost",
        "costing",
        "expensive",
        "pricier",
        "price",
        "cheaper",
        "ride",
        "trip",
    }:
        return "fare_usd", -1
    if limit.unit == "dollar" and words & {"paid", "pay", "paying", "charged", "bill", "spent", "total", "brought"}:
        return "total_usd", -1
    return "", -1


def _nearest(at: int, atoms: Sequence[Atom], columns: Sequence[str]) -> int:
    places = [i for i, atom in enumerate(atoms) if atom.is_a("column", *columns) and abs(i - at) <= 6]
    before = [i for i in places if i < at]
    return before[-1] if before else places[0] if places else -1
