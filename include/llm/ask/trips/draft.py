"""What has been gathered of a question so far: its form, its order, its conditions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from include.llm.ask.question.form import AUXILIARY, LEADING
from include.llm.ask.trips.atoms import Condition, Limit
from include.llm.ask.trips.figure import IMPLIED
from include.llm.ask.trips.reading import Reading


@dataclass
class Draft:
    """What has been gathered so far, and the atoms that are explained."""

    reading: Reading
    conditions: list[Condition]
    used: set[int]
    form: str
    limits: list[tuple[int, Limit]] = field(default_factory=list)
    order: str = ""
    """As it is said: max, min, long, cheap."""
    descending: bool = True
    place: int = 1
    halved: bool = False
    """Trips are halved by a column."""


_POLITE = re.compile(
    r"^(?:@?\w* ?, ?)?(?:(?:hi|hey|hello|so|ok|and|please|plz|pls|well) (?:, )?)*"
    r"(?:can|could|would|will|do|may|might) (?:you|u|we|i|ya|anyone|anybody|somebody|someone)"
    r"(?= (?:\w+ ){0,2}(?:tell|show|give|let|know|check|look|find|get|confirm|say|see|help|have|add|sum|work|"
    r"compute|calculate|pull|count|compare|list))"
)
_WHETHER = re.compile(
    r"^(?:[\w@]+ |, ){0,8}?(?:whether|(?:know|me|us|check|wonder|wondering|see|sure|confirm|ask|asked|curious|true) if|"
    r"true that|correct that|the case that)\b"
)
_ASKING = AUXILIARY | {"which", "what", "who", "whose", "how", "where", "when"}
_IDLE = frozenset(
    [
        "hi",
        "hello",
        "hey",
        "please",
        "so",
        "and",
        "ok",
        "well",
        "yellow",
        "green",
        "cab",
        "taxi",
        "trip",
        ",",
        "@",
        "just",
        "quick",
        "question",
        "one",
        "re",
    ]
)
"""Words before the verb of a question that yes or no answers."""


def form_of(words: Sequence[str]) -> str:
    """yes for a question that yes or no answers; `words` have their pauses."""
    text = " ".join(words)
    said = _POLITE.sub("", text).split()
    if _WHETHER.search(text) and "how" not in said[:6]:
        return "yes"
    first = next((i for i, word in enumerate(said[:16]) if word in _ASKING), None)
    if first is None or said[first] not in AUXILIARY:
        return ""
    if first == 0 or said[first - 1] == ",":
        return "yes"
    opened = all(w in _IDLE or w.startswith("@") or w.isdigit() for w in said[:first]) or said[0] in LEADING
    return "yes" if opened and said[first] not in ("has", "had", "have") else ""


def take_order(draft: Draft) -> None:
    """The order that is asked for: most expensive, second busiest, less often."""
    atoms = draft.reading.atoms
    orders = [(i, str(a.kinds["order"])) for i, a in enumerate(atoms) if a.is_a("order") and i not in draft.used]
    draft.used |= {i for i, _ in orders}
    ordinals = {
        **{f"rank_{place}": place for place in range(2, 10)},
        "second": 2,
        "2nd": 2,
        "third": 3,
        "3rd": 3,
        "fourth": 4,
        "4th": 4,
        "fifth": 5,
        "5th": 5,
    }
    for i, atom in enumerate(atoms):
        if atom.text in ordinals:
            draft.place = ordinals[atom.text]
            draft.used.add(i)
    if not orders:
        asked_for = any(a.is_a("group") for a in atoms) and any(a.text in ("which", "what", "who") for a in atoms)
        if any(a.text.startswith("rank_") for a in atoms) or (draft.place > 1 and asked_for):
            draft.order = "max"
        return
    named = [o for o in orders if o[1] not in ("max", "min")]
    plain = [o for o in orders if o[1] in ("max", "min")]
    first = (named or plain)[0][1]
    descending = IMPLIED[first][1]
    near = next((o for o in plain if named and named[0][0] - o[0] == 1), None)
    if near is not None and near[1] == "min":
        descending = not descending
    if named and plain and near is None and first in ("slow",):
        descending = IMPLIED[first][1]
    draft.order, draft.descending = first, descending


def columns_of_order(draft: Draft, columns: list[int]) -> list[int]:
    """The longest in miles, the most expensive by total: a column beside such an order is what it is of."""
    atoms, implied = draft.reading.atoms, IMPLIED[draft.order][0]
    names = {str(atoms[i].kinds["column"]) for i in columns}
    if names <= {implied, "length"}:
        draft.used |= set(columns)
        return [i for i in columns if atoms[i].kinds["column"] == implied]
    return columns
