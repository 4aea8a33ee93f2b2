"""The shape of an answer follows from the form, the orders, and how many values were named."""

from __future__ import annotations

from include.llm.ask.question.form import AVERAGES, averages_alone
from include.llm.ask.question.understood import Understood
from include.llm.ask.routing.apart import is_change, is_distance, is_gap, is_margin, is_part_of, is_spread
from include.llm.ask.routing.fit import Fit
from include.llm.ask.routing.limits import threshold_of
from include.llm.ask.routing.plan import Shape

PARTED = frozenset(
    {"comparisons", "trips", "rows", "zones", "values", "seconds", "fits", "models", "dollars", "miles", "minutes"}
)
"""Units of sums of which a part may be asked for."""
DATED = frozenset({"newest", "oldest"})
HAVING = frozenset(
    {"has", "have", "had", "with", "contain", "show", "any", "saw", "see", "having", "get", "got", "suffer", "suffered"}
)
"""Which months have clock changes: those that have any are named."""


def dated_in(asked: Understood) -> frozenset[str]:
    """Newest or oldest, of dates: the first that was registered is the oldest."""
    first = {"oldest"} if "first" in asked.words else set()
    return frozenset(DATED & asked.shapes or first)


def says_word(said: str, asked: Understood) -> bool:
    """The same family, but not the same zone, which is a column; longer than, but not inside a reason's name."""
    spoken = frozenset[int]().union(*(n.span for n in asked.named))
    return any(word == said and place not in spoken for place, word in enumerate(asked.words))


def asks_for_equal(asked: Understood) -> bool:
    return any(says_word(word, asked) for word in ("same", "equal", "identical", "match", "equally", "agree"))


def pair_of(fit: Fit) -> str:
    """The dimension of which two or more values were named, to be held against each other."""
    if len(fit.roles) > 1:
        return "role"
    several = [
        name
        for name, values in fit.filters.items()
        if len(values) == 2 or (len(values) > 1 and name not in ("weekday", "hour"))
    ]
    return several[0] if several else ""


def shape_of(asked: Understood, fit: Fit, pair: str) -> Shape:
    """The form of the answer: of two that are held apart, of one order, or of one figure."""
    return _of_two(asked, fit, pair) or _of_many(asked, fit, pair)


def _is_either(asked: Understood, fit: Fit) -> bool:
    """Is the tip model xgboost or lightgbm: which of the two it is is the champion's own family."""
    return fit.measure.equals == "family" and "or" in asked.words and len(fit.filters.get("family", ())) > 1


def _of_two(asked: Understood, fit: Fit, pair: str) -> Shape | None:
    """Where a difference, a mean over several or one name for both is asked for; None for anything else."""
    measure = fit.measure
    two_months = len(asked.when.months) > 1
    if _is_either(asked, fit):
        return "value"
    if asks_for_equal(asked) and pair:
        return "same"
    if measure.truth and fit.group:
        return "value"
    if is_margin(asked, fit, pair):
        return "margin"
    if fit.group and "difference" in asked.shapes and is_spread(asked):
        return "range"
    named_by_which = asked.form == "which" and any(word in ("which", "who") for word in asked.words)
    if asked.orders and asked.order in ("rise", "fall") and two_months and asked.form == "yes":
        return "yes"
    if measure.unit == "name" and measure.descending == "newest" and fit.group and dated_in(asked):
        return "ranked"
    if is_change(asked, fit, pair, two_months):
        return "difference"
    if ("times" in asked.shapes or is_part_of(asked, pair)) and (pair or two_months):
        return "times"
    if is_distance(asked, fit):
        return "distance"
    if pair and (is_gap(asked, measure, pair) or asked.words[:2] == ("how", "close")):
        return "difference"
    if _is_averaged(asked, fit):
        return "averaged"
    if _is_summed(asked, fit):
        return "summed"
    verdict_first = bool(asked.orders) and (asked.form == "yes" or named_by_which)
    if "difference" in asked.shapes and (pair or two_months) and not verdict_first:
        return "difference"
    return None


def _of_many(asked: Understood, fit: Fit, pair: str) -> Shape:
    """Yes or no, an order, a count, or the figure alone."""
    measure, two_months = fit.measure, len(asked.when.months) > 1
    either = bool({"or", "which"} & set(asked.words))
    if asked.form == "yes" and asked.orders and either and (pair or two_months):
        return "compared"
    if asked.form == "yes":
        return _yes_shape(asked, fit, pair, two_months)
    if fit.group and asked.form == "many" and threshold_of(asked, fit)[0] and _counts_groups(asked, fit):
        return "counted"
    if fit.group and asked.orders:
        return "ranked"
    if _counts_groups(asked, fit):
        return "counted"
    against = bool(asked.orders) or bool({"compare", "versus", "vs"} & set(asked.words))
    if (pair or (two_months and not asked.when.span)) and against:
        return "compared"
    told = {"count", "total", "share"} & asked.shapes
    listed = measure.counts in measure.source.dimensions and not fit.group and not told
    by_name = asked.form in ("which", "when", "how") or measure.everywhere or bool({"list", "name"} & set(asked.words))
    if listed and by_name and asked.form not in ("many", "yes"):
        return "listed"
    if fit.group and measure.adds and asked.form == "which" and HAVING & set(asked.words) and not told - {"count"}:
        return "having"
    if fit.group and measure.adds and AVERAGES & set(asked.words) and not asked.orders:
        return "averaged"
    if "share" in asked.shapes and measure.unit in PARTED and measure.adds:
        return "share"
    return "value"


def _counts_groups(asked: Understood, fit: Fit) -> bool:
    """How many months have any, or have more than a limit; how many columns there are is no list of their means."""
    measure = fit.measure
    countable = measure.adds or measure.truth or measure.unit == "share" or bool(threshold_of(asked, fit)[0])
    models = {"family"} if fit.group[:1] == ("model",) else set()
    of = fit.group[0] if fit.group else ""
    many = bool(of) and any(g.kind == "many" and (g.value in of or g.value in models) for g in asked.groups)
    return many and measure.counts == "" and countable


def _is_averaged(asked: Understood, fit: Fit) -> bool:
    """The average coverage of the yellow models: a mean over what the rows are of."""
    several = bool(asked.quantified) or any(len(fit.filters.get(name, ())) > 1 for name in ("service", "target"))
    said = frozenset[int]().union(*asked.said.get(fit.measure.name, ()))
    each = fit.measure.source.each
    return bool(each) and several and not fit.group and not fit.measure.average_of and averages_alone(asked.words, said)


def _is_summed(asked: Understood, fit: Fit) -> bool:
    """On how many trips were the three champions tested in total: each has its own, and they are added up."""
    source, total = fit.measure.source, {"total", "difference"} & asked.shapes == {"total"}
    several = len(fit.filters.get("target", ())) != 1 or len(fit.filters.get("service", ())) > 1
    return total and several and source.each != "" and fit.measure.unit == "trips" and not fit.group


def _yes_shape(asked: Understood, fit: Fit, pair: str, two_months: bool) -> Shape:
    measure = fit.measure
    if (pair or two_months) and (asked.orders or pair == "role"):
        return "yes"
    if threshold_of(asked, fit)[0]:
        return "threshold"
    if (
        measure.truth
        or measure.equals
        or measure.adds
        or measure.unit
        in (
            "rows",
            "trips",
            "expectations",
            "alarms",
            "rollbacks",
            "promotions",
            "values",
            "comparisons",
            "name",
            "decisions",
            "share",
            "zones",
            "months",
            "columns",
            "families",
            "versions",
        )
    ):
        return "threshold"
    return "value"
