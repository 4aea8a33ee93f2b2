"""A search looks for stems: words without their endings, names with their parts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from include.llm.words import tokens

_STOP = """
a an the is are was were be been do does did of in on at to for from by with and or what which who how why when where i
you we it its this that these those there my your our me us can could should would will shall may must have has had not
no so if as than then please tell show give explain mean meaning define definition about into any some all many much one
get use used using exactly work works working happen happens need want know way thing here just only please hey hi stand
called
"""
STOP = frozenset((*tokens(_STOP), "%", "$", "#"))
_IRREGULAR = """
die: died dies dying dead; lose: lost loses; run: ran running; go: went going gone; break: broke broken; say: said
write: wrote written; build: built; send: sent; keep: kept; take: took taken; choose: chose chosen; make: made
hold: held; stand: stood; begin: began begun; give: gave given; show: shown; know: knew known; tell: told; find: found
meet: met; grow: grew grown; forget: forgot forgotten; steal: stole stolen; mean: meant; pay: paid; spend: spent
throw: threw thrown; learn: learnt; fall: fell fallen; leave: left; see: saw seen; buy: bought; come: came; feel: felt
draw: drew drawn; drive: drove driven; try: tried; hide: hid hidden; get: got gotten
"""
IRREGULAR = {
    form: verb for entry in re.split(r"[;\n]", _IRREGULAR) if ":" in entry
    for verb, forms in [entry.strip().split(": ")] for form in forms.split()
}  # fmt: skip
_ENDINGS = (
    "ations", "ation", "ators", "ator", "ating", "ated", "ates", "ate", "ments", "ment", "ness", "ively", "ive", "ings",
    "ing", "ions", "ion", "ally", "als", "al", "ers", "er", "ors", "or", "ies", "ied", "ed", "es", "ly", "y", "e", "s",
)  # fmt: skip
SHORTEST = 4
"""Letters that a stem has; a word of as many stays as it is."""
_SHORT = re.compile(r"(?=[a-z]{0,2}[aeiouy])([a-z]{2}[^aeiou])(?:ed|ing)")
_CUT_E = re.compile(r"[^aeiou][aeiou][^aeiouywx]")
"""Verbs of three letters before -ed or -ing: added and paying are add and pay, tuned and firing lost an e."""
_CAMEL = re.compile(r"\b(?:[A-Z][a-z]+){2,}\b")
_COMMAND = re.compile(r"\bmake ([a-z]+(?:-[a-z0-9]+)*)")


@lru_cache(maxsize=8192)
def stems_in(text: str) -> tuple[str, ...]:
    """The stems of a text in order; names (TaxiDegraded, promotion_log, make db-shell) come with their parts."""
    return tuple(stem(part) for word in tokens(_opened(text)) for part in parts_of(word))


@lru_cache(maxsize=8192)
def stems_of(text: str) -> frozenset[str]:
    """The stems of a text, each once."""
    return frozenset(stems_in(text))


def parts_of(word: str) -> Iterator[str]:
    """A word itself, and the parts of a_name."""
    yield word
    if "_" in word:
        yield from (part for part in word.split("_") if part)


def words_in(question: str) -> list[str]:
    """The words of a question as they are searched for: names opened, no stems yet."""
    return tokens(_opened(question))


@cache
def stem(word: str) -> str:
    """A word without its endings, so that promoted, promotes and promotion are one; numbers and short words stay."""
    word = IRREGULAR.get(word, word)
    if not word.isalpha() or len(word) <= SHORTEST:
        return word
    if short := _SHORT.fullmatch(word):
        return f"{short[1]}e" if _CUT_E.fullmatch(short[1]) else short[1]
    for _ in range(2):
        ending = next((e for e in _ENDINGS if word.endswith(e) and len(word) - len(e) >= SHORTEST), "")
        word = _single(word[: -len(ending)]) if ending else word
    return word


def _single(word: str) -> str:
    """Stopp is stop; fall, pass and buzz stay."""
    doubled = len(word) > SHORTEST and word[-1] == word[-2] and word[-1] not in "lsz"
    return word[:-1] if doubled else word


def _opened(text: str) -> str:
    split = _CAMEL.sub(lambda found: f"{found[0]} {re.sub(r'(?<=[a-z])(?=[A-Z])', ' ', found[0])}", text)
    return _COMMAND.sub(lambda found: f"{found[0]} make_{found[1].replace('-', '_')}", split)
