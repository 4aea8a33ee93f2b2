"""A share is of a part in a whole: what stands before the noun or verb is the whole, what is said of it the part."""

from __future__ import annotations

from collections.abc import Sequence

from include.llm.ask.trips.atoms import Atom, Condition

TIMED = frozenset({"hour", "weekday", "date"})
KNOWN_TIP = Condition("limit", ("high_tip",), ">=", (0.0,), "whose tip is known")
NOUNS = frozenset({"trip", "ride", "payer", "customer", "payment", "rider", "passenger", "journey", "user", "fare"})
VERBS = frozenset(
    {
        "are",
        "is",
        "was",
        "were",
        "do",
        "did",
        "had",
        "has",
        "have",
        "went",
        "go",
        "cost",
        "last",
        "lasted",
        "took",
        "take",
        "that",
        "who",
        "which",
        "end",
        "ended",
        "start",
        "started",
        "began",
        "begin",
        "fell",
        "fall",
        "came",
        "come",
        "get",
        "got",
        "made",
        "be",
        "carried",
        "carry",
        "ran",
        "run",
        "paid",
        "pay",
        "left",
        "leave",
        "tipped",
        "stay",
        "stayed",
        "happen",
        "happened",
        "used",
        "use",
        "exceed",
        "exceeded",
    }
)


def split(
    atoms: Sequence[Atom], conditions: Sequence[Condition], shares: bool, more_often: bool
) -> tuple[tuple[Condition, ...], tuple[Condition, ...]]:
    """(base, part): without a share everything is base. More often, of two, asks for a share as well.

    A tip is known of card trips alone, so a share of tips is one of those.
    """
    base, part = _split(atoms, conditions, shares, more_often)
    of_tips = any(c.keys in (("high_tip",), ("tip_share",)) for c in part)
    return (*base, *([KNOWN_TIP] if of_tips else [])), part


def _split(
    atoms: Sequence[Atom], conditions: Sequence[Condition], shares: bool, more_often: bool
) -> tuple[tuple[Condition, ...], tuple[Condition, ...]]:
    often = more_often and any(a.text in ("often", "frequently", "likely", "commonly") for a in atoms)
    if not (shares or often) or not conditions:
        return tuple(conditions), ()
    if often:
        return (), tuple(conditions)
    at = next((i for i, a in enumerate(atoms) if a.is_a("shape", "share")), None)
    if at is None:  # do more than half of the trips end there
        at = next((i for i, a in enumerate(atoms) if a.is_a("limit")), None)
    if at is None:
        return tuple(conditions), ()
    fronted = _fronted(atoms, at)
    base = [c for c in conditions if c.at < fronted]
    rest = [c for c in conditions if c not in base]
    noun = next((i for i in range(at + 1, len(atoms)) if _is_noun(atoms[i])), len(atoms))
    modifying = [c for c in rest if at < c.at <= noun]
    later = [c for c in rest if c not in modifying]
    if later:
        whole, part = _by_verb(atoms, later, noun)
        return (*base, *modifying, *whole), tuple(part)
    if base and not modifying:
        return (), tuple(base)
    return tuple(base), tuple(modifying)


def _is_noun(atom: Atom) -> bool:
    """Trips, or a condition that ends in them: card trips."""
    return atom.is_a("subject") or atom.is_a("column") or (atom.is_a("condition") and atom.words[-1] in NOUNS)


def _fronted(atoms: Sequence[Atom], at: int) -> int:
    """Of the card trips in March, what share ...: where what comes first ends."""
    opened = atoms[0].text in (
        "of",
        "among",
        "amongst",
        "for",
        "when",
        "on",
        "out of",
        "considering",
        "from",
        "with",
        "in",
        "at",
        "during",
    ) or atoms[0].is_a("side")
    pauses = [i for i in range(at) if atoms[i].text == ","]
    return pauses[-1] if opened and pauses else 0


def _by_verb(atoms: Sequence[Atom], later: list[Condition], noun: int) -> tuple[list[Condition], list[Condition]]:
    """What stands behind the verb is the part; times are of the whole, where something else is the part."""
    verb = next((i for i in range(noun + 1, len(atoms)) if set(atoms[i].words[:1]) & VERBS), None)
    whole = [c for c in later if verb is not None and noun < c.at < verb]
    part = [c for c in later if c not in whole]
    if not part:
        whole, part = [], later
    others = [c for c in part if c.kind not in TIMED]
    if others and verb is not None and atoms[verb].text not in ("that", "who", "which"):
        whole += [c for c in part if c.kind in TIMED]
        part = others
    elif others and verb is None:
        last = others[-1].kind
        whole += [c for c in part if c.kind != last]
        part = [c for c in part if c.kind == last]
    return whole, part
