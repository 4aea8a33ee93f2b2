"""A figure is asked for when the words say so and none of them asks for a definition."""

from __future__ import annotations

import re

from include.llm.ask.answering import Answer
from include.llm.ask.defining import DEFINES, OUTRIGHT
from include.llm.ask.meanings.measures import measures
from include.llm.ask.question.form import averages_alone
from include.llm.ask.question.understood import OPTIONAL, Understood
from include.llm.ask.routing.between import between_of
from include.llm.ask.routing.fit import Fit, own_words
from include.llm.ask.routing.router import fits_of
from include.llm.ask.routing.shaping import DATED
from include.llm.pages import documented

FIGURE = re.compile(
    r"\b(?:how (?:many|much)|what (?:was|were)|average|mean|total|number of|share|percent\w*|median|count of|"
    r"sum of|highest|lowest|most|least|fewest|maximum|minimum|mae|rmse|error|loss|score|how (?:old|long|far|good|"
    r"fast|well))\b"
)


PAST = frozenset({"did", "was", "were", "ha", "has", "have", "had"})
"""What opens a question on what happened, which no page tells."""


def figure_of(asked: Understood, question: str) -> Fit | None:
    """The measure that a question asks for, when it asks for a figure and every word of it is explained."""
    text = question.lower()
    fits = fits_of(asked)
    if not fits or fits[0].left:
        return None
    held_apart = bool(asked.orders) and any(len(values) > 1 for values in fits[0].filters.values())
    if (
        documented.kind_of(question) == "howto"
        and not held_apart
        and not (asked.form == "yes" and asked.words[0] in PAST)
        and not re.search(
            r"\bwhere .*\bcomes? from\b|\bhow (?:do|does|did|can) .*\b(?:compare|perform|differ|rank)\b", text
        )
    ):
        return None
    certain = bool(asked.when or asked.values("service") or asked.values("zone") or asked.values("version"))
    counted = asked.form == "many" and bool(asked.when)  # how many values of March count as outliers
    if DEFINES.search(text) and not (certain and (counted or not OUTRIGHT.search(text))):
        return None
    return fits[0] if certain or _is_quantity(asked, fits[0]) else None


def is_of_pages(question: str, asked: Understood) -> bool:
    """What is defined, or how something is done, stands in the documentation; where most trips begin does not."""
    text = question.lower()
    certain = bool(asked.when or asked.values("service") or asked.values("zone"))
    defines = bool(DEFINES.search(text)) and (not certain or bool(OUTRIGHT.search(text)))
    return defines or (documented.kind_of(question) == "howto" and not (certain and text.lstrip().startswith("where")))


def is_of_removals(asked: Understood) -> bool:
    """Dropped for being too long: a reason beside a word of removal asks for what cleaning set aside."""
    return bool(asked.values("reason")) and bool(asked.values("unkept") or own_words(asked, measures()["quarantined"]))


_WHAT_IS = re.compile(r"^\W*what(?:'?s| is| are)\b")


def is_bare(answer: Answer, asked: Understood, question: str) -> bool:
    """No figure was found for a few words that name no month, service, place or count: a page may explain
    them."""
    text = question.lower()
    kinds = ("service", "zone", "borough", "version", *(() if _WHAT_IS.search(text) else ("family",)))
    placed = bool(asked.when) or any(asked.values(kind) for kind in kinds)
    return answer.abstained and not answer.facts and not placed and not FIGURE.search(text)


def two_figures_of(asked: Understood, question: str) -> tuple[Fit, Fit] | None:
    """Two measures whose difference or ratio is asked for, where no single one answers."""
    return None if DEFINES.search(question.lower()) else between_of(asked)


def _is_quantity(asked: Understood, fit: Fit) -> bool:
    """Without a service and a month, the form tells: how many, which ... most, or a value held against another."""
    named = any(
        asked.values(kind)
        for kind in (
            "target",
            "family",
            "borough",
            "reason",
            "payment",
            "table",
            "slice",
            "column",
            "expectation",
            "age",
            *OPTIONAL,
        )
    )
    if asked.form == "many" or "count" in asked.shapes or "total" in asked.shapes:
        return True
    dated = fit.measure.descending == "newest" and DATED & asked.shapes
    if asked.groups and (asked.orders or named or dated):
        return True
    if asked.form == "" and (fit.measure.everywhere or averages_alone(asked.words, ()) or _is_called(asked, fit)):
        return True
    if asked.form == "when" and fit.measure.everywhere:
        return True
    if asked.form == "yes":
        told = asked.words[0] in PAST or asked.words[0] == "any"
        return named or bool(asked.numbers) or fit.measure.everywhere or (told and fit.measure.adds)
    modelled = any(asked.values(kind) for kind in ("target", "family", "borough", "reason", "payment", "expectation"))
    scored = bool(asked.values("role")) and fit.measure.source.name in ("contest", "weighed")
    return scored or (modelled and bool(asked.values("role") or fit.filters))


def _is_called(asked: Understood, fit: Fit) -> bool:
    """Earlier months needed before drift gives a verdict: words that stand apart name the measure together."""
    together = [{len(phrase) for phrase in ways} for sets in fit.measure.together for ways in sets]
    longest = max((len(span) for span in asked.said.get(fit.measure.name, ())), default=0)
    return bool(together) and fit.measure.unit != "name" and longest > 2


def wants_figure(asked: Understood, question: str) -> bool:
    """A figure of a month, a service or a place is asked for, and no measure explains it."""
    placed = bool(asked.when or asked.values("service") or asked.values("zone") or asked.values("borough"))
    text = question.lower()
    said = bool(FIGURE.search(text) or asked.said or asked.when) or asked.form == "yes"
    return placed and said and not DEFINES.search(text) and documented.kind_of(question) != "howto"


def not_understood(asked: Understood) -> str:
    """Names what could not be explained, and what can be asked."""
    fits = fits_of(asked)
    left = [word for word in fits[0].left if word.isalpha()] if fits else []
    what = f" Not known here: {', '.join(dict.fromkeys(left))}." if left else ""
    return (
        "I do not know: the tables have no figure of that."
        + what
        + " They have trips, money, miles and minutes by zone, hour and "
        "day, what was quarantined, expectations, fits, champions and their errors."
    )
