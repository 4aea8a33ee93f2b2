"""A search looks for stems, without the words that every question has."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache

from include.llm.words import tokens

_STOP = """
a an the is are was were be been do does did of in on at to for from by with and or what which who how why when where i
you we it its this that these those there my your our me us can could should would will shall may must have has had not
no so if as than then please tell show give explain mean meaning define definition about into any some all many much one
get use used using exactly work works working happen happens need want know way thing here just only please hey hi stand
called
"""
STOP = frozenset(tokens(_STOP))


def terms_of(question: str, extra: Iterable[str] = ()) -> list[str]:
    """The words of a question that a search looks for, each once, parts of a_name among them."""
    said = [word for word in (*tokens(question), *extra) if word not in STOP and word not in ("%", "$", "#")]
    parts = [part for word in said for part in (word, *(word.split("_") if "_" in word else ()))]
    return list(dict.fromkeys(part for part in parts if part and part not in STOP))[:40]


@lru_cache(maxsize=8192)
def stems_of(text: str) -> frozenset[str]:
    """The words of a text without their endings, parts of a_name among them."""
    return frozenset(
        stem(word) for token in tokens(text) for word in (token, *(token.split("_") if "_" in token else ()))
    )


@cache
def stem(word: str) -> str:
    """A word without its ending, well enough to find promoted by promotion; numbers and names stay."""
    if not word.isalpha() or len(word) < 5:
        return word
    for ending in (
        "ations",
        "ation",
        "ments",
        "ment",
        "ings",
        "ing",
        "ions",
        "ion",
        "ers",
        "ed",
        "er",
        "es",
        "e",
        "ly",
        "s",
    ):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word
