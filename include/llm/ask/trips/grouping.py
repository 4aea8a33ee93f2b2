"""Rows are told apart by a noun with which, per, or an order before it; where asks for zones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from include.llm.ask.trips.atoms import Atom, Condition
from include.llm.ask.trips.draft import Draft
from include.llm.ask.trips.leading import value_first
from include.llm.ask.trips.places import is_place
from include.llm.ask.trips.vocabulary import AIRPORTS

FIRST = frozenset({"max", "min", "busy", "quiet", "lucrative"})
WEAK = frozenset({"time", "place", "area", "spot", "day", "date", "hour", "month", "location", "origin", "service"})
"""Nouns that stand beside others: at the time, in the area."""


@dataclass
class Grouped:
    """Keys of rows, how many of the first are meant, whether they are counted, whom a rank comes after."""

    keys: tuple[str, ...] = ()
    top: int = 0
    counted: bool = False
    value_first: bool = False
    after: Condition | None = None
    nothing: bool = False
    claimed: Condition | None = None
    """What is said to be the first of them: is Friday the busiest weekday?"""
    used: set[int] = field(default_factory=set)


def grouped_by(atoms: Sequence[Atom], draft: Draft) -> Grouped:
    """What tells rows apart, if anything does."""
    nouns = [i for i, a in enumerate(atoms) if a.is_a("group") and i not in draft.used]
    asked = any(a.text in ("who", "what", "which") for a in atoms[:3])
    found = Grouped(after=_after(atoms, draft) if nouns or asked else None)
    if found.after is not None and not nouns:
        found.keys = (found.after.keys[0].replace("zone", "borough" if found.after.kind == "borough" else "zone"),)
        return found
    chosen = _chosen(atoms, nouns, bool(draft.order or found.after))
    if chosen is None and _of_days_or_months(atoms, draft, found):
        return found
    counted = any(a.is_a("shape", "counted") for a in atoms)
    many_of = _many_of(atoms, nouns)
    if (counted or many_of is not None) and nouns and not draft.order:
        chosen, found.counted = (many_of if many_of is not None else nouns[-1]), True
    where = any(a.text == "where" for a in atoms) and bool(draft.order)
    if chosen is None and not where:
        return found
    if found.counted and chosen is not None:
        found.nothing = _has_none(atoms, chosen, draft)
    apart = chosen is not None and _split(atoms, chosen)
    if draft.order or found.after or found.counted or apart:
        _tell_apart(atoms, draft, found, nouns, chosen)
    return found


def _of_days_or_months(atoms: Sequence[Atom], draft: Draft, found: Grouped) -> bool:
    """Which had the most, without a noun: of a span of days a day, of all months a month; the best daily figure."""
    texts = {a.text for a in atoms}
    several = draft.reading.when.ranged or draft.reading.every_month
    paired = any(a.is_a("service") and b.text in ("or", "and") for a, b in pairwise(atoms))
    if draft.order and "which" in texts and several and not paired:
        found.keys = ("day",) if draft.reading.when.ranged else ("month",)
        return True
    daily = any(a.text == "daily" or a.is_a("per", "day") for a in atoms)
    if daily and draft.order in FIRST and not {"than", "or"} & texts and draft.form != "yes":
        found.keys, found.value_first = ("day",), True
        return True
    return False


def _has_none(atoms: Sequence[Atom], chosen: int, draft: Draft) -> bool:
    """Zones that saw not one: those are counted that have no row."""
    cue = {
        i
        for i, a in enumerate(atoms)
        if (a.is_a("negation", "negation") and a.text in ("not", "never")) or a.is_a("none")
    }
    nothing = bool(cue) and atoms[chosen].is_a("group", "zone", "pickup_zone", "dropoff_zone")
    draft.used |= cue if nothing else set()
    draft.used |= {i for i, a in enumerate(atoms) if a.text in ("265", "263")}
    return nothing


def _tell_apart(atoms: Sequence[Atom], draft: Draft, found: Grouped, nouns: Sequence[int], chosen: int | None) -> None:
    """The keys of the noun that was chosen, and which of its rows are meant."""
    noun = str(atoms[chosen].kinds["group"]) if chosen is not None else "zone"
    one_day = [c for c in draft.conditions if c.kind == "weekday" and len(c.values) == 1]
    if draft.form == "yes" and noun == "day" and one_day:
        noun = "weekday"  # is Friday the busiest day
    found.keys = _keys(noun, atoms, draft)
    found.used = set(nouns)
    found.top = _top(atoms, draft)
    if draft.form == "yes" and draft.order and not any(a.text == "than" for a in atoms):
        found.claimed = _claimed(found.keys[0], draft)
    if noun == "pickup_airport":
        draft.conditions.append(Condition("airport", found.keys, "in", AIRPORTS, "an airport"))
    found.value_first = value_first(atoms, chosen)


def _chosen(atoms: Sequence[Atom], nouns: Sequence[int], ranked: bool) -> int | None:
    """The noun with which before it, else the first one behind an order, else the first one."""

    def near(at: int, words: Sequence[str]) -> bool:
        return any(a.text in words for a in atoms[max(0, at - 3) : at])

    opened = [i for i in nouns if near(i, ("which", "what", "whose", "whichever"))]
    ordered = [i for i in nouns if any(a.is_a("order") for a in atoms[max(0, i - 2) : i])]
    split = [i for i in nouns if _split(atoms, i)]
    strong = [i for i in nouns if atoms[i].text not in WEAK]
    if ranked:
        return next(iter([*opened, *ordered, *split, *strong, *nouns]), None)
    return next(iter([*split]), None)


def _split(atoms: Sequence[Atom], at: int) -> bool:
    return atoms[at].words[0] == "per" or (at > 0 and atoms[at - 1].text in ("per", "by", "each", "every"))


def _many_of(atoms: Sequence[Atom], nouns: Sequence[int]) -> int | None:
    """On how many days, in how many different zones."""
    return next(
        (
            i
            for i in nouns
            if any(a.is_a("shape", "many", "counted") for a in atoms[max(0, i - 2) : i])
            or any(a.text in ("how many of", "number of") for a in atoms[max(0, i - 3) : i])
        ),
        None,
    )


def _keys(noun: str, atoms: Sequence[Atom], draft: Draft) -> tuple[str, ...]:
    if noun == "pair":
        return ("pickup_zone", "dropoff_zone")
    named = [c.keys for c in draft.conditions if c.kind in ("zone", "borough") and len(c.keys) == 1 and not c.negated]
    several = next((keys[0].split("_")[0] for keys in named if named.count(keys) > 1), "")
    if noun in ("pickup_airport", "zone", "borough") and several:
        return (f"{several}_{noun.replace('pickup_airport', 'zone')}",)  # which airport, JFK or LaGuardia
    if noun == "pickup_airport":
        return ("pickup_zone",) if not _ends(atoms, draft) else ("dropoff_zone",)
    if noun in ("zone", "borough"):
        return (f"{'dropoff' if _ends(atoms, draft) else 'pickup'}_{noun}",)
    return ("passenger_count",) if noun == "passenger_number" else (noun,)


def _ends(atoms: Sequence[Atom], draft: Draft) -> bool:
    """A word for where trips end that belongs to no place."""
    free = [
        a
        for i, a in enumerate(atoms)
        if i not in draft.used and (a.is_a("side") or a.is_a("subject", "pickup", "dropoff"))
    ]
    ends = [a for a in free if a.is_a("side", "dropoff") or a.is_a("subject", "dropoff")]
    starts = [a for a in free if a.is_a("side", "pickup") or a.is_a("subject", "pickup")]
    texts = {a.text for a in atoms}
    if (
        "where" in texts
        and texts & {"go", "going", "went", "head", "travel", "ride to"}
        and not any(a.text != "from" for a in starts)
    ):
        return True  # where do riders from Queens go
    ends = [a for a in ends if a.text != "to" or not starts]
    return bool(ends) and not starts


def _claimed(key: str, draft: Draft) -> Condition | None:
    """The one condition on what rows are told apart by; it is a claim then, and tells no trips apart."""
    column = key.replace("borough", "zone")
    kind = "borough" if key.endswith("borough") else ""
    named = [c for c in draft.conditions if c.keys == (column,) and not c.negated and (not kind or c.kind == kind)]
    if len(named) != 1 or (key not in ("hour", "weekday") and key.endswith("zone") and named[0].kind != "zone"):
        return None
    draft.conditions = [c for c in draft.conditions if c is not named[0]]
    return named[0]


def _after(atoms: Sequence[Atom], draft: Draft) -> Condition | None:
    """Which borough comes right after Manhattan: the next one in the order."""
    for at, atom in enumerate(atoms):
        if atom.text in ("after", "behind", "next", "below") and at + 1 < len(atoms):
            named = next((i for i in range(at + 1, min(at + 4, len(atoms))) if is_place(atoms[i])), None)
            held = next((c for c in draft.conditions if c.at == named), None)
            if held is not None:
                draft.conditions = [c for c in draft.conditions if c is not held]
                draft.used |= {at}
                return held
    return None


def _top(atoms: Sequence[Atom], draft: Draft) -> int:
    for at, atom in enumerate(atoms):
        if atom.text.isdigit() and 1 < int(atom.text) <= 50 and at not in draft.used:
            near = atoms[max(0, at - 2) : at + 4]
            if any(a.is_a("order") or a.is_a("group") for a in near):
                draft.used.add(at)
                return int(atom.text)
    return 0
