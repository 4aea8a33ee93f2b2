"""For all, for any, in how many, in which: the same comparison is drawn for each of what a noun tells apart."""

from __future__ import annotations

from include.llm.ask.question.understood import Understood
from include.llm.ask.routing.fit import Fit
from include.llm.ask.routing.limits import threshold_of
from include.llm.ask.routing.shaping import pair_of, says_word
from include.llm.ask.routing.slices import KINDS
from include.llm.ask.routing.tally import Quantifier, Tally


def tally_of(asked: Understood, fit: Fit) -> Tally | None:
    """The comparison that is to be drawn for each; None where one figure or one pair answers."""
    over, quantifier = _over(asked, fit)
    if not over or quantifier is None:
        return None
    pair, measure, ranks = pair_of(fit), fit.measure, fit.measure.source.ranks
    if asked.form == "yes" and quantifier == "all" and says_word("same", asked):
        return Tally(over, quantifier, "same")
    if pair and pair not in over and over != ("run",) and (asked.orders or pair == "role"):
        return Tally(over, quantifier, "pair", pair)
    if (
        ranks
        and ranks not in over
        and len(fit.filters.get(ranks, ())) == 1
        and asked.orders
        and not threshold_of(asked, fit)[0]
    ):
        return Tally(over, quantifier, "best", ranks, fit.filters[ranks][0])
    if asked.form != "yes" and quantifier != "many":
        return None
    if asked.form == "yes" and threshold_of(asked, fit)[0]:
        return Tally(over, quantifier, "limit")
    if measure.name == "verdict":
        return Tally(over, quantifier, "is", "", "good")
    if measure.equals and len(fit.filters.get(measure.equals, ())) == 1:
        return Tally(over, quantifier, "is", measure.equals, fit.filters[measure.equals][0])
    return Tally(over, quantifier, "is", "", "1") if measure.truth else None


def _over(asked: Understood, fit: Fit) -> tuple[tuple[str, ...], Quantifier | None]:
    """What the comparison is drawn for, and for how many of them."""
    for noun in asked.quantified:
        if dims := _dimensions(noun.value, fit):
            return dims, "many" if asked.form == "many" else "all" if noun.kind == "all" else "any"
    for noun in asked.groups:
        if dims := _dimensions(noun.value, fit):
            return dims, "many" if noun.kind == "many" or asked.form == "many" else "which"
    return (), None


def _dimensions(noun: str, fit: Fit) -> tuple[str, ...]:
    dimensions = fit.measure.source.dimensions
    if fit.measure.exploded == "slice":
        return ("slice",) if noun in KINDS else ()
    if noun == "model" and "model" not in dimensions:
        return tuple(
            name for name in ("service", "target") if name in dimensions and len(fit.filters.get(name, ())) != 1
        )
    return (noun,) if noun in dimensions and len(fit.filters.get(noun, ())) != 1 else ()
