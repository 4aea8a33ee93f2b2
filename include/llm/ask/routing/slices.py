"""Parts of a month are hours, pairs of boroughs or zones, and others with a name; `hours *` means all of a kind."""

from __future__ import annotations

import re
from collections.abc import Sequence

from include.llm.ask.figures.exploding import OVERALL
from include.llm.ask.question.understood import Named, Understood
from include.llm.ask.routing.sides import side_of

KINDS = {
    "slice": "",
    "band": "hours *",
    "hour": "hours *",
    "pair": "route *",
    "borough": "boroughs *",
    "zone": "route *",
}
"""Nouns that parts are told apart by -> the parts that they mean."""
INSIDE = frozenset({"within", "inside", "intra", "internal", "stay", "stayed", "staying"})
_WHOLE = (
    ("all", "ride"), ("overall",), ("in", "general"), ("on", "the", "whole"), ("whole", "month"), ("all", "trip"),
    ("as", "a", "whole"),
)  # fmt: skip
_USUAL = re.compile(
    r"\b(?:than|to|from|and|with|against|v|versus) (?:the |a |an |on )*(?:average|typical|usual|normal) "
    r"(?:\w+ ){0,2}(?:trip|ride|one)\b"
)
_REST = re.compile(
    r"\b(?:than|or|to|with|against|v|versus) (?:on |at |in |for )?(?:the |all |every )*"
    r"(?:rest|others?|else\w*|(?:other|remaining) (?:trip|ride|one)|everything else|everywhere else)\b"
)
"""What is not of a part is worse where the whole is."""
_LIMITS = (("at", "least"), ("more", "than"), ("with",), ("over",), ("than",))


def find_slices(asked: Understood, filters: dict[str, list[str]], used: set[frozenset[int]]) -> bool:
    """Which parts of a month are asked for; `filters` gets their names, or patterns of them, as `slice`.

    False where none is, or where a place is named that is no part by itself.
    """
    found = [(n.value, [n]) for n in asked.named if n.kind == "slice"]
    kinds = [KINDS[g.value] for g in asked.groups if g.value in KINDS]
    for kind, prefix, sign in (("borough", "boroughs ", " > "), ("zone", "route ", "-")):
        named = [n for n in asked.named if n.kind == kind]
        pairs = _pairs(named, asked)
        if not pairs and len(named) == 1 and kinds:
            ends = [named[0].value, "*"] if side_of(named[0], asked) == "pickup" else ["*", named[0].value]
            found, kinds = [*found, (prefix + sign.join(ends), named)], []
        elif named and not pairs:
            return False
        used.update(n.span for n in named)
        found += [(f"{prefix}{a.value}{sign}{b.value}", [a, b]) for a, b in pairs]
    used.update(n.span for _, parts in found for n in parts)
    names = list(dict.fromkeys(name for name, _ in found))
    if kinds and kinds[0]:
        names = [*(name for name in names if not name.startswith(kinds[0][:-1])), kinds[0]]
    if len(names) == 1 and _is_whole_too(asked):
        names.append(OVERALL)
    filters |= {"slice": names} if names else {}
    filters |= {"least_rows": [least]} if (least := least_rows(asked)[1]) else {}
    return bool(names or kinds)


def _pairs(named: Sequence[Named], asked: Understood) -> list[tuple[Named, Named]]:
    """From one place to another, or within one; the same pair said twice is one."""
    if len(named) == 1 and INSIDE & set(asked.words):
        return [(named[0], named[0])]
    if len(named) % 2:
        return []
    pairs = [(a, b) for a, b in zip(named[::2], named[1::2], strict=True)]
    turned = [
        (b, a) if side_of(a, asked) == "dropoff" and "from" in asked.words[a.last : b.first] else (a, b)
        for a, b in pairs
    ]
    return list({(a.value, b.value): (a, b) for a, b in turned}.values())


def _is_whole_too(asked: Understood) -> bool:
    """Worse at airports than overall: the month as a whole is the other side."""
    against = bool(asked.orders) or "difference" in asked.shapes
    rest = asked.form in ("yes", "which") and _REST.search(" ".join(asked.words)) is not None
    usual = rest or _USUAL.search(" ".join(asked.words)) is not None
    whole = any(asked.words[i : i + len(said)] == said for said in _WHOLE for i in range(len(asked.words)))
    return against and (usual or whole)


def least_rows(asked: Understood) -> tuple[int, str]:
    """With at least 100 trips: where it stands and the number that a part must have; (-1, "") where none is said."""
    for place, number in asked.numbers:
        after = asked.words[place + 1 : place + 4]
        before = asked.words[max(0, place - 3) : place]
        limits = after[:2] == ("or", "more") or any(
            before[i : i + len(said)] == said for said in _LIMITS for i in range(len(before))
        )
        if limits and {"trip", "row", "ride"} & set(asked.words[place + 1 : place + 5]) and number >= 1:
            return place, str(int(number) + (before[-2:] == ("more", "than")))
    return -1, ""
