"""Of two measures that explain as many words the one wins whose own words say more."""

from __future__ import annotations

from collections.abc import Mapping

from include.llm.ask.meanings.measure import Measure
from include.llm.ask.question.understood import Understood
from include.llm.ask.routing.fit import DATES, IMPLIED

OF_CLEANING = frozenset({"kept_share", "quarantined_share", "reason_share"})
"""Shares that are called as the rows are, and are told where a share is asked for."""
COUNTED = frozenset({"promotions", "rollbacks", "decisions", "versions"})


def score_of(
    measure: Measure,
    asked: Understood,
    spans: list[frozenset[int]],
    filters: Mapping[str, list[str]],
    group: tuple[str, ...],
    roles: list[str],
) -> float:
    """How well the words go with the measure, its rows and the form of the question; more is better."""
    best = max((len(span) for span in spans), default=0)
    role = frozenset[int]().union(*(n.span for n in asked.named if n.kind == "role"))
    explained = 2.0 * sum(len(span) - 0.5 * len(span & role) for span in spans) + best
    optional = [n for n in asked.named if n.optional and n.kind in measure.implied_by]
    explained += 2.0 * sum(len(n.span) for n in optional)
    told_apart = 1.0 * len(filters) + 1.5 * len(group) + 1.5 * bool(roles)
    return (
        explained
        + told_apart
        + _of_amounts(measure, asked, spans)
        + _of_orders(measure, asked, spans, group)
        + _of_rows(measure, asked, spans, {*filters, *group}, "family" in filters and not roles)
        + _of_question_words(measure, asked, group)
    )


def _of_amounts(measure: Measure, asked: Understood, spans: list[frozenset[int]]) -> float:
    """Shares, counts and totals go with the measures that are such."""
    shares, counted, score = "share" in asked.shapes, "count" in asked.shapes, 0.0
    if measure.unit == "share":
        score += 4 if shares else -2 if counted else -3 if measure.name in OF_CLEANING else 0
    elif shares and measure.unit in ("rows", "trips", "values", "comparisons"):
        score -= 1
    said_count = any("number" in asked.words[min(s) : max(s) + 1] for s in spans)
    if counted and not measure.counts and _is_uncounted(measure, asked) and not said_count:
        score -= 4
    if measure.name == "rows_scored" and not counted:
        score -= 4
    if "many" in asked.words[:-1] and counted:
        score += _subject(asked.words.index("many"), spans)
    if "total" in asked.shapes and measure.adds:
        score += 1
    if measure.unit in COUNTED and asked.form == "which" and not {"count", "total"} & asked.shapes:
        score -= 2
    return score


def _of_orders(measure: Measure, asked: Understood, spans: list[frozenset[int]], group: tuple[str, ...]) -> float:
    """The best, the longest: of what nobody named, it is of what that word is mostly said of."""
    score, implied = 0.0, IMPLIED.get(asked.order, ())
    if asked.order not in ("best", "worst") and measure.name in implied:
        score += 3 - 0.1 * implied.index(measure.name)
    if not spans:
        score += 1.5 if asked.order in ("best", "worst", "busy") or (group and group[0] == "family") else 0.5
    return score


def _of_rows(
    measure: Measure, asked: Understood, spans: list[frozenset[int]], told_by: set[str], is_of_a_family: bool
) -> float:
    """What is said of whom: of the champion, of a fit, of a family and not of who met the champion."""
    score = 0.0
    if measure.source.months:
        score -= 3  # trip by trip only where no sums tell it apart
    if measure.source.name in ("statistics", "summary"):
        score -= 0.5  # the sums of a month have the same mean, and more to tell it apart by
    if measure.source.name == "profile" and measure.unit == "column":
        score -= 1  # the greatest of a published file is often no real trip: it is asked for by the file's name
    if "champion" in asked.values("role") and measure.source.name == "champions" and asked.form != "many":
        score += 2
    if measure.name == "fit_seconds" and not (told_by & {"family", "target"}) and not spans:
        score -= 2
    if measure.source.name == "contest" and is_of_a_family:
        score -= 2
    return score


def _of_question_words(measure: Measure, asked: Understood, group: tuple[str, ...]) -> float:
    """When asks for dates, who for a name, how many for a number."""
    score = 0.0
    if asked.form == "when":
        score += 6 if measure.name in DATES else -6
    if group and measure.descending == "newest" and {"newest", "oldest"} & asked.shapes and asked.form == "which":
        score += 4
    if "who" in asked.words and measure.name == "actor":
        score += 4
    if "who" in asked.words[:2] and measure.unit != "name" and not group:
        score -= 6
    if asked.form == "yes" and "all" in asked.shapes and measure.better:
        score += 2  # did all hold asks for what held
    if measure.unit == "name" and asked.form == "many":
        score -= 4
    return score


def _subject(many: int, spans: list[frozenset[int]]) -> float:
    """What stands right behind how many is what is counted."""
    reach = (many + step for step in (1, 2, 3))
    return next((2.5 - 0.5 * step for step, place in enumerate(reach) if any(place in span for span in spans)), 0.0)


def _is_uncounted(measure: Measure, asked: Understood) -> bool:
    """How many asks for a whole number, or for the unit that it names: how many minutes."""
    if measure.unit in ("name", "yes", "zone", "version", "place"):
        return True
    named = {"minutes": "minute", "seconds": "second", "dollars": "dollar", "miles": "mile", "target": "minute"}
    return measure.decimals > 0 and named.get(measure.unit, "") not in asked.words
