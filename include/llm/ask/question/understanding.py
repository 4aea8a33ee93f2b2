"""A question about figures in parts: what it names, of which months, told apart by what, in what order, in which form.

Nothing is decided here about tables; `routing/` finds the measure that explains every word.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set

from include.llm.ask.meanings.everyday import idle_in
from include.llm.ask.meanings.lexicon import lexicon
from include.llm.ask.meanings.measure import Measure, Phrase
from include.llm.ask.meanings.measures import measures
from include.llm.ask.question.form import form_of, is_averaged, is_held_apart, is_told
from include.llm.ask.question.grouping import groups_in, quantified_in, without_shapes
from include.llm.ask.question.months_named import when_of
from include.llm.ask.question.naming import names_in
from include.llm.ask.question.numbers import limits_named, numbers_in, without_percent
from include.llm.ask.question.ordering import is_no_order, ranks_in
from include.llm.ask.question.understood import Named, Understood, longest
from include.llm.ask.question.vocabulary import measured, mend, written_out
from include.llm.words import tokens

WHOLE_NAMES = ("column", "reason", "family")
"""Kinds whose names are no nouns to group by: miles per hour, the pickup hour."""
LONGEST_PHRASE = 10
_TOPIC = re.compile(
    r"^\s*(?:(?:please|pls|hi|hello|hey|ok|so|and|then|well|(?:can|could|would|will) you(?: please)?(?: tell|"
    r" show| give)?(?: me| us)?|"
    r"tell me|i mean|say|listen|do you know|i (?:want|would like|need) to know|i wonder)\b[,!\s]*)+",
    re.IGNORECASE,
)

_CALLED = re.compile(
    r"^(?!\s*(?:if|when|what|which|how|is|are|was|were|do|does|did)\b)[^:?]{0,40}\b(?:question|questions|q|query|request|check|ask|asking|one|here|note|quickie|colleague)\s*[:,.\u2013-]\s+(?=\S)",
    re.IGNORECASE,
)
"""Manager question: ..., on-call here. ..."""
_ORDINAL = re.compile(r"(?<!\ba )(?<!\bone )(?<!\bper )(?<!\d )\bsecond\b(?!.*\bseconds\b)")
"""Second in an order: no time is asked for."""
_RIGHTED = re.compile(r"^.*(?:\.\.\.|[,;.?-])\s*(?:or rather|no wait|i mean|sorry)\b\s*[:,]\s*(?=\S)", re.IGNORECASE)
"""What is put right: the widest gap... or rather: the least gain."""
_PART_OF_DAY = re.compile(
    r"\b(?:when|at what point|at which point) (?:during|in|of|over|within) (?:the|a) day\b", re.IGNORECASE
)
_ASIDE = re.compile(r"\b(?:i mean|i guess|you know|if any|if you can|because of (?:this|that|it))\b", re.IGNORECASE)
_UNIT = re.compile(
    r"\s*(?:[,(]\s*(?:in\s+)?|\bin\s+)(?:min|mins|sec|secs|usd|\$|dollars)\s*"
    r"(?:please|pls|plz)?(?:\)|(?=[?.!]*\s*$))",
    re.IGNORECASE,
)
"""The unit of the answer, in brackets or at the end."""


def understand(question: str) -> Understood:
    """Any text -> its parts; a text that names nothing has none."""
    when, rest = when_of(without_manners(question))
    words, mended = mend(limits_named(written_out(tokens(rest))))
    words, percent = without_percent(words)
    spans = list(_spans(words))
    named = names_in(words, spans)
    words_of = lexicon()
    orders = longest(
        [*(Named("order", words_of.orders[p], i, j) for i, j, p in spans if p in words_of.orders), *ranks_in(words)]
    )
    certain = tuple(n for n in named if not n.optional)
    whole = [n for n in certain if n.kind != "stage"]
    orders = tuple(o for o in orders if not any(o.span < n.span for n in whole))  # high in high tip is no order
    asked_how = [o for o in orders if is_no_order(o, words)]
    orders = tuple(o for o in orders if o not in asked_how)
    shapes = [Named("shape", words_of.shapes[p], i, j) for i, j, p in spans if p in words_of.shapes]
    groups = without_shapes(groups_in(words, spans, orders), longest(shapes))
    groups = tuple(g for g in groups if not any(g.span < n.span for n in certain if n.kind in WHOLE_NAMES))
    named = tuple(n for n in named if n.kind != "weekday" or not any(n.span == g.span for g in groups))
    timed = [span for span in spans if span[2] != ("second",) or not _ORDINAL.search(question.lower())]
    said = _measures_said(words, timed, {n.kind for n in named} | {g.value for g in groups if g.kind == "group"})
    covered = idle_in(words, words_of.harmless).union(
        *(n.span for n in (*certain, *orders, *asked_how, *shapes, *groups)), ()
    )
    return Understood(
        tuple(words),
        when,
        named,
        said,
        groups,
        orders,
        _with_meanings(frozenset(n.value for n in longest(shapes))),
        frozenset(covered),
        numbers_in(words, certain, percent),
        _form(words, question, rest, orders),
        percent,
        quantified_in(words, spans),
        mended,
    )


def _with_meanings(shapes: frozenset[str]) -> frozenset[str]:
    """By what percentage asks for a difference, and for a share of the second."""
    return shapes | {"difference", "share"} if "relative" in shapes else shapes


def _form(words: Sequence[str], question: str, rest: str, orders: Sequence[Named]) -> str:
    form = form_of(words, tokens(question.partition(":")[2])) or _form_behind(rest)
    if not form and question.rstrip().endswith("?") and is_held_apart(words, [order.last for order in orders]):
        return "yes"
    return "" if form == "yes" and is_told(question) else form


def _form_behind(text: str) -> str:
    """Mean duration: was it longer in March? The form is that of what stands behind a colon or a dash."""
    behind = re.split(r"[:;]|\s-+\s", text)[-1]
    return form_of(tokens(behind)) if behind != text else ""


def _measures_said(
    words: Sequence[str], spans: Sequence[tuple[int, int, Phrase]], named: Set[str]
) -> dict[str, tuple[frozenset[int], ...]]:
    """Measures with the places where they are called; weak words are enough where a name implies the measure."""
    found: dict[str, list[frozenset[int]]] = {}
    averaged = is_averaged(words)
    for first, last, phrase in spans:
        for measure in measured().get(phrase, ()):
            if averaged or phrase not in measures()[measure].averaged:
                found.setdefault(measure, []).append(frozenset(range(first, last)))
    apart = {name: places for name, measure in measures().items() if (places := _said_apart(measure, spans))}
    for name, places in apart.items():
        found.setdefault(name, []).extend(places)
    return {
        name: tuple(places)
        for name, places in found.items()
        if name in apart or named & set(measures()[name].implied_by) or _is_named(words, measures()[name], places)
    }


def _said_apart(measure: Measure, spans: Sequence[tuple[int, int, Phrase]]) -> list[frozenset[int]]:
    """The places of words that name a measure together, wherever they stand."""
    found = []
    for sets in measure.together:
        places = [_all_of(ways, spans) for ways in sets]
        if all(places):
            found.append(frozenset[int]().union(*places))
    return found


def _all_of(ways: Sequence[Phrase], spans: Sequence[tuple[int, int, Phrase]]) -> frozenset[int]:
    """Where any of these phrases stands; nowhere for none."""
    return frozenset[int]().union(*(range(first, last) for first, last, phrase in spans if phrase in ways))


def without_manners(question: str) -> str:
    """The question without how it is introduced, and without the unit that it wants at its end: audit q: ..., min."""
    question = _PART_OF_DAY.sub("which part of the day", _RIGHTED.sub("", question))
    return _UNIT.sub(" ", _TOPIC.sub("", _CALLED.sub("", _ASIDE.sub(" ", question))))


def _is_named(words: Sequence[str], measure: Measure, places: Sequence[frozenset[int]]) -> bool:
    """Some of the words are not merely weak ones."""
    return any(tuple(words[min(span) : max(span) + 1]) in (*measure.words, *measure.averaged) for span in places)


def _spans(words: Sequence[str]) -> list[tuple[int, int, Phrase]]:
    return [
        (first, last, tuple(words[first:last]))
        for first in range(len(words))
        for last in range(first + 1, min(first + LONGEST_PHRASE, len(words)) + 1)
    ]
