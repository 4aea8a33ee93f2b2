"""The shape of an answer follows from the form, the orders, and how many values were named."""

from __future__ import annotations

from include.llm.ask.question.form import AVERAGES
from include.llm.ask.question.understood import Understood
from include.llm.ask.routing.fit import Fit
from include.llm.ask.routing.limits import threshold_of
from include.llm.ask.routing.plan import Shape

DATED = frozenset({"newest", "oldest"})
HAVING = frozenset(
    {"has", "have", "had", "with", "contain", "show", "any", "saw", "see", "having", "get", "got", "suffer", "suffered"}
)
"""Which months have clock changes: those that have any are named."""


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
    measure = fit.measure
    two_months = len(asked.when.months) > 1
    if asks_for_equal(asked) and pair:
        return "same"
    if measure.truth and fit.group:
        return "value"
    named_by_which = asked.form == "which" and any(word in ("which", "who") for word in asked.words)
    if asked.orders and asked.order in ("rise", "fall") and two_months and asked.form == "yes":
        return "yes"
    if measure.unit == "name" and measure.descending == "newest" and fit.group and DATED & asked.shapes:
        return "ranked"
    if _is_change(asked, fit, pair, two_months):
        return "difference"
    if "times" in asked.shapes and (pair or two_months):
        return "times"
    verdict_first = bool(asked.orders) and (asked.form == "yes" or named_by_which)
    if "difference" in asked.shapes and (pair or two_months) and not verdict_first:
        return "difference"
    either = bool({"or", "which"} & set(asked.words))
    if asked.form == "yes" and asked.orders and either and (pair or two_months):
        return "compared"
    if asked.form == "yes":
        return _yes_shape(asked, fit, pair, two_months)
    if fit.group and asked.orders:
        return "ranked"
    countable = measure.adds or measure.truth or measure.unit == "share" or bool(threshold_of(asked, fit)[0])
    if (
        fit.group
        and measure.counts == ""
        and countable
        and any(g.kind == "many" and g.value in fit.group[0] for g in asked.groups)
    ):
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
    if "share" in asked.shapes and measure.unit in ("trips", "rows", "zones", "values") and measure.adds:
        return "share"
    return "value"


def _is_change(asked: Understood, fit: Fit, pair: str, two_months: bool) -> bool:
    """An increase from February to March, or what cleaning does to a mean: no order, but how far two are apart."""
    moved = asked.order in ("rise", "fall") and bool(pair or two_months)
    return (
        asked.form not in ("yes", "which")
        and not fit.group
        and (moved or (pair == "stage" and not asked.orders and not fit.measure.adds))
    )


def _yes_shape(asked: Understood, fit: Fit, pair: str, two_months: bool) -> Shape:
    measure = fit.measure
    if (pair or two_months) and (asked.orders or pair == "role"):
        return "yes"
    if threshold_of(asked, fit)[0]:
        return "threshold"
    if (
        measure.truth
        or measure.equals
        or measure.unit
        in (
            "rows",
            "trips",
            "expectations",
            "alarms",
            "rollbacks",
            "promotions",
            "values",
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
