"""How a question is put tells what answers it: yes or no, a name, a count, an average."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import pairwise

AUXILIARY = frozenset(
    ["is", "are", "was", "were", "do", "doe", "does", "did", "ha", "has", "have", "had", "can", "could"]
)
OPENERS = frozenset(["which", "what", "who", "whose", "when", "where", "how", "why"])
LEADING = frozenset(
    [
        "for",
        "in",
        "on",
        "of",
        "among",
        "after",
        "before",
        "by",
        "at",
        "within",
        "with",
        "over",
        "between",
        "during",
        "according",
        "compared",
    ]
)
"""What a clause before the question begins with: for yellow fares, did xgboost win?"""
AVERAGES = frozenset({"average", "avg", "mean", "averaged"})

COUNT_ASKED = re.compile(
    r"\b(?:count|number|figure)(?: (?:please|pls|plz|thank|thx))*$|"
    r"\b(?:number|count) of [\w ]+ (?:please|pls|plz)$|"
    r"\b(?:give|tell|show|need|want|get) (?:me |us |just |only )*(?:the |a |that )?(?:count|number|figure)\b"
)
"""A count is asked for after all: any failures? give me the number."""


_TOLD = re.compile(
    r"[?.!]\s*(?:please |pls |and |just |also |so )*"
    r"(?:give|tell|show|state|report|quote|name|i (?:need|want)|(?:i'd|id) like)\s+"
    r"(?:(?:me|us|to|know|see) )*(?:the|its|that|their|what)\b(?!.*\b(?:whether|if|yes)\b)"
)
"""What is wanted after all is said in a sentence of its own: does it hold? Give me the coverage."""


def is_held_apart(words: Sequence[str], ends: Sequence[int]) -> bool:
    """Green durations: rmse of the champion lower than that of the baseline? No verb, and yes or no all the same."""
    compared = any("than" in words[end : end + 3] for end in ends)
    return compared and "or" not in words and not {"by", "much", "difference", "gap", "far"} & set(words)


_NOUN_TOLD = re.compile(
    r"\?\s*(?:the |just )*(?!yes|no\b|answer|true|short|quick)[a-z0-9 _-]{2,30} (?:please|pls|plz)\W*$"
)
"""Is it any good? MAE please."""


def is_told(text: str) -> bool:
    """Whether a figure is asked for behind a question."""
    return bool(_TOLD.search(text.lower()) or _NOUN_TOLD.search(text.lower()))


def is_averaged(words: Sequence[str]) -> bool:
    """An average is asked for: by its name, or as so much for each trip."""
    each = any(word in ("per", "each", "a") and after in ("trip", "ride", "journey") for word, after in pairwise(words))
    return (each and "a" not in words[:1]) or averages_alone(words, frozenset())


def _asks_how_many(words: Sequence[str]) -> bool:
    """How many, but not: and by how many."""
    return any(pair == ("how", "many") and words[at - 1] != "by" for at, pair in enumerate(pairwise(words)) if at)


def averages_alone(words: Sequence[str], covered: Collection[int]) -> bool:
    """An average is asked for by words that belong to no name: mean, but not that of mean absolute error; per fit."""
    per_fit = any(word in ("per", "each") and after in ("fit", "run") for word, after in pairwise(words))
    return per_fit or any(word in AVERAGES and place not in covered for place, word in enumerate(words))


def _only_joins(words: Sequence[str], at: int) -> bool:
    """When trained for fares, how many did it see; the gain when it got promoted; the reason why: nothing is asked."""
    word, after = words[at], words[at + 1 : at + 2]
    if word == "why":
        return bool({"reason", "cause"} & set(words[max(0, at - 1) : at]))
    if word != "when" or not after or after[0] in AUXILIARY:
        return word == "when" and "how" in words[at:]
    return at > 0 or bool(OPENERS & set(words[1:]))


def _asks_when(behind: Sequence[str]) -> bool:
    """At what time was it loaded, but not: at what time of day."""
    return behind[:1] in (["time"], ["date"], ["moment"], ["timestamp"]) and behind[1:2] != ["of"]


def form_of(words: Sequence[str], clause: Sequence[str] = ()) -> str:
    """yes for a question that yes or no answers, which, many, when, why, how or ""; `clause` stands after a colon."""
    if COUNT_ASKED.search(" ".join(words)):
        return "many"
    if words[:1] == ["any"] or set(clause[:1]) & AUXILIARY:
        return "many" if words[:1] == ["any"] and list(words[-2:]) == ["how", "many"] else "yes"
    first = next((i for i, word in enumerate(words) if word in AUXILIARY or word in OPENERS), None)
    leads = first is not None and words[0] in LEADING and not _asks_how_many(words)
    if first is not None and words[first] in AUXILIARY and (first == 0 or leads):
        return "yes"
    if first is not None and words[first] in AUXILIARY and words[first + 1 : first + 2] in (["that"], ["it"], ["they"]):
        return "yes"  # unknown zones: did that get better?
    for i, word in enumerate(words):
        if word == "how" and i + 1 < len(words) and words[i + 1] in ("many", "much"):
            return "many"
        if _only_joins(words, i):
            continue
        if word in ("what", "which") and _asks_when(words[i + 1 : i + 3]):
            return "when"
        if word in ("which", "what", "who", "whose", "when", "why", "how"):
            return {"what": "which", "whose": "which", "who": "which"}.get(word, word)
    counted = any(pair in (("number", "of"), ("count", "of")) for pair in pairwise(words[:4]))
    return "many" if counted else ""
