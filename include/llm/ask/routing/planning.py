"""A fit becomes a plan: shape, direction, limit, and what the answer leads with."""

from __future__ import annotations

from dataclasses import replace

from include.llm.ask.meanings.measure import Measure
from include.llm.ask.question.understood import Named, Understood
from include.llm.ask.routing.fit import Fit
from include.llm.ask.routing.limits import threshold_of
from include.llm.ask.routing.plan import Plan, Shape
from include.llm.ask.routing.shaping import dated_in, pair_of, shape_of
from include.llm.ask.routing.tally import Tally
from include.llm.ask.routing.tallying import tally_of

BECOMING = frozenset(
    {"get", "got", "gotten", "become", "became", "grow", "grew", "turn", "turned", "getting", "becoming"}
)
"""Of two months the later one is asked for: did trips get longer?"""
PAIRED = ("compared", "difference", "yes", "ranked", "same", "times")
UNITS = frozenset({"second", "minute", "dollar", "percent", "%", "mile"})
PERSONS = frozenset({"runner", "winner", "leader", "loser", "performer"})
"""Nouns that are names of who is first or second, without a verb too."""
ORDINALS = {"second": 2, "third": 3, "runner": 2, "next": 2, "fourth": 4, "fifth": 5}


def plan_of(asked: Understood, fit: Fit) -> Plan:
    """The plan of a fit: shape, direction, and what the answer leads with."""
    asked = _without_said_orders(asked, fit)
    pair = pair_of(fit)
    op, number = threshold_of(asked, fit)
    if tally := tally_of(asked, fit):
        return _tallied(asked, fit, tally, op, number)
    shape = shape_of(asked, fit, pair)
    dated = fit.measure.descending == "newest" and dated_in(asked)
    descending = _descending(asked.order, fit.measure) if not op.isalpha() else _descending(op, fit.measure)
    descending = "newest" in dated if dated else descending
    if op.isalpha() and op:
        op = ">" if descending else "<"
    if op == "~" and (pair or fit.group):
        near = fit.group or (pair,)
        told = asked.form == "yes" and "or" not in asked.words and bool(pair)
        return Plan(fit.measure, "nearest", fit.filters, fit.roles, near, False, "", number, verdict=told)
    if shape == "listed":
        newest = "newest" in asked.shapes and fit.measure.counts == "month"
        return Plan(fit.measure, shape, fit.filters, fit.roles, (fit.measure.counts,), descending=newest)
    if ranked := _ranked_or_apart(asked, fit, shape, descending):
        return ranked
    group = fit.group or ((pair,) if pair and shape in PAIRED else ())
    group = group or ((fit.measure.source.each,) if shape in ("averaged", "summed") else ())
    return Plan(
        fit.measure,
        shape,
        fit.filters,
        fit.roles,
        group,
        descending,
        op,
        number,
        _names_value(asked, shape),
        "share" in asked.shapes and (shape == "times" or (shape == "difference" and fit.measure.unit != "share")),
        (),
        _place(asked),
        asked.order in ("rise", "fall")
        or _is_of_cleaning(asked)
        or (group == () and bool(BECOMING & set(asked.words))),
    )


def _ranked_or_apart(asked: Understood, fit: Fit, shape: Shape, descending: bool) -> Plan | None:
    """The best of those that the rows tell apart anyhow, or how far it is ahead; None for another shape."""
    ranks = fit.measure.source.ranks or _each_model(fit)
    if ranks and asked.orders and shape == "value" and not fit.group and ranks not in fit.filters:
        return Plan(
            fit.measure,
            "ranked",
            fit.filters,
            fit.roles,
            (ranks,),
            descending,
            names_value=not {"who", "which", *PERSONS} & set(asked.words),
            place=_place(asked),
        )
    if shape == "margin":
        return Plan(fit.measure, shape, fit.filters, fit.roles, fit.group or (ranks,), _descending("best", fit.measure),
                    relative="share" in asked.shapes, place=max(2, _place(asked)))  # fmt: skip
    return None


def _tallied(asked: Understood, fit: Fit, tally: Tally, op: str, number: float) -> Plan:
    """What is wanted of each is no filter of the rows: who is the best is found among all."""
    filters = {name: values for name, values in fit.filters.items() if name != tally.apart or tally.by == "pair"}
    group = (*tally.over, *((tally.apart,) if tally.by in ("pair", "best") and tally.apart not in tally.over else ()))
    descending = _descending(asked.order or "best", fit.measure)
    return Plan(fit.measure, "tallied", filters, fit.roles, group, descending, op, number, tally=tally)


def _without_said_orders(asked: Understood, fit: Fit) -> Understood:
    """Lower is no order in lower bound, nor drop in what dropped more rows."""
    orders = tuple(o for o in asked.orders if not _is_inside(o, fit, asked))
    said = tuple(o for o in orders if not (o.value in ("rise", "fall") and o.span <= fit.covered))
    return replace(asked, orders=said or orders)


def _is_inside(order: Named, fit: Fit, asked: Understood) -> bool:
    """Lower in lower bound, lose in lose to."""
    return any(order.span < span for span in fit.spans) or (
        not order.span <= fit.covered and fit.says(order, asked.words)
    )


def _descending(order: str, measure: Measure) -> bool:
    """Whether the most comes first."""
    low_is_good = measure.better == "low"
    directions = {
        "rise": True,
        "fall": False,
        "quiet": False,
        "max": True,
        "min": False,
        "best": not low_is_good,
        "worst": low_is_good,
        "busy": True,
    }
    if order in directions:
        return directions[order]
    if order and order == measure.ascending:
        return False
    if order and order == measure.descending:
        return True
    if not order and measure.better:
        return not low_is_good  # who is better comes first where two are only set side by side
    return order not in ("short", "cheap", "fast")


def _names_value(asked: Understood, shape: Shape) -> bool:
    """How many trips did the busiest zone have: the figure comes first."""
    if shape != "ranked":
        return False
    if asked.form == "" and asked.words[-1] in UNITS:
        return True  # quickest fit on record, seconds
    asked_name = any(0 <= g.first - o.last <= 1 for g in asked.groups for o in asked.orders)
    if asked_name and (asked.form != "many" or asked.words[-2:] == ("how", "many")):
        return False  # what is the best family
    opened = any(word in ("which", "who", "where", "whose", "when") for word in asked.words)
    grouped_by_what = any(
        g.first
        and "what" in asked.words[max(0, g.first - 4) : g.first]
        and not {"is", "was"} & set(asked.words[max(0, g.first - 4) : g.first])
        for g in asked.groups
    )
    return (
        asked.form in ("many", "which")
        and not opened
        and not grouped_by_what
        and bool(asked.form == "many" or asked.said)
    )


def _each_model(fit: Fit) -> str:
    """The smallest gain, where several models have one: of which it is told too."""
    singles = all(len(fit.filters.get(name, ())) == 1 for name in ("service", "target"))
    return "" if singles or fit.measure.source.name != "decisions" or fit.measure.unit == "name" else "model"


def _is_of_cleaning(asked: Understood) -> bool:
    """Does cleaning make it shorter: what is clean is held against what is raw."""
    return "raw,clean" in asked.values("stage") and "than" not in asked.words


def _place(asked: Understood) -> int:
    """Second best, who is third; a second that no order touches is one of time."""
    ranked = {place for order in asked.orders for place in (order.first, order.first - 1)}
    return next((ORDINALS[word] for at, word in enumerate(asked.words) if word in ORDINALS and at in ranked), 1)
