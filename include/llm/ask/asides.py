"""What only introduces, explains or closes a question is left out where it names nothing that would narrow it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from include.llm.ask.question.understanding import understand
from include.llm.ask.question.understood import Understood
from include.llm.ask.routing.router import fits_of
from include.llm.words import tokens

_BRACKETS = re.compile(r"\([^()]*\)")
_TAIL = re.compile(
    r"[\s,;]+(?:and|with)\s+(?:(?:to|by|at|of|from)\s+)?(?:(?:what|how (?:many|much|long|often|far))\b[^,;.?!]{0,30}|"
    r"(?:its|the|their)\s+(?:\w+\s+)?(?:count|number|figure|share|percentage|value|total)s?)[?.!\s]*$",
    re.IGNORECASE,
)
"""What is told with an answer anyhow: which reason, and how many rows?"""
_SENTENCE = re.compile(r"(?<=[.!?;])\s+(?=\S)")
_CHOICES = re.compile(r"\s(?:-+|\u2013|\u2014)\s+(?P<part>[^-:?]*\b(?:or|else|other)\b[^-:?]*)\?*\s*$", re.IGNORECASE)
"""What it could be: ok, warning, alarm, something else?"""
NARROWING = frozenset((
    "only", "just", "about", "consider", "take", "exclude", "excluding", "suppose", "assume", "assuming", "if", "with",
    "without", "except", "not", "those", "where", "when", "of", "by", "than", "you", "your", "now", "pretend",
    "imagine", "act", "ignore", "forget",
))  # fmt: skip
"""Words of a sentence that may narrow the next one, or that give orders."""
CLOSING = frozenset((
    "i", "we", "my", "our", "need", "thank", "thanks", "thx", "ta", "cheers", "asking", "please", "pls", "boss", "it",
    "they", "writing", "preparing", "want", "curious", "urgent", "sorry",
))  # fmt: skip
"""How a sentence begins that only closes a question: need it for a slide."""
FORMS = frozenset({"code", "name", "number", "count", "figure", "id", "key", "label", "value", "word", "no", "date"})
"""What an answer may be given as: the code, please."""
VERDICTS = frozenset({"verdict", "level", "severity"})
LONGEST_LEAD = 12


def understood(question: str) -> Understood:
    """The question's parts; what only goes with it is left out where the whole is not understood."""
    asked = understand(question)
    if _is_explained(asked):
        return _named_first(asked, question)
    shorter = (understand(text) for text in _shortened(question))
    return next((found for found in shorter if _is_explained(found)), asked)


def _named_first(asked: Understood, question: str) -> Understood:
    """Which month, and how many: the name is asked for, and the number is told with it."""
    tail = _TAIL.search(question) if asked.form == "many" and asked.groups and asked.orders else None
    if tail is None:
        return asked
    shorter = understand(question[: tail.start()])
    return shorter if shorter.groups and shorter.orders and _is_explained(shorter) else asked


def _is_explained(asked: Understood) -> bool:
    return any(not fit.left for fit in fits_of(asked)[:1])


def _shortened(question: str) -> Iterator[str]:
    """The question without its brackets, its choices, and the sentences around the one that asks."""
    text = question
    for bracket in _BRACKETS.findall(question):
        text = text.replace(bracket, " ") if _names_nothing(bracket) else text
    if text != question:
        yield text
    if (choices := _CHOICES.search(text)) and _only_verdicts(choices["part"]):
        text = text[: choices.start()]
        yield text
    if tail := _TAIL.search(text):
        text = text[: tail.start()]
        yield text
    sentences = _SENTENCE.split(text)
    asking = [s for place, s in enumerate(sentences) if not _goes_along(s, last=place == len(sentences) - 1)]
    if len(asking) < len(sentences):
        yield " ".join(asking)


def _goes_along(sentence: str, *, last: bool) -> bool:
    """Whether a sentence names nothing and narrows nothing: woke up to no pages; need it for a slide."""
    words = tokens(sentence)
    if not words or len(words) > LONGEST_LEAD or not _names_nothing(sentence):
        return False
    return words[0] in CLOSING if last else not NARROWING & set(words)


def _names_nothing(part: str) -> bool:
    alone = understand(part)
    names = [named for named in alone.named if not named.optional]
    said = [span for spans in alone.said.values() for span in spans if {alone.words[at] for at in span} - FORMS]
    return not (names or alone.when or said or alone.groups)


def _only_verdicts(part: str) -> bool:
    """Ok, warning, alarm, something else: nothing is named but what the answer may be."""
    named = understand(part).named
    return bool(named) and all(each.kind in VERDICTS for each in named)
