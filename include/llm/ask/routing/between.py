"""Two figures of the same rows are held against each other: the gain and its lower bound, mae and rmse."""

from __future__ import annotations

from itertools import permutations

from include.llm.ask.meanings.measure import Measure
from include.llm.ask.meanings.measures import measures
from include.llm.ask.question.understood import Understood
from include.llm.ask.routing.fit import Fit, own_words
from include.llm.ask.routing.fitting import fit_of


def between_of(asked: Understood) -> tuple[Fit, Fit] | None:
    """The two measures that explain every word together, in the order in which they are named; None for any other
    question than one for their difference or ratio."""
    if not ({"difference", "times"} & asked.shapes or "over" in asked.words):
        return None
    named = {name: own_words(asked, measures()[name]) for name in asked.said}
    for first, second in permutations([name for name in named if named[name]], 2):
        one, other = measures()[first], measures()[second]
        if one.source != other.source or one.unit != other.unit or not one.decimals or named[first] & named[second]:
            continue
        told = "over" not in asked.words or asked.words[max(named[first]) + 1 : min(named[second])] == ("over",)
        if told and min(named[first]) < min(named[second]) and (fits := _together(asked, one, other)):
            return fits
    return None


def _together(asked: Understood, one: Measure, other: Measure) -> tuple[Fit, Fit] | None:
    fits = fit_of(one, asked), fit_of(other, asked)
    if fits[0] is None or fits[1] is None or fits[0].group or len(fits[0].roles) > 1:
        return None
    if any(len(values) > 1 for values in fits[0].filters.values()) or set(fits[0].left) & set(fits[1].left):
        return None
    return fits[0], fits[1]
