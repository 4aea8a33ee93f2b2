"""Words of every day only make a sentence, unless they say something of a trip or a rider, or are what is asked for.

I wonder how many trips ... is a question on trips, how many riders wondered is none; so are trips to a meeting and the
number of presentations. Where such a word restricts, it has to be explained like any other, and nothing does.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import cache

from include.llm.ask.meanings.declarations import declared, words_in
from include.llm.words import tokens

AHEAD = 3
"""Words in which a noun follows what it is called: annoyed yellow taxi riders."""
PAST = ("ed", "en", "wn")
"""Endings of verbs that call a noun something: promised trips."""


@dataclass(frozen=True)
class Everyday:
    """Words by what they are, and those around them by which it is told whether they restrict: see `everyday.yaml`."""

    adverbs: frozenset[str]
    adjectives: frozenset[str]
    verbs: frozenset[str]
    nouns: frozenset[str]
    persons: frozenset[str]
    events: frozenset[str]
    riders: frozenset[str]
    things: frozenset[str]
    hearsay: frozenset[str]
    joining: frozenset[str]
    having: frozenset[str]
    counting: frozenset[str]
    spending: frozenset[str]
    before_nouns: frozenset[str]
    degree: frozenset[str]
    telling: frozenset[str]
    ending: frozenset[str]
    asking: frozenset[str]

    @property
    def words(self) -> frozenset[str]:
        """All that may only make a sentence."""
        return self.adverbs | self.guarded

    @property
    def guarded(self) -> frozenset[str]:
        """Those that restrict in some places."""
        return self.adjectives | self.verbs | self.nouns


@cache
def everyday() -> Everyday:
    """As `everyday.yaml` declares them."""
    kinds = {kind: frozenset(tokens(said)) for kind, said in declared("everyday.yaml").items()}
    kinds["nouns"] |= kinds["persons"] | kinds["events"]
    return Everyday(**kinds)


@cache
def other_words() -> frozenset[str]:
    """Right words that are a letter or two away from known ones and mean something else: white is no slip of while."""
    return frozenset(words_in("other_words.txt").split())


def idle_in(words: Sequence[str], idle: Set[str]) -> frozenset[int]:
    """The places of words that only make a sentence where they stand: those of every day, and the given ones."""
    known = everyday()
    return frozenset(
        at
        for at, word in enumerate(words)
        if (not _restricts(words, at, known) if word in known.guarded else word in known.adverbs or word in idle)
    )


def _restricts(words: Sequence[str], at: int, known: Everyday) -> bool:
    word, before = words[at], words[at - 1] if at else ""
    things = known.riders | known.things
    if word in known.nouns:
        return _is_had(words, at, known) or _is_asked_for(words, at, known)
    of = _noun_before(words, at, known.joining | known.words)
    called = before not in known.telling and _qualifies(words, at, known)
    if word in known.verbs:
        rides = of in known.riders and not _is_hearsay(words, at, known)
        relative = of in things and before in ("that", "which")
        counted = before == "many" or (before == "of" and at > 1 and words[at - 2] in known.counting)
        bought = before in known.having and _is_had(words, at, known)
        return rides or relative or counted or bought or (called and word.endswith(PAST))
    return of in things or before in known.degree or called


def _noun_before(words: Sequence[str], at: int, between: Set[str]) -> str:
    """The noun that a word says something of, before it: riders (who were) confused; "" where it begins the text."""
    return next((word for word in reversed(words[:at]) if word not in between), "")


def _is_had(words: Sequence[str], at: int, known: Everyday) -> bool:
    """Trips with a story; in feature statistics the noun before is a part of the name."""
    things = known.riders | known.things
    behind = at
    while behind and words[behind - 1] in things:
        behind -= 1
    between = (known.joining | known.having | known.words) - known.asking
    return _noun_before(words, behind, between) in things


def _is_asked_for(words: Sequence[str], at: int, known: Everyday) -> bool:
    """How many questions, per report, to a meeting, spent on homework, did my colleague pay."""
    first, word = at, words[at]
    while first and words[first - 1] in known.before_nouns:
        first -= 1
    before, earlier = words[first - 1] if first else "", words[first - 2] if first > 1 else ""
    if before in ("to", "from", "into"):
        return word in known.events
    if before in known.asking:
        return word in known.persons
    return before in known.counting or (before == "on" and earlier in known.spending)


def _qualifies(words: Sequence[str], at: int, known: Everyday) -> bool:
    """Confused riders: a noun of trips or riders stands close behind, with no word between that begins anew."""
    for word in words[at + 1 : at + 1 + AHEAD]:
        if word in known.riders or word in known.things:
            return True
        if word in known.joining or word in known.degree or word in known.ending:
            return False
    return False


def _is_hearsay(words: Sequence[str], at: int, known: Everyday) -> bool:
    """A guest asks, people keep saying: who asks is told, at the beginning."""
    if words[at] not in known.hearsay:
        return False
    first = next((place for place, word in enumerate(words) if word in known.riders), at)
    return first <= 1 and all(word in ("keep", "often", "always", "sometimes") for word in words[first + 1 : at])
