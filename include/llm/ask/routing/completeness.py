"""A fit is refused when something that was asked for would be left undone."""

from __future__ import annotations

from include.llm.ask.meanings.measures import measures
from include.llm.ask.question.form import AVERAGES
from include.llm.ask.question.understood import Named, Understood
from include.llm.ask.routing.counting import COUNTS, counts_what_is_named, is_counted
from include.llm.ask.routing.fit import DATES, IMPLIED, Fit, own_words
from include.llm.ask.routing.heads import counts_another
from include.llm.ask.routing.limits import is_threshold
from include.llm.ask.routing.plan import Plan
from include.llm.ask.routing.planning import plan_of
from include.llm.ask.routing.shaping import asks_for_equal, pair_of, says_word

OF_TWO = frozenset({"difference", "gap", "minus", "spread", "ratio", "differ"})
UNORDERED = frozenset({"versions", "models", "fits", "decisions", "promotions", "rollbacks", "families", "champions"})
CLOSE = frozenset({"close", "closer", "closest", "near", "nearer", "nearest"})
TIMED = frozenset({"time", "second", "long", "fast", "quick", "slow", "quickly", "slowly", "took", "take"})
OF_TRIPS = frozenset({"trip_totals", "processed_taxi_trips", "feature_statistics", "month_summary"})
NAMING = frozenset({"fast", "slow", "long", "short", "cheap", "expensive", "busy", "quiet"})
"""Orders that only go with what they name: the longest is of durations or distances, never of counts."""


def does_all(asked: Understood, fit: Fit) -> bool:
    """Nothing that was asked for is left undone: an order, a limit, an average, a share of something."""
    if asked.form == "why" and fit.measure.name != "reason":
        return False
    if _is_of_raw_values(asked, fit):
        return False
    if asked.form == "when" and fit.measure.name not in DATES and not (asked.orders and fit.group):
        return False
    plan = plan_of(asked, fit)
    said = fit.covered
    if fit.without and plan.shape != "ranked":
        return False
    return (
        _orders(asked, fit, plan)
        and _draws_limits(asked, plan, said)
        and _concludes(asked, fit, plan)
        and _adds_up(fit, plan)
        and _averages(asked, fit, plan, said)
        and _shares(asked, fit, plan)
    )


def _is_of_raw_values(asked: Understood, fit: Fit) -> bool:
    """Raw rows with a negative fare are more than those that cleaning set aside for it: a row has one reason alone."""
    implied = bool(fit.measure.implied_by) and not own_words(asked, fit.measure)
    return implied and fit.measure.source.name == "cleaning" and "raw" in asked.values("stage")


def _orders(asked: Understood, fit: Fit, plan: Plan) -> bool:
    """The longest, the best: put in order, or said by the measure itself."""
    done = plan.shape in (
        "ranked",
        "compared",
        "yes",
        "difference",
        "nearest",
        "times",
        "tallied",
        "range",
        "margin",
    ) or bool(plan.op)
    good = asked.order in ("best", "worst")
    if good and fit.measure.unit == "seconds" and not TIMED & set(asked.words):
        return False  # the worst family is none that takes long
    if good and not fit.measure.better and plan.shape in ("yes", "compared") and fit.measure.source.table in OF_TRIPS:
        return False  # no trip is better or worse
    if good and plan.shape == "tallied" and plan.tally and plan.tally.by == "pair" and not fit.measure.better:
        return False
    if plan.shape == "ranked" and good and fit.measure.unit in UNORDERED:
        return False  # the first one that was registered is none of the most
    if plan.shape == "threshold" and plan.op and asked.order in ("best", "worst") and not fit.measure.better:
        return False
    implied = fit.measure.name in IMPLIED.get(asked.order, ()) and asked.order not in ("best", "worst")
    if not (done or implied or all(fit.says(o, asked.words) or _is_said_of_another(o, asked) for o in asked.orders)):
        return False
    names_another = asked.order in NAMING and fit.measure.name not in IMPLIED[asked.order]
    return not (
        names_another
        and asked.orders[0].value == asked.order
        and fit.measure.unit != "column"
        and not any(fit.says(o, asked.words) for o in asked.orders)
    )


def _draws_limits(asked: Understood, plan: Plan, said: frozenset[int]) -> bool:
    """A limit that is named is drawn, and none is drawn where nothing is held against it."""
    named = any(is_threshold(at, asked) and at not in said for at, _ in asked.numbers)
    if named and not plan.op and plan.shape != "nearest":
        return False
    if asked.percents - said and plan.op and plan.measure.unit not in ("share", "column"):
        return False  # thirty percent are no thirty models
    return plan.shape in ("threshold", "counted", "distance", "tallied") or not plan.op


