"""A noun that is asked for becomes a column of the rows, or nothing, or refuses the measure."""

from __future__ import annotations

from collections.abc import Mapping

from include.llm.ask.meanings.measure import Measure
from include.llm.ask.question.grouping import GRAINS
from include.llm.ask.question.understood import Named, Understood
from include.llm.ask.routing.fit import DATES
from include.llm.ask.routing.limits import is_threshold
from include.llm.ask.routing.slices import KINDS


def group_of(
    asked: Understood, measure: Measure, covered: frozenset[int], filters: Mapping[str, list[str]]
) -> tuple[str, ...] | None:
    """Dimensions that rows are told apart by; None when the question wants one that the rows do not have."""
    dimensions = measure.source.dimensions
    found: list[str] = []
    for noun in asked.groups:
        if _is_of_each(noun, asked, measure):
            continue
        if one := _model_or_run(noun, asked, measure, filters):
            found += [] if one == "-" or one in found else [one]
            continue
        if _is_the_measure(noun, asked, measure) or _is_what_is_told(noun, measure, filters):
            continue
        if noun.value in KINDS and measure.exploded.startswith("slice"):
            found += ["slice"] if measure.exploded == "slice" and "slice" not in found else []
            continue
        if noun.value == "version" and measure.unit == "name":
            return None
        if _is_one_of_two(noun, asked, measure, filters):
            return None
        columns = _columns_of(noun, asked, dimensions)
        if columns:
            found.extend(c for c in columns if c not in found)
        elif noun.span <= covered or _says_nothing(noun, measure, filters):
            continue
        else:
            return None
    if measure.source.name == "contest" and found == ["family"] and not filters.get("family"):
        return None
    return tuple(found)


def _is_of_each(noun: Named, asked: Understood, measure: Measure) -> bool:
    """All services in total, seconds per fit: what is added up or averaged is not told apart by it."""
    before = asked.words[noun.first - 1]
    if noun.value == "run" and measure.average_of and before in ("per", "each", "every"):
        return True
    return "total" in asked.shapes and measure.adds and not asked.orders and before in ("every", "each", "all")


def _is_the_measure(noun: Named, asked: Understood, measure: Measure) -> bool:
    """How many models there are: the noun is what is counted or given, unless a limit is drawn for each model."""
    if noun.kind == "many" and measure.counts == noun.value:
        return True
    if _are_models(noun, asked) and not _is_drawn_for_models(asked, measure):
        return True
    if noun.span <= _called(measure, asked) and (noun.kind == "many" or asked.words[noun.first] in GRAINS):
        return True
    return noun.value in (measure.equals, measure.counts) or (measure.unit == "zone" and noun.value == "zone")


def _is_what_is_told(noun: Named, measure: Measure, filters: Mapping[str, list[str]]) -> bool:
    """On what day is when; which model is the fare's or the duration's where both are named."""
    if noun.value == "day" and measure.name in DATES:
        return True
    if noun.value == "version" and "version" in (measure.unit, measure.counts):
        return True
    models = noun.value == "family" and measure.source.name in ("contest", "decisions", "champions")
    return models and (len(filters.get("target", ())) > 1 or len(filters.get("service", ())) > 1)


def _are_models(noun: Named, asked: Understood) -> bool:
    return noun.kind == "many" and asked.words[noun.first : noun.last] == ("model",)


def _is_drawn_for_models(asked: Understood, measure: Measure) -> bool:
    """How many models gained over 20 %: a limit for each of them."""
    limited = bool(measure.better) and "model" in measure.source.dimensions
    return limited and any(is_threshold(at, asked) for at, _ in asked.numbers)


def _is_one_of_two(noun: Named, asked: Understood, measure: Measure, filters: Mapping[str, list[str]]) -> bool:
    """Whose model is better, yellow's or green's: champions are held against each other, no families."""
    is_model = asked.words[noun.first : noun.last] == ("model",) and noun.kind != "many"
    named = any(len(filters.get(name, ())) > 1 for name in ("service", "target"))
    return is_model and named and measure.source.name == "fits" and not asked.values("days")


def _called(measure: Measure, asked: Understood) -> frozenset[int]:
    """Where the measure is called, weak words left out: months that are missing are no months to count."""
    spans = asked.said.get(measure.name, ())
    words = (*measure.words, *measure.averaged)
    return frozenset[int]().union(*(s for s in spans if tuple(asked.words[min(s) : max(s) + 1]) in words))


def _columns_of(noun: Named, asked: Understood, dimensions: Mapping[str, str]) -> tuple[str, ...]:
    if noun.value == "pair":
        return ("pickup_zone", "dropoff_zone") if "dropoff_zone" in dimensions else ()
    if noun.value in ("zone", "borough") and noun.value not in dimensions:
        near = asked.words[max(0, noun.first - 2) : noun.last + 3]
        ends = {"dropoff", "destination", "end", "ended", "ending", "arrive"} & {*near, *asked.words[noun.last :]}
        side = "dropoff" if ends and not {"pickup", "start", "begin"} & set(near) else "pickup"
        return (f"{side}_{noun.value}",) if f"{side}_{noun.value}" in dimensions else ()
    return (noun.value,) if noun.value in dimensions else ()


def _says_nothing(noun: Named, measure: Measure, filters: Mapping[str, list[str]]) -> bool:
    """What model answers is a noun for what is asked, not another dimension."""
    return noun.value in ("family", "version", "target", "column", "table", "role", "stage", "run", "model") and (
        measure.unit == "name" or noun.value in filters or measure.counts == noun.value
    )


def _model_or_run(noun: Named, asked: Understood, measure: Measure, filters: Mapping[str, list[str]]) -> str:
    """Which model is which of the registered ones, where a target and a service do not say it; a fit is a run, or a
    family's where they do. "-" where it tells nothing apart, "" for another noun."""
    dimensions = measure.source.dimensions
    singles = [name for name in ("service", "target") if len(filters.get(name, ())) == 1]
    several = any(len(filters.get(name, ())) > 1 for name in ("service", "target"))
    if _are_models(noun, asked) and "model" in dimensions:
        return "model" if _is_drawn_for_models(asked, measure) else ""
    if measure.equals == "family" or (noun.kind == "many" and noun.value != "run"):
        return ""
    is_model = noun.value == "model" or asked.words[noun.first : noun.last] == ("model",)
    if is_model and "model" in dimensions and not several and len(singles) < 2:
        return "model"
    if noun.value == "run" and "run" in dimensions:
        single = bool({"single", "individual", "ever"} & set(asked.words))
        others = measure.name == "fits" or (not single and any(g.value != "run" for g in asked.groups))
        if others or (noun.kind == "many" and not asked.numbers) or len(filters.get("family", ())) > 1:
            return "-"
        return "family" if "target" in singles and "family" not in filters and noun.kind != "many" else "run"
    return ""
