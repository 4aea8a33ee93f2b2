"""For all, for any, in how many, in which: the same comparison is drawn for each of what a noun tells apart."""

from __future__ import annotations

from include.llm.ask.meanings.measure import Measure
from include.llm.ask.question.understood import Understood
from include.llm.ask.routing.fit import Fit
from include.llm.ask.routing.limits import threshold_of
from include.llm.ask.routing.shaping import pair_of, says_word
from include.llm.ask.routing.slices import KINDS
from include.llm.ask.routing.tally import Quantifier, Tally

REFERENCE = {"baseline": "zone_pair_median"}
"""Who of the fits is meant where one is held against the others: the baseline is a family of them."""
ONE_FAMILY = frozenset({"contest", "decisions", "champions"})
"""Sources where a model is of one family each: whose model is better tells no families apart."""
NAMED = frozenset({"target", "service", "model", "family"})
"""What may be asked for by which: that of which a limit or a name holds."""


def tally_of(asked: Understood, fit: Fit) -> Tally | None:
    """The comparison that is to be drawn for each; None where one figure or one pair answers."""
    over, quantifier = _over(asked, fit)
    if _is_crowned(asked, fit, over):
        return Tally((), "all", "best", fit.measure.source.ranks, fit.filters[fit.measure.source.ranks][0])
    if not over or quantifier is None:
        return None
    return _against_one(asked, fit, over, quantifier) or _of_each(asked, fit, over, quantifier)


def _is_crowned(asked: Understood, fit: Fit, over: tuple[str, ...]) -> bool:
    """Did lightgbm win: one family, and whether it is the best of all."""
    ranks = fit.measure.source.ranks
    alone = bool(ranks) and not over and len(fit.filters.get(ranks, ())) == 1
    single = alone and all(len(values) == 1 for values in fit.filters.values())
    return (
        single
        and asked.form == "yes"
        and bool(asked.orders)
        and not threshold_of(asked, fit)[0]
        and not asked.values("role")
    )


def _against_one(asked: Understood, fit: Fit, over: tuple[str, ...], quantifier: Quantifier) -> Tally | None:
    """How many families beat the baseline: each of them is held against the one that is named."""
    ranks, named = fit.measure.source.ranks, fit.filters.get(fit.measure.source.ranks, ())
    rival = named[0] if len(named) == 1 else next((REFERENCE[r] for r in asked.values("role") if r in REFERENCE), "")
    if over != (ranks,) or not rival or not fit.measure.better or not asked.orders:
        return None
    return Tally(over, quantifier, "reference", ranks, rival)


def _of_each(asked: Understood, fit: Fit, over: tuple[str, ...], quantifier: Quantifier) -> Tally | None:
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
    limited = bool(threshold_of(asked, fit)[0]) and not asked.orders
    if quantifier == "which" and set(over) <= NAMED and asked.form == "which":
        if limited and measure.decimals and len({"target", "model"} & set(over)) < 1 + (measure.unit == "share"):
            return Tally(over, quantifier, "limit")
        return _of_a_name(measure, fit, over, quantifier)
    if asked.form != "yes" and quantifier != "many":
        return None
    if asked.form == "yes" and threshold_of(asked, fit)[0]:
        return Tally(over, quantifier, "limit")
    if measure.name == "verdict":
        return Tally(over, quantifier, "is", "", "good")
    if named := _of_a_name(measure, fit, over, quantifier):
        return named
    return Tally(over, quantifier, "is", "", "1") if measure.truth else None


def _of_a_name(measure: Measure, fit: Fit, over: tuple[str, ...], quantifier: Quantifier) -> Tally | None:
    """Which targets have xgboost: the name that is wanted is one of those that the measure gives."""
    wanted = fit.filters.get(measure.equals, ()) if measure.equals else ()
    return Tally(over, quantifier, "is", measure.equals, wanted[0]) if len(wanted) == 1 else None


def _over(asked: Understood, fit: Fit) -> tuple[tuple[str, ...], Quantifier | None]:
    """What the comparison is drawn for, and for how many of them."""
    for noun in asked.quantified:
        if dims := _dimensions(noun.value, asked, fit):
            return dims, "many" if asked.form == "many" else "all" if noun.kind == "all" else "any"
    for noun in asked.groups:
        if dims := _dimensions(noun.value, asked, fit):
            return dims, "many" if noun.kind == "many" or asked.form == "many" else "which"
    return (), None


def _dimensions(noun: str, asked: Understood, fit: Fit) -> tuple[str, ...]:
    dimensions = fit.measure.source.dimensions
    if noun == "family" and noun not in (*fit.group, *fit.filters) and fit.measure.source.name in ONE_FAMILY:
        return ()
    if fit.measure.exploded == "slice":
        return ("slice",) if noun in KINDS else ()
    if noun == "model" and "model" not in dimensions:
        return tuple(
            name for name in ("service", "target") if name in dimensions and len(fit.filters.get(name, ())) != 1
        )
    rival = noun == fit.measure.source.ranks and bool(fit.measure.better) and bool(asked.orders)
    held = rival and any(g.kind == "many" and g.value == noun for g in asked.groups)
    return (noun,) if noun in dimensions and (held or len(fit.filters.get(noun, ())) != 1) else ()
