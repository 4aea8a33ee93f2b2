"""Something of a column is there, or nothing: with a toll, no tip, that paid the surcharge."""

from __future__ import annotations

from collections.abc import Sequence

from include.llm.ask.trips.atoms import Atom, Condition, Limit
from include.llm.ask.trips.conditions import limited

ONCE = ("tip_usd", "tolls_usd", "congestion_usd", "extra_usd", "airport_fee_usd", "mta_tax_usd", "improvement_usd")
"""Charges that some trips have and others do not."""
LEVIED = frozenset({"due", "applied", "added", "levied", "collected", "charged"})


def existing(atoms: Sequence[Atom], counts: bool) -> tuple[list[Condition], set[int]]:
    """With a toll, no tip, that paid the surcharge: something of a column is there, or nothing."""
    found: list[Condition] = []
    used: set[int] = set()
    for at, atom in enumerate(atoms):
        if not atom.is_a("column", *ONCE, "distance_mi", "passenger_count"):
            continue
        column = str(atom.kinds["column"])
        before = _cue(atoms, at)
        if before >= 0 and atoms[before].text == "nonzero":
            found.append(limited(column, Limit(">", (0.0,), ""), at))
            used.add(before)
            continue  # the smallest nonzero tip is still a tip
        after = next(
            (i for i in range(at + 1, min(at + 3, len(atoms))) if not atoms[i].filler or atoms[i].is_a("none")), -1
        )
        none_after = after if after >= 0 and atoms[after].is_a("none") and not is_column(atoms, after + 1) else -1
        if counts and column in ONCE and _is_passive(atoms, at):
            found.append(limited(column, Limit(">", (0.0,), ""), at))
            used.add(at)
            continue
        if (before >= 0 and atoms[before].is_a("none")) or none_after >= 0:
            found.append(limited(column, Limit("=", (0.0,), ""), at))
            used |= {at, before if before >= 0 and atoms[before].is_a("none") else none_after}
            used |= {i for i in (before,) if i >= 0}
        elif counts and column in ONCE and before >= 0 and atoms[before].is_a("some"):
            negated = before > 0 and any(a.is_a("negation") for a in atoms[max(0, before - 2) : before])
            found.append(limited(column, Limit("=" if negated else ">", (0.0,), ""), at))
            used |= {
                at,
                before,
                *({i for i in (before - 1, before - 2) if i >= 0 and atoms[i].is_a("negation")} if negated else ()),
            }
    return found, used


def _is_passive(atoms: Sequence[Atom], at: int) -> bool:
    """A toll was charged, was a toll charged."""
    being = {"was", "is", "were", "are", "be", "been"}
    after = [a for a in atoms[at + 1 : at + 3] if a.text not in being]
    near = {a.text for a in (*atoms[max(0, at - 3) : at], *atoms[at + 1 : at + 2])}
    done = bool(after) and (after[0].is_a("some") or after[0].is_a("earn") or after[0].text in LEVIED)
    return bool(near & being) and done


def is_column(atoms: Sequence[Atom], at: int) -> bool:
    return at < len(atoms) and atoms[at].is_a("column")


def _cue(atoms: Sequence[Atom], at: int) -> int:
    """Where the word stands that says that something or nothing of the column is there, -1 for nowhere."""
    for i in range(at - 1, max(-1, at - 4), -1):
        if atoms[i].is_a("none") or atoms[i].is_a("some"):
            return i
        if atoms[i].text not in ("a", "an", "any", "the", "some", "at all", "at", "of", "for", "single", "kind"):
            return -1
    return -1


def that_had_one(atoms: Sequence[Atom], column: str) -> tuple[list[Condition], set[int]]:
    """The mean toll of the rides that had one."""
    for at in range(1, len(atoms)):
        if atoms[at].text in ("one", "any", "it") and atoms[at - 1].is_a("some") and column in ONCE:
            tail = at + 1 == len(atoms) or atoms[at + 1].text in (",", "in", "for") or atoms[at + 1].is_a("service")
            if tail or atoms[at - 1].text not in ("with",):
                return [limited(column, Limit(">", (0.0,), ""), at)], {at, at - 1}
    return [], set()
