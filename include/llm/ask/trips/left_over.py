"""A word that nobody used, and that would change the meaning, ends the reading."""

from __future__ import annotations

from collections.abc import Sequence

from include.llm.ask.trips.atoms import Atom
from include.llm.ask.trips.draft import Draft
from include.llm.ask.trips.places import is_place

NEEDED = frozenset({"minus", "next", "rest", "second", "third", "fourth", "fifth", "2nd", "3rd", "4th", "5th", "half"})
"""Words that ask for something, though they name nothing."""
HARMLESS = frozenset({"idle", "side", "subject", "some", "earn", "raw"})
"""Kinds of words that change nothing where nobody used them."""


def asks_more(at: int, atom: Atom, draft: Draft) -> bool:
    """Whether an atom that nobody used asks for something."""
    if at in draft.used or not atom.kinds or atom.filler:
        following = draft.reading.atoms[at + 1].text if at + 1 < len(draft.reading.atoms) else ""
        if (
            atom.text in ("after", "behind")
            and at not in draft.used
            and following
            and is_place(draft.reading.atoms[at + 1])
        ):
            return True
        if atom.text == "right":
            return following not in ("after", "behind", "below", "next")
        dated = atom.text == str(draft.reading.when.year)
        return at not in draft.used and not dated and (atom.text.isdigit() or atom.text in NEEDED)
    kinds = set(atom.kinds) - HARMLESS - {"service"}
    if kinds <= {"change"} and atom.text in ("up", "down"):
        return False
    return bool(kinds) and not (
        set(atom.kinds) & {"idle", "side", "subject", "earn", "some", "raw", "service"}
        and not kinds & {"negation", "none"}
    )


def late_alone(atoms: Sequence[Atom]) -> bool:
    """Late is a part of the day only among others: what was late may as well be overdue."""
    bands = [a for a in atoms if a.is_a("condition") and a.kinds["condition"].kind == "hour"]
    return len(bands) == 1 and bands[0].text == "late"
