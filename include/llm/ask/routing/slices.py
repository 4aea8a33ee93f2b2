"""Parts of a month are boroughs or zones in pairs, and named slices."""

from __future__ import annotations

from include.llm.ask.question.understood import Understood


def find_slices(asked: Understood, filters: dict[str, list[str]], used: set[frozenset[int]]) -> bool:
    """Which parts of a month are named; `filters` gets them as `slice`."""
    boroughs = [n for n in asked.named if n.kind == "borough"]
    zones = [n for n in asked.named if n.kind == "zone"]
    found = [(n.value, [n]) for n in asked.named if n.kind == "slice"]
    for kind, named, sign in (("boroughs", boroughs, " > "), ("route", zones, "-")):
        if named:
            pair = (
                named
                if len(named) == 2
                else [named[0], named[0]]
                if "within" in asked.words or "inside" in asked.words
                else []
            )
            if not pair:
                return False
            found.append((f"{kind} {pair[0].value}{sign}{pair[1].value}", pair))
    filters["slice"] = [value for value, _ in found]
    used.update(n.span for _, parts in found for n in parts)
    grouped = any(g.value == "slice" for g in asked.groups)
    if not found and not grouped:
        return False
    if not found:
        del filters["slice"]
    return True
