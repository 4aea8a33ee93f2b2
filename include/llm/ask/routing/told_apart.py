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
        if (
            "total" in asked.shapes
            and measure.adds
            and not asked.orders
            and asked.words[noun.first - 1] in ("every", "each", "all")
        ):
            continue
        if noun.value == "run" and measure.average_of and asked.words[noun.first - 1] in ("per", "each", "every"):
            continue  # seconds per fit are a mean over fits
        if one := _model_or_run(noun, asked, measure, filters):
            found += [] if one == "-" or one in found else [one]
            continue
        limited = "model" in dimensions and measure.better and any(is_threshold(at, asked) for at, _ in asked.numbers)
        many_models = noun.kind == "many" and asked.words[noun.first : noun.last] == ("model",) and not limited
        if many_models or (noun.kind == "many" and measure.counts == noun.value):
            continue
        if noun.span <= _called(measure, asked) and (noun.kind == "many" or asked.words[noun.first] in GRAINS):
            continue
        if (
            measure.equals == noun.value
            or measure.counts == noun.value
            or (measure.unit == "zone" and noun.value == "zone")
        ):
            continue
        if noun.value in KINDS and measure.exploded.startswith("slice"):
            found += ["slice"] if measure.exploded == "slice" and "slice" not in found else []
            continue
        if noun.value == "day" and measure.name in DATES:
            continue  # on what day is when
        if noun.value == "version" and "version" in (measure.unit, measure.counts):
            continue
        if noun.value == "version" and measure.unit == "name":
            return None
        models = noun.value == "family" and measure.source.name in ("contest", "decisions", "champions")
        if models and (len(filters.get("target", ())) > 1 or len(filters.get("service", ())) > 1):
            continue  # which model, the fare's or the duration's
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
    if noun.kind == "many" and asked.words[noun.first : noun.last] == ("model",) and "model" in dimensions:
        return "model" if measure.better and any(is_threshold(at, asked) for at, _ in asked.numbers) else ""
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
