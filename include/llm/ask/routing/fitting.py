"""A measure fits when its rows know everything that is named; the words that are left over are counted."""

from __future__ import annotations

from collections.abc import Iterable

from include.llm.ask.meanings.measure import Measure
from include.llm.ask.question.form import AVERAGES
from include.llm.ask.question.understood import Named, Understood
from include.llm.ask.routing.fit import Fit
from include.llm.ask.routing.limits import is_threshold, is_whole
from include.llm.ask.routing.pending import may_pend, says_little
from include.llm.ask.routing.plan import BANDS, grain_of
from include.llm.ask.routing.scoring import score_of
from include.llm.ask.routing.sides import dimension_of, values_of
from include.llm.ask.routing.slices import find_slices
from include.llm.ask.routing.told_apart import group_of

PARTS_OF_DAY = {band: tuple(str(hour) for hour in hours) for band, hours in BANDS.items()}
PARTS_OF_WEEK = {"weekend": ("5", "6"), "weekday": ("0", "1", "2", "3", "4")}
OF_TRIPS = frozenset({"totals", "trips", "rides", "journeys", "flagged", "statistics", "summary", "cleaning", "kept"})
MODELLED = frozenset(
    {
        "model",
        "training",
        "train",
        "trained",
        "fit",
        "fitted",
        "fitting",
        "predict",
        "predicted",
        "predicting",
        "prediction",
    }
    | {"leaderboard", "tune", "tuning", "tuned", "learn", "learnt", "learned", "forecast", "evaluated", "evaluation"}
)
"""What is said of models is not a figure of trips: a predicted fare is no fare."""


def _is_negated(named: Named, asked: Understood) -> bool:
    """Other than cash, not on weekends: what is asked for is the rest, which no filter here is."""
    before = asked.words[max(0, named.first - 3) : named.first]
    return bool({"except", "excluding", "exclude", "without", "besides", "apart"} & set(before)) or (
        "not" in before or "non" in before[-1:] or tuple(before[-2:]) == ("other", "than")
    )


def fit_of(measure: Measure, asked: Understood) -> Fit | None:
    spans = _apart(asked.said.get(measure.name, ()))
    covered = frozenset().union(*spans) if spans else frozenset[int]()
    filters: dict[str, list[str]] = {}
    roles: list[str] = []
    used: set[frozenset[int]] = set()
    pending: list[Named] = []
    for named in asked.named:
        dimension = dimension_of(named, measure, asked)
        if named.kind == "role" and measure.source.roles:
            roles.append(named.value)
        elif named.kind == "role" and named.value == "baseline" and measure.equals == "family":
            filters["family"] = ["zone_pair_median"]  # is the baseline the champion?
        elif (
            (dimension == "column" and measure.source.expressions and says_little(named, asked))
            or dimension is None
            or (
                dimension not in measure.needs
                and named.span <= covered
                and named.kind != "service"
                and dimension not in measure.source.needs
                and named.kind in ("column", "target")
            )
        ):
            pending.append(named)
            continue
        else:
            for value in values_of(named, dimension):
                filters.setdefault(dimension, [])
                if value not in filters[dimension]:
                    filters[dimension].append(value)
        used.add(named.span)
    if any(_is_negated(n, asked) and n.span in used and not n.span <= covered for n in asked.named):
        return None
    _pair_parts(filters, measure)
    constants = {n: e.strip("'") for n, e in measure.source.dimensions.items() if e.startswith("'")}
    if any(filters.get(name, [value]) != [value] for name, value in constants.items()):
        return None
    if "column" in measure.source.needs and "column" not in filters and (column := _column_meant(asked)):
        filters["column"] = [column]
    if measure.exploded == "slice" and not find_slices(asked, filters, used):
        return None
    used.update(noun.span for noun in asked.groups)
    if not may_pend(pending, measure, covered, used, asked):
        return None
    if any(not set(filters.get(name, ())) <= values for name, values in measure.source.only.items()):
        return None
    if measure.source.expressions and len(filters.get("column", ())) > 1:
        return None
    columns = measure.columns or measure.source.columns
    if columns and not set(filters.get("column", ())) <= columns:
        return None
    if measure.source.stage and "stage" not in filters:
        filters["stage"] = [measure.source.stage]
    if measure.column:
        filters["column"] = [measure.column]
    group = group_of(asked, measure, covered, filters)
    if group is None or any(need not in filters for need in measure.needs if need not in ("target", "slice")):
        return None
    if any(need not in {*filters, *group} for need in measure.source.needs if need not in ("service", "target")):
        return None
    if asked.when.days and "day" not in measure.source.dimensions:
        return None
    if grain_of(measure.source, frozenset((*filters, *group))) is None:
        return None
    of_trips = measure.source.name in OF_TRIPS
    left = tuple(
        word
        for place, word in enumerate(asked.words)
        if (place not in asked.explained | covered or (of_trips and word in MODELLED and place not in covered))
        and word not in AVERAGES
        and not is_threshold(place, asked)
        and not is_whole(place, asked)
    )
    if "prospective" in roles:
        roles = ["prospective"]  # it is a score of the champion's
    return Fit(
        measure,
        {name: tuple(values) for name, values in filters.items()},
        tuple(dict.fromkeys(roles)),
        group,
        left,
        score_of(measure, asked, spans, filters, group, roles),
    )


def _pair_parts(filters: dict[str, list[str]], measure: Measure) -> None:
    """Weekends against weekdays, nights against evenings: kinds of hours and days, where both are named."""
    for name, coarse, values in (("weekday", "week_part", PARTS_OF_WEEK), ("hour", "band", PARTS_OF_DAY)):
        if coarse not in measure.source.dimensions or name not in filters:
            continue
        held = [part for part, of in values.items() if set(of) <= set(filters[name])]
        whole = [value for part in held for value in values[part]]
        if held and sorted(whole) == sorted(filters[name]):
            filters[coarse] = sorted(held, key=lambda part: filters[name].index(values[part][0]))
            del filters[name]


def _column_meant(asked: Understood) -> str:
    """The column of a target that is named, or of what an order is of."""
    targets = asked.values("target")
    if len(targets) == 1:
        return targets[0]
    orders = {"long": "duration_min", "short": "duration_min", "expensive": "fare_usd", "cheap": "fare_usd"}
    return orders.get(asked.order, "") or (
        "duration_min" if {"take", "took", "last", "lasted"} & set(asked.words) else ""
    )


def _apart(spans: Iterable[frozenset[int]]) -> list[frozenset[int]]:
    """The longest spans that do not overlap."""
    kept: list[frozenset[int]] = []
    for span in sorted(spans, key=lambda s: (-len(s), min(s))):
        if not any(span & other for other in kept):
            kept.append(span)
    return kept
