"""Rows are told apart by the nouns that are asked for: which zone, per day, the busiest hour."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from include.llm.ask.meanings.lexicon import lexicon
from include.llm.ask.meanings.measure import Phrase
from include.llm.ask.question.form import AVERAGES
from include.llm.ask.question.understood import Named, longest

GRAINS = {"daily": "day", "monthly": "month", "hourly": "hour"}
"""Words that tell rows apart by themselves."""
QUANTIFIERS = {"all": "all", "every": "all", "each": "all", "both": "all", "any": "any", "some": "any"}
MODELS = frozenset({("champion",), ("challenger",), ("model",), ("champ",), ("baseline",), ("champion", "model")})
"""What is told apart by the model that it is."""
HEADS = (["with"], ["that"], ["where"], ["whose"], ["having"], ["of"], ["when"])
"""What follows a noun that is asked for by itself: time of day with the lowest loss."""
WHOLE = frozenset(
    {"month", "service", "family", "borough", "weekday", "hour", "zone", "target", "reason", "slice", "band", "pair"}
)

REACH = 6
AMOUNTS = frozenset({"most", "fewest", "more", "fewer", "least"})
"""What stands before things that are counted."""
IDLE = frozenset({"distinct", "different", "unique", "of", "the", "our", "all", "possible", "separate", "known"})
"""What may stand between how many and what is counted."""
COMPOUNDED = frozenset({"row", "record", "check", "test", "expectation", "statistic", "suite", "load", "entry"})
"""What a noun before it only tells the kind of: feature rows."""
OF_SEVERAL = frozenset(
    {"of", "the", "our", "two", "three", "four", "five", "six", "seven", "both", "all", "these", "those"}
)
"""What stands between which and the things of which one is asked for."""
HAVING = frozenset({"with", "having", "has", "had", "of", "by"})
"""What stands between a noun and the order that picks one of them: the column with the most outliers."""


def without_shapes(groups: tuple[Named, ...], shapes: Sequence[Named]) -> tuple[Named, ...]:
    """What part of the trips asks for a share, not for a part by name."""
    return tuple(g for g in groups if not any(g.span < s.span for s in shapes))


def groups_in(
    words: Sequence[str], spans: Sequence[tuple[int, int, Phrase]], orders: Sequence[Named]
) -> tuple[Named, ...]:
    """Nouns that are asked for: near after which, what, whose, or a superlative, and after per, each, by, many."""
    known = lexicon().groups
    nouns = longest([Named("group", known[p], i, j) for i, j, p in spans if p in known])
    asking = ("which", "what", "whose", "whichever")
    opened = [i for i, word in enumerate(words) if word in asking and (i == 0 or words[i - 1] != "by")]
    ranked = [n.last for n in orders if n.value not in ("more",)]
    told = [i for i, word in enumerate(words) if word in ("per", "each", "by", "every", "many")]
    counted = [i + 1 for i, pair in enumerate(pairwise(words)) if pair in (("number", "of"), ("count", "of"))]
    told = sorted([*told, *counted])
    found = [Named("group", GRAINS[word], i, i + 1) for i, word in enumerate(words) if word in GRAINS]
    found += [
        Named("group", noun.value, noun.first, noun.last)
        for noun in nouns
        if noun.first and words[noun.first - 1] in (*AVERAGES, "typical") and noun.value in GRAINS.values()
    ]
    asked_for = [n for n in nouns if _is_near(n, opened, words)]
    for noun in nouns:
        near = noun in asked_for
        if set(asked_for) - {noun} and words[noun.first - 1] in AMOUNTS:
            continue  # which suite has the most expectations
        if noun.value == "column" and COMPOUNDED & set(words[noun.last : noun.last + 1]):
            continue
        best = any(0 <= noun.first - last <= 1 for last in ranked)
        split = [i for i in told if i < noun.first and _only_narrows(words[i + 1 : noun.first], noun)]
        best = best or any(n.first - noun.last in (1, 2) and words[noun.last] in HAVING for n in orders)
        best = best or (
            bool(orders)
            and not opened
            and bool({"any", "all", "among"} & set(words[max(0, noun.first - 2) : noun.first]))
        )
        headed = noun.first <= 2 and bool(orders) and words[noun.last : noun.last + 1] in HEADS
        of_many = any(0 < noun.first - i <= 2 for i in counted)
        if near or best or split or headed or (of_many and noun.value == "run"):
            found.append(
                Named(
                    "many" if of_many or (split and (words[split[-1]] == "many" or split[-1] in counted)) else "group",
                    noun.value,
                    noun.first,
                    noun.last,
                )
            )
    return tuple(found) or _which_one(words, nouns, orders)


def quantified_in(words: Sequence[str], spans: Sequence[tuple[int, int, Phrase]]) -> tuple[Named, ...]:
    """For each target, all three yellow champions, any model: nouns shortly behind such a word."""
    known = lexicon().groups
    nouns = longest(
        [Named("", "model" if p in MODELS else known[p], i, j) for i, j, p in spans if p in known or p in MODELS]
    )
    found, end = [], 0
    for noun in nouns:
        between = range(max(end, noun.first - 5), noun.first)
        said = [QUANTIFIERS[words[i]] for i in between if words[i] in QUANTIFIERS]
        if said and not {"is", "are", "was", "were", "in", "on", "for", "than", "from", "same", "come", "have"} & set(
            _behind(words, between)
        ):
            found.append(Named(said[-1], noun.value, noun.first, noun.last))
        elif words[noun.last : noun.last + 1] in (["all"], ["each"], ["both"]):
            found.append(Named("all", noun.value, noun.first, noun.last))
        end = noun.last
    return tuple(found)


def _only_narrows(between: Sequence[str], noun: Named) -> bool:
    """How many different families; of families, fits and models also how many green fare families."""
    rest = [word for word in between if word not in IDLE | OF_SEVERAL]
    return not rest or (noun.value in ("family", "run", "model") and len(rest) <= 3 and set(rest) <= _modifiers())


@cache
def _modifiers() -> frozenset[str]:
    """Words that say which models: of what service and target, and on which days."""
    kinds = {"service", "target", "days"}
    named = (phrase for phrase, names in lexicon().slots.items() if kinds & {kind for kind, _ in names})
    return frozenset(word for phrase in named if len(phrase) == 1 for word in phrase) | {"model"}


def _behind(words: Sequence[str], between: range) -> list[str]:
    """The words behind the last such word."""
    last = max(i for i in between if words[i] in QUANTIFIERS)
    return [words[i] for i in between if i > last]


def _is_near(noun: Named, opened: Sequence[int], words: Sequence[str]) -> bool:
    """Shortly after which or what, and nothing else is asked for between them."""
    return any(0 < noun.first - i <= REACH and not _interrupted(words[i + 1 : noun.first]) for i in opened)


def _which_one(words: Sequence[str], nouns: Sequence[Named], orders: Sequence[Named]) -> tuple[Named, ...]:
    """Of the three months, which one has the most: the noun stands before its question, or after `of`."""
    if not orders or not {"which", "who", "whose"} & set(words):
        return ()
    among = [
        n for n in nouns if n.first and {*words[max(0, n.first - 4) : n.first]} & {"of", "among", "all", "between"}
    ]
    return tuple(n for n in among if n.value in WHOLE)[:1]


def _interrupted(between: Sequence[str]) -> bool:
    """Something else is asked for first: what is the mae of the family. Which of the two services asks for services."""
    if list(between[:1]) == ["of"]:
        between = [word for word in between if word not in OF_SEVERAL and not word.isdigit()]
        between = [word for word in between if word not in _modifiers()]
    return any(
        word in ("is", "are", "was", "were", "of", "the", "a", "did", "does", "do", "in", "for") for word in between[1:]
    ) or (bool(between) and between[0] in ("is", "was", "are", "were", "do", "does", "did"))
