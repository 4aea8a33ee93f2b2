"""A fit is refused when something that was asked for would be left undone."""

from __future__ import annotations

from include.llm.ask.question.form import AVERAGES
from include.llm.ask.question.understood import Named, Understood
from include.llm.ask.routing.fit import DATES, IMPLIED, Fit
from include.llm.ask.routing.limits import is_threshold
from include.llm.ask.routing.planning import plan_of
from include.llm.ask.routing.shaping import pair_of, says_word

NAMING = frozenset({"fast", "slow", "long", "short", "cheap", "expensive", "busy", "quiet"})
"""Orders that only go with what they name: the longest is of durations or distances, never of counts."""


def does_all(asked: Understood, fit: Fit) -> bool:
    """Nothing that was asked for is left undone: an order, a limit, an average, a share of something."""
    if asked.form == "why" and fit.measure.name != "reason":
        return False
    if asked.form == "when" and fit.measure.name not in DATES and not (asked.orders and fit.group):
        return False
    plan = plan_of(asked, fit)
    said = frozenset[int]().union(*asked.said.get(fit.measure.name, ()))
    ordered = plan.shape in ("ranked", "compared", "yes", "difference", "nearest", "times") or bool(plan.op)
    implied = fit.measure.name in IMPLIED.get(asked.order, ()) and asked.order not in ("best", "worst")
    if not (ordered or implied or all(o.span <= said or _is_said_of_another(o, asked) for o in asked.orders)):
        return False
    limits = any(is_threshold(at, asked) and at not in said for at, _ in asked.numbers)
    if limits and not plan.op and plan.shape != "nearest":
        return False
    if plan.shape not in ("threshold", "counted") and plan.op:
        return False
    if (
        asked.order in NAMING
        and fit.measure.name not in IMPLIED[asked.order]
        and asked.orders[0].value == asked.order
        and fit.measure.unit != "column"
        and not any(o.span <= said for o in asked.orders)
    ):
        return False
    if asked.form == "yes" and plan.shape == "value" and not (plan.measure.truth and len(plan.filters) > 1):
        return False
    together = (
        fit.measure.adds
        or fit.measure.source.grain
        or not any(len(values) > 1 for name, values in fit.filters.items() if name not in ("weekday", "hour"))
    )
    if plan.shape in ("value", "threshold") and not plan.group and not together:
        return False  # one figure of two things that cannot be added up
    if {"close", "closer", "closest", "near", "nearer", "nearest"} & set(asked.words) and plan.shape != "nearest":
        return False
    if asked.form == "many" and says_word("than", asked) and plan.shape == "value":
        return False  # how many trips took longer than an hour counts trips, which no mean does
    if says_word("same", asked) and plan.shape != "same":
        return False
    if plan.shape == "ranked" and "target" in plan.group and fit.measure.unit == "target":
        return False  # minutes, dollars and log loss have no order
    if plan.shape in ("yes", "compared", "difference", "same") and fit.group and pair_of(fit) not in fit.group:
        return False
    averaged = [i for i, word in enumerate(asked.words) if word in AVERAGES]
    means = "mean" in fit.measure.says or "average" in fit.measure.says
    if averaged and not set(averaged) <= said and plan.shape != "averaged" and not means:
        return False
    shared = fit.measure.unit == "share" or plan.shape in ("share", "difference", "times")
    if "share" in asked.shapes and not shared and not plan.op:
        return False
    return plan.shape != "share" or bool(set(plan.filters) - {"service", "month", "target"})


def _is_said_of_another(order: Named, asked: Understood) -> bool:
    """The best model, at least: words of order inside a name."""
    return any(order.span <= named.span for named in (*asked.named, *asked.groups))
