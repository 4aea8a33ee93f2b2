"""Do airport trips take longer than the rest: trips of one kind are held against all the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from include.llm.ask.trips.asked import Side
from include.llm.ask.trips.atoms import Atom
from include.llm.ask.trips.draft import Draft

_PEOPLE = ("everybody", "everyone")
_REST = "the rest"
_ANY = frozenset({"any", "each", "every"})
"""Longer than any other trip asks for the longest one."""

_JUDGED = frozenset({"worse", "better"})
"""No trip is better or worse: a model is, on some of them."""


def the_rest(draft: Draft) -> tuple[Side, ...]:
    """The one kind of trips that is named, and the trips that are not of it; none where nothing says so."""
    conditions = draft.conditions
    found = _said_at(draft)
    if not found or len(conditions) != 1 or conditions[0].negated or conditions[0].at > min(found):
        return ()
    draft.used |= found
    only = conditions[0]
    return (
        Side(only.says, conditions=(only,)),
        Side(_REST, conditions=(replace(only, negated=True),)),
    )


def is_unlike(sides: Sequence[Side], fn: str, atoms: Sequence[Atom]) -> bool:
    """Did people in Queens pay more than everyone else: a sum says little beside that of many more trips."""
    together = any(a.text in ("combined", "together", "put together", "altogether", "taken together") for a in atoms)
    return bool(sides) and sides[-1].says == _REST and fn == "sum" and not together


def _said_at(draft: Draft) -> set[int]:
    """Where the rest is said, behind than: the rest, everybody else, all others, other trips."""
    atoms = draft.reading.atoms
    than = next((i for i, a in enumerate(atoms) if a.text in ("than", "versus", "vs")), None)
    if than is None or _JUDGED & {word for a in atoms for word in a.text.split()}:
        return set()
    for at in range(than + 1, min(than + 4, len(atoms))):
        following = atoms[at + 1] if at + 1 < len(atoms) else None
        if atoms[at].text == "rest" or atoms[at].text in ("everybody else", "everyone else"):
            return {at}
        if atoms[at].text in _PEOPLE and following is not None and following.text == "else":
            return {at, at + 1}
        if atoms[at].text == "other" and not _ANY & {a.text for a in atoms[than:at]}:
            named = following is not None and bool(set(following.kinds) - {"subject", "service"})
            return set() if named else {at}
    return set()
