"""A fit is refused when something that was asked for would be left undone."""

from __future__ import annotations

from include.llm.ask.question.form import AVERAGES
from include.llm.ask.question.understood import Named, Understood
from include.llm.ask.routing.fit import DATES, IMPLIED, Fit
from include.llm.ask.routing.limits import is_threshold
from include.llm.ask.routing.plan import Plan
from include.llm.ask.routing.planning import plan_of
from include.llm.ask.routing.shaping import asks_for_equal, pair_of, says_word

CLOSE = frozenset({"close", "closer", "closest", "near", "nearer", "nearest"})
NAMING = frozenset({"fast", "slow", "long", "short", "cheap", "expensive", "busy", "quiet"})
"""Orders that only go with what they name: the longest is of durations or distances, never of counts."""


def does_all(asked: Understood, fit: Fit) -> bool:
    """Nothing that was asked for is left undone: an order, a limit, an average, a share of something."""
    if asked.form == "why" and fit.measure.name != "reason":
        return False
    if asked.form == "when" and fit.measure.name not in DATES and not (asked.orders and fit.group):
        return False
    plan = plan_of(asked, fit)
    said = fit.covered
    return (
        _orders(asked, fit, plan, said)
        and _draws_limits(asked, plan, said)
        and _concludes(asked, fit, plan)
        and _adds_up(fit, plan)
        and _averages(asked, fit, plan, said)
        and _shares(asked, fit, plan)
    )


def _orders(asked: Understood, fit: Fit, plan: Plan, said: frozenset[int]) -> bool:
    """The longest, the best: put in order, or said by the measure itself."""
    done = plan.shape in ("ranked", "compared", "yes", "difference", "nearest", "times") or bool(plan.op)
    implied = fit.measure.name in IMPLIED.get(asked.order, ()) and asked.order not in ("best", "worst")
    if not (done or implied or all(o.span <= said or _is_said_of_another(o, asked) for o in asked.orders)):
        return False
    names_another = asked.order in NAMING and fit.measure.name not in IMPLIED[asked.order]
    return not (
        names_another
        and asked.orders[0].value == asked.order
        and fit.measure.unit != "column"
        and not any(o.span <= said for o in asked.orders)
    )


def _draws_limits(asked: Understood, plan: Plan, said: frozenset[int]) -> bool:
    """A limit that is named is drawn, and none is drawn where nothing is held against it."""
    named = any(is_threshold(at, asked) and at not in said for at, _ in asked.numbers)
    if named and not plan.op and plan.shape != "nearest":
        return False
    return plan.shape in ("threshold", "counted") or not plan.op


def _concludes(asked: Understood, fit: Fit, plan: Plan) -> bool:
    """Yes or no, the same or not, the nearest, how many: the shape of the answer is the one that is asked for."""
    if asked.form == "yes" and plan.shape == "value" and not (plan.measure.truth and len(plan.filters) > 1):
        return False
    many = {noun.value for noun in asked.groups if noun.kind == "many"}
    if plan.shape == "value" and many & set(fit.group):
        return False  # how many columns there are is no list of their means
    if plan.shape == "value" and fit.measure.unit in ("name", "place") and "count" in asked.shapes:
        return False  # how many different ones there are is no name
    if CLOSE & set(asked.words) and plan.shape != "nearest":
        return False
    if asked.form == "many" and says_word("than", asked) and plan.shape == "value":
        return False  # how many trips took longer than an hour counts trips, which no mean does
    if asks_for_equal(asked) and plan.shape != "same":
        return False
    pairs = plan.shape in ("yes", "compared", "difference", "same")
    return not (pairs and fit.group and pair_of(fit) not in fit.group)


def _adds_up(fit: Fit, plan: Plan) -> bool:
    """One figure of two things only where they can be added up, one order only of one unit."""
    several = any(len(values) > 1 for name, values in fit.filters.items() if name not in ("weekday", "hour"))
    together = fit.measure.adds or fit.measure.source.grain or not several
    if plan.shape in ("value", "threshold") and not plan.group and not together:
        return False
    # minutes, dollars and log loss have no order
    return not (plan.shape == "ranked" and "target" in plan.group and fit.measure.unit == "target")


def _averages(asked: Understood, fit: Fit, plan: Plan, said: frozenset[int]) -> bool:
    averaged = {place for place, word in enumerate(asked.words) if word in AVERAGES}
    means = "mean" in fit.measure.says or "average" in fit.measure.says
    return averaged <= said or plan.shape == "averaged" or means


def _shares(asked: Understood, fit: Fit, plan: Plan) -> bool:
    shared = fit.measure.unit == "share" or plan.shape in ("share", "difference", "times")
    if "share" in asked.shapes and not shared and not plan.op:
        return False
    return plan.shape != "share" or bool(set(plan.filters) - {"service", "month", "target"})


def _is_said_of_another(order: Named, asked: Understood) -> bool:
    """The best model, at least: words of order inside a name."""
    return any(order.span <= named.span for named in (*asked.named, *asked.groups))
