"""Two services, months, days, places or kinds of trips are held against each other where a word says so."""

from __future__ import annotations

from dataclasses import replace

from include.llm.ask.trips.asked import Side
from include.llm.ask.trips.atoms import Condition
from include.llm.ask.trips.draft import Draft
from include.llm.ask.trips.the_rest import the_rest

PLACED = frozenset({"zone", "borough", "airport", "payment"})


def sides_of(draft: Draft, shapes: set[str], changes: bool, ranked: bool) -> tuple[Side, ...]:
    """Those that are held against each other, in the order in which they are named; none where nothing is."""
    atoms = draft.reading.atoms
    texts = {a.text for a in atoms}
    held = (
        bool(_for_every(draft))
        or bool({"difference", "times", "growth"} & shapes)
        or changes
        or bool({"vs", "versus", "minus", "compare", "compared", "comparing", "comparison"} & texts)
    )
    held = held or (
        bool(draft.order) and (draft.form == "yes" or bool({"or", "than", "which", "who", "whose"} & texts))
    )
    if not held or (ranked and "than" not in texts):
        return ()
    if found := _for_every(draft):
        shapes |= {"times"}
        return found
    candidates = [found for found in (_services(draft), _conditions(draft), _days(draft), _months(draft)) if found]
    if len(candidates) > 1 and candidates[0][0].service and candidates[1][0].conditions:
        return ()
    return candidates[0] if candidates else ()


def _for_every(draft: Draft) -> tuple[Side, ...]:
    """For every yellow trip, how many green ones: the second over the first."""
    atoms = draft.reading.atoms
    opened = [i for i, a in enumerate(atoms[:6]) if a.text in ("every", "each") and i and atoms[i - 1].text == "for"]
    named = list(dict.fromkeys(str(a.kinds["service"]) for a in atoms if a.is_a("service")))
    return tuple(Side(name, service=name) for name in reversed(named)) if opened and len(named) == 2 else ()


def _services(draft: Draft) -> tuple[Side, ...]:
    atoms = draft.reading.atoms
    named = list(dict.fromkeys(str(a.kinds["service"]) for a in atoms if a.is_a("service")))
    return tuple(Side(name, service=name) for name in named) if len(named) == 2 else ()


def _months(draft: Draft) -> tuple[Side, ...]:
    when = draft.reading.when
    together = any(
        a.text in ("combined", "together", "altogether", "summed", "in total", "both", "put together")
        for a in draft.reading.atoms
    )
    chosen = len(when.months) > 2 and any(a.text == "or" for a in draft.reading.atoms) and not when.span
    several = (
        (len(when.months) == 2 or chosen)
        and not together
        and not when.days
        and not (draft.reading.every_month and when.span)
    )
    return tuple(Side("", month=place) for place in range(len(when.months))) if several else ()


def _days(draft: Draft) -> tuple[Side, ...]:
    when = draft.reading.when
    several = len(when.days) == 2 and not when.ranged
    return tuple(Side("", day=place) for place in range(len(when.days))) if several else ()


def _before_and_behind(draft: Draft) -> tuple[Side, ...]:
    """Manhattan to Brooklyn or Brooklyn to Manhattan: several conditions on either side of the word between them."""
    atoms = draft.reading.atoms
    if found := _both_ends(draft) or _other_way(draft):
        return found
    for at, atom in enumerate(atoms):
        if atom.text in ("than", "vs", "versus", "minus", "or"):
            parts = [
                [c for c in draft.conditions if (c.at < at) == before and c.kind in PLACED] for before in (True, False)
            ]
            keys = [sorted(c.keys for c in part) for part in parts]
            if keys[0] == keys[1] and len(set(keys[0])) > 1:
                return tuple(Side(" ".join(c.says for c in part), conditions=tuple(part)) for part in parts)
    return ()


def _both_ends(draft: Draft) -> tuple[Side, ...]:
    """Pick-ups against drop-offs of one place."""
    atoms = draft.reading.atoms
    ends = [str(a.kinds["subject"]) for a in atoms if a.is_a("subject", "pickup", "dropoff")]
    places = [c for c in draft.conditions if c.kind in ("zone", "borough", "airport") and not c.negated]
    if sorted(set(ends)) != ["dropoff", "pickup"] or len({c.values for c in places}) != 1:
        return ()
    draft.conditions = [c for c in draft.conditions if c not in places]
    return tuple(
        Side(f"{end}s", conditions=(replace(places[0], keys=(f"{end}_zone",)),)) for end in dict.fromkeys(ends)
    )


def _other_way(draft: Draft) -> tuple[Side, ...]:
    """From Queens to Brooklyn, or the other way round."""
    places = [c for c in draft.conditions if c.kind in ("zone", "borough", "airport") and not c.negated]
    turned = any(
        a.is_a("idle") and set(a.words) & {"way", "versa", "reverse", "opposite", "direction"}
        for a in draft.reading.atoms
    )
    if not turned or sorted(c.keys for c in places) != [("dropoff_zone",), ("pickup_zone",)]:
        return ()
    draft.conditions = [c for c in draft.conditions if c not in places]
    other = {"pickup_zone": "dropoff_zone", "dropoff_zone": "pickup_zone"}
    back = tuple(replace(c, keys=(other[c.keys[0]],), says=f"{c.says} (turned round)") for c in places)
    return (
        Side(" ".join(c.says for c in places), conditions=tuple(places)),
        Side("the other way round", conditions=back),
    )


def _conditions(draft: Draft) -> tuple[Side, ...]:
    """Named conditions of one kind: JFK or LaGuardia, card or cash, Saturdays or Sundays."""
    if sides := _before_and_behind(draft) or the_rest(draft):
        return sides
    by_keys: dict[object, list[Condition]] = {}
    for condition in draft.conditions:
        if not condition.negated:
            key = (condition.keys, "" if condition.kind in PLACED else condition.kind)
            by_keys.setdefault(key, []).append(condition)
    several = [
        found for found in by_keys.values() if len({c.values for c in found}) >= 2 and found[0].op in ("in", "span")
    ]
    if len(several) != 1:
        return ()
    found = several[0]
    unique = list({c.values: c for c in found}.values())
    return tuple(Side(c.says, conditions=tuple(o for o in found if o.values == c.values)) for c in unique)
