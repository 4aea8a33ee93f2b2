"""A place is where a trip starts, unless the words about it say that it ends there, or both, or either."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from include.llm.ask.trips.atoms import Atom, Condition
from include.llm.ask.trips.vocabulary import AIRPORTS

LEAVING = frozenset({"leave", "left", "leaving", "exit", "exited"})
REACH = 6
JOINING = frozenset(
    {
        "or",
        "and",
        ",",
        "vs",
        "versus",
        "than",
        "in",
        "at",
        "the",
        "with",
        "compared",
        "those",
        "zone",
        "plus",
        "v",
        "whole",
        "of",
        "all",
        "entire",
    }
)
KEYS = {"pickup": ("pickup_zone",), "dropoff": ("dropoff_zone",), "either": ("pickup_zone", "dropoff_zone")}


def is_place(atom: Atom) -> bool:
    return any(atom.is_a(kind) for kind in ("zone", "borough", "airport"))


@cache
def zones_in(borough: str) -> tuple[int, ...]:
    from include.trips.zones import zone_rows

    return tuple(int(row["LocationID"]) for row in zone_rows() if row["borough"] in borough.split(","))


def places_in(atoms: Sequence[Atom]) -> tuple[list[Condition], set[int]]:
    """The conditions of places, and the places of the words that say which end is meant."""
    found: list[Condition] = []
    used: set[int] = set()
    last_side, last_at = "", -1
    for at, atom in enumerate(atoms):
        if not is_place(atom):
            continue
        side, cue = _side(atoms, at, last_side, last_at)
        if side == "" and not atom.is_a("zone") and atom.is_a("airport"):
            found.append(Condition("airport", ("is_airport",), "in", (1,), "with an airport at an end", at=at))
            continue
        if (
            side == "pickup"
            and atom.is_a("borough")
            and "," in atom.kinds["borough"]
            and cue
            and LEAVING & set(atoms[min(cue)].words)
        ):
            found.append(Condition("borough", ("dropoff_zone",), "in", _zones(atom)[0], "to the city", True, at))
            continue  # what leaves the city ends outside it
        side = side or "pickup"
        used |= cue
        last_side, last_at = side, at
        found += _conditions(atom, side, at)
    return found, used


def _conditions(atom: Atom, side: str, at: int) -> list[Condition]:
    zones, says = _zones(atom)
    kind = "airport" if atom.is_a("airport") and not atom.is_a("zone") else "zone" if atom.is_a("zone") else "borough"
    prefix = {"pickup": "from ", "dropoff": "to ", "either": "to or from "}
    sides = ("pickup", "dropoff") if side == "both" else (side,)
    return [Condition(kind, KEYS[one], "in", zones, prefix[one] + says, at=at) for one in sides]


def _zones(atom: Atom) -> tuple[tuple[int, ...], str]:
    from include.llm.ask.sentences.shown import zone_name

    if atom.is_a("zone"):
        return (atom.kinds["zone"],), zone_name(atom.kinds["zone"])
    if atom.is_a("borough"):
        name = atom.kinds["borough"]
        return zones_in(name), name.replace(",", ", ")
    return AIRPORTS, "an airport"


def _side(atoms: Sequence[Atom], at: int, last_side: str, last_at: int) -> tuple[str, set[int]]:
    between = range(last_at + 1, at)
    opens_route = at + 2 < len(atoms) and atoms[at + 1].text == "to" and is_place(atoms[at + 2])
    if last_at >= 0 and all(_joins(atoms[i]) for i in between) and between and not opens_route:
        return last_side, set()
    after = atoms[at + 1] if at + 1 < len(atoms) else None
    if after is not None and (after.is_a("subject", "pickup", "dropoff")):
        return str(after.kinds["subject"]), set()
    if after is not None and (after.text in ("bound", "destination") or after.is_a("group", "dropoff_zone")):
        return "dropoff", {at + 1}
    if any(atoms[i].is_a("side", "either") for i in range(at + 1, min(at + 5, len(atoms)))) and not any(
        is_place(a) for a in atoms[at + 1 : at + 5]
    ):
        return "either", {i for i in range(at + 1, min(at + 5, len(atoms))) if atoms[i].is_a("side")}
    if opens_route:
        return "pickup", set()
    start = max(last_at + 1, at - REACH)
    for i in range(at - 1, start - 1, -1):
        if atoms[i].is_a("side"):
            return str(atoms[i].kinds["side"]), {i}
        if atoms[i].is_a("subject", "pickup", "dropoff"):
            return str(atoms[i].kinds["subject"]), set()
        if atoms[i].is_a("group", "dropoff_zone") or atoms[i].text in ("dropoff zone", "destination"):
            return "dropoff", {i}
        if atoms[i].text == "," and i < at - 1:
            break
    for i in range(at + 1, min(at + 4, len(atoms))):
        if atoms[i].is_a("side", "dropoff") and not any(is_place(a) for a in atoms[i + 1 : i + 4]):
            return "dropoff", {i}  # the airport, as a destination
        if not (atoms[i].filler or atoms[i].text == ","):
            break
    if last_at < 0 and any(a.is_a("subject", "dropoff") for a in atoms):
        return "dropoff", set()
    if last_side == "pickup" and len(list(between)) <= 2 and any(atoms[i].text == "to" for i in between):
        return "dropoff", set(between)
    if last_side == "pickup" and last_at > 0 and atoms[last_at - 1].is_a("side", "pickup"):
        return "dropoff", set()  # from Times Square, JFK or LaGuardia
    if any(a.is_a("subject", "pickup") for a in atoms):
        return "pickup", set()
    return "", set()


def _joins(atom: Atom) -> bool:
    return atom.text in JOINING