def _concludes(asked: Understood, fit: Fit, plan: Plan) -> bool:
    """Yes or no, the same or not, the nearest, how many: the shape of the answer is the one that is asked for."""
    if fit.measure.name == "labelled" and {"no", "without", "not", "lack", "missing"} & set(asked.words):
        return False
    if not counts_what_is_named(asked, fit) or counts_another(asked, fit) or _leaves_two(asked, fit, plan):
        return False
    chosen = fit.measure.equals == "family" and len(fit.filters.get("family", ())) > 1 and "or" in asked.words
    if (
        asked.form == "yes"
        and plan.shape == "value"
        and not chosen
        and not (plan.measure.truth and len(plan.filters) > 1)
    ):
        return False
    if asked.form == "yes" and fit.measure.source.name == "champions" and not _is_named_once(fit, plan):
        return False
    many = {noun.value for noun in asked.groups if noun.kind == "many"}
    if plan.shape == "value" and many & set(fit.group):
        return False  # how many columns there are is no list of their means
    if plan.shape == "value" and fit.measure.unit in ("name", "place") and "count" in asked.shapes:
        return False  # how many different ones there are is no name
    if plan.shape == "value" and fit.measure.unit in COUNTS and fit.measure.adds and not is_counted(asked):
        return False  # how far off the model is, is no number of models
    if asked.words[:1] == ("who",) and plan.shape == "value" and not plan.group and fit.measure.unit != "name":
        return False  # who came second is no figure
    if CLOSE & set(asked.words) and plan.shape not in ("nearest", "difference", "margin"):
        return False
    if asked.form == "many" and says_word("than", asked) and plan.shape == "value":
        return False  # how many trips took longer than an hour counts trips, which no mean does
    if asks_for_equal(asked) and plan.shape not in ("same", "tallied"):
        return False
    if _tells_several(asked, fit) and plan.shape not in ("tallied", "counted"):
        return False
    pairs = plan.shape in ("yes", "compared", "difference", "same")
    return not (pairs and fit.group and pair_of(fit) not in fit.group)


def _is_named_once(fit: Fit, plan: Plan) -> bool:
    """Is it xgboost: a name that is asked after is given, and is one; of two that are named there is no yes."""
    families, names = fit.filters.get("family", ()), fit.measure.equals == "family"
    return len(families) < 2 if not names else bool(families) or plan.shape != "threshold"


def _leaves_two(asked: Understood, fit: Fit, plan: Plan) -> bool:
    """A difference or a ratio of two is no single value, unless the measure is called so."""
    said = frozenset[int]().union(*asked.said.get(fit.measure.name, ()), *(named.span for named in asked.named))
    left = {word for place, word in enumerate(asked.words) if word in OF_TWO and place not in said}
    if fit.measure.unit == "share":
        left -= {"ratio"}
    return bool(left) and plan.shape in ("value", "listed") and fit.measure.unit != "name"


def _tells_several(asked: Understood, fit: Fit) -> bool:
    """For each target, in yes or no: one figure of all would be another answer."""
    dimensions = fit.measure.source.dimensions
    each = any(noun.kind == "all" and noun.value in dimensions for noun in asked.quantified)
    return asked.form == "yes" and each and not fit.measure.adds


def _adds_up(fit: Fit, plan: Plan) -> bool:
    """One figure of two things only where they can be added up, one order only of one unit."""
    several = any(len(values) > 1 for name, values in fit.filters.items() if name not in ("weekday", "hour"))
    together = fit.measure.adds or fit.measure.source.grain or not several
    if plan.shape in ("value", "threshold") and not plan.group and not together:
        return False
    # minutes, dollars and log loss have no order
    units = {"target", "model"} & set(plan.group) and len(fit.filters.get("target", ())) != 1
    return not (plan.shape == "ranked" and units and fit.measure.unit == "target")


def _averages(asked: Understood, fit: Fit, plan: Plan, said: frozenset[int]) -> bool:
    averaged = {place for place, word in enumerate(asked.words) if word in AVERAGES}
    measure = fit.measure
    if averaged <= said:
        return True
    if any(other.average_of == measure.name for other in measures().values()):
        return False
    if plan.shape == "averaged":
        return True
    return measure.mean or "mean" in measure.says or "average" in measure.says


def _shares(asked: Understood, fit: Fit, plan: Plan) -> bool:
    shared = fit.measure.unit == "share" or plan.shape in ("share", "difference", "times", "tallied", "range", "margin")
    if "share" in asked.shapes and not shared and not plan.op and plan.shape != "same":
        return False
    return plan.shape != "share" or bool(set(plan.filters) - {"service", "month", "target"})


def _is_said_of_another(order: Named, asked: Understood) -> bool:
    """The best model, at least: words of order inside a name."""
    return any(order.span <= named.span for named in (*asked.named, *asked.groups))
