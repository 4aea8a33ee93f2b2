"""Of a group that is asked for its name and its figure, one leads the answer."""

from __future__ import annotations

from collections.abc import Sequence

from include.llm.ask.trips.atoms import Atom


def value_first(atoms: Sequence[Atom], chosen: int | None) -> bool:
    """How many trips did the busiest zone have, the fewest on any single day: the figure leads."""
    texts = [a.text for a in atoms]
    if "where" in texts:
        return False
    asked = [i for i, a in enumerate(atoms) if a.is_a("shape", "many") or (a.text == "much" and texts[i - 1] == "how")]
    many = any(chosen is None or i < chosen or "and" not in texts[max(0, i - 2) : i] for i in asked)
    many = many or any(a.is_a("subject") and {"number", "count"} & set(a.words) for a in atoms)
    if chosen is None:
        return many
    before = [a.text for a in atoms[max(0, chosen - 4) : chosen]]
    if texts[:1] == ["what"] and any(a.is_a("column") for a in atoms[:chosen]) and not {"what", "which"} & set(before):
        return True  # what was the revenue on the best day
    if {"which", "whose", "whichever"} & set(before):
        return False
    if _figure_first(atoms, chosen):
        return True
    if many:
        return True
    single = (
        {"any", "single", "one"} & set(before)
        or atoms[chosen].text in ("single day", "one day", "particular day", "single hour", "one hour")
        or before[-1:] in (["a"], ["per"])
    )
    return (
        bool(single)
        and not any(a.is_a("order") for a in atoms[max(0, chosen - 1) : chosen])
        and "what" not in before[-2:]
    )


def _figure_first(atoms: Sequence[Atom], chosen: int) -> bool:
    """Revenue on the worst day: what is measured stands before it, and nothing asks which day that was."""
    placed = [
        i
        for i in range(max(0, chosen - 4), chosen)
        if atoms[i].text in ("on", "during", "in", "at", "of", "for", "from")
    ]
    if not placed or any(a.text in ("which", "what", "who") for a in atoms[1:chosen]):
        return False
    ordered = any(a.is_a("order") for a in atoms[placed[-1] : chosen])
    return ordered and any(a.is_a("column") or a.is_a("subject") for a in atoms[: placed[-1]])
