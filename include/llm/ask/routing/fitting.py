"""A measure fits when its rows know everything that is named; the words that are left over are counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from include.llm.ask.meanings.measure import Measure
from include.llm.ask.question.form import AVERAGES, averages_alone
from include.llm.ask.question.understood import Understood
from include.llm.ask.routing.fit import Fit
from include.llm.ask.routing.leaving_out import is_turned, leave_out
from include.llm.ask.routing.limits import is_threshold, is_whole
from include.llm.ask.routing.pending import may_pend
from include.llm.ask.routing.plan import BANDS, grain_of
from include.llm.ask.routing.scoring import score_of
from include.llm.ask.routing.slices import find_slices, least_rows
from include.llm.ask.routing.steps import find_steps
from include.llm.ask.routing.taking import Taken, is_rival, taken_of
from include.llm.ask.routing.told_apart import group_of

PARTS_OF_DAY = {band: tuple(str(hour) for hour in hours) for band, hours in BANDS.items()}
PARTS_OF_WEEK = {"weekend": ("5", "6"), "weekday": ("0", "1", "2", "3", "4")}
OF_TRIPS = frozenset((
    "months", "totals", "trips", "rides", "journeys", "flagged", "statistics", "summary", "cleaning", "kept",
))  # fmt: skip
MODELLED = frozenset((
    "model", "training", "train", "trained", "fit", "fitted", "fitting", "predict", "predicted", "predicting",
    "prediction", "leaderboard", "tune", "tuning", "tuned", "learn", "learnt", "learned", "forecast", "evaluated",
    "evaluation", "test", "contest",
))  # fmt: skip
"""What is said of models is not a figure of trips: a predicted fare is no fare."""


SINCE = frozenset({"because", "due", "owing", "bc"})
"""What a reason follows: because the pickup was in another month."""


def fit_of(measure: Measure, asked: Understood) -> Fit | None:
    """How a measure would answer; None where its rows do not know something that is named."""
    said = asked.said.get(measure.name, ())
    spans, covered = _apart(said), frozenset[int]().union(*said)
    if measure.role and measure.role not in asked.values("role"):
        return None
    if _is_of_other_days(measure, asked):
        return None
    if measure.average_of and not averages_alone(asked.words, covered):
        return None
    taken = taken_of(measure, asked, covered)
    without = leave_out(asked, taken)
    if is_turned(asked, taken, covered, without):
        return None
    _pair_parts(taken.filters, measure)
    if not (_fill_in(measure, asked, taken) and may_pend(taken.pending, measure, covered, taken.used, asked)):
        return None
    if not _has_the_values(measure, taken.filters):
        return None
    if measure.column:
        taken.filters["column"] = [measure.column]
    group = group_of(asked, measure, covered, taken.filters)
    if group is None or not _has_the_grain(measure, asked, taken.filters, group):
        return None
    score = score_of(measure, asked, spans, taken.filters, group, taken.roles)
    if measure.source.stage:
        taken.filters.setdefault("stage", [measure.source.stage])
    return Fit(
        measure,
        {name: tuple(values) for name, values in taken.filters.items()},
        # a prospective score is one of the champion's
        ("prospective",) if "prospective" in taken.roles else _with_rival(tuple(dict.fromkeys(taken.roles)), asked),
        group,
        _left_over(measure, asked, covered, taken),
        score,
        (*said, *(n.span for n in asked.named if n.optional and n.span in taken.used)),
        without,
    )


def _is_of_other_days(measure: Measure, asked: Understood) -> bool:
    """A score of the tune days is none of the test month, and where both are named neither is the answer alone."""
    days = asked.values("days") or _days_of_champion(measure, asked)
    scored = bool(measure.better) and measure.unit != "seconds" and bool(measure.source.days)
    return scored and bool(days) and (len(days) > 1 or days[0] != measure.source.days)


def _days_of_champion(measure: Measure, asked: Understood) -> tuple[str, ...]:
    """A champion's error is that of its test month, unless the fits are spoken of."""
    fits = {"tune", "tuning", "tuned", "leaderboard", "validation", "fit", "fitted", "run", "trained", "training"}
    alone = asked.values("role") == ("champion",) and not asked.values("family") and not fits & set(asked.words)
    return ("test",) if alone and measure.average_of else ()


def _with_rival(roles: tuple[str, ...], asked: Understood) -> tuple[str, ...]:
    """Is the model worse than the baseline: the champion is the model that is meant."""
    if roles == ("baseline",) and any(is_rival(n, asked) for n in asked.named if n.kind == "role"):
        return ("champion", "baseline")
    return roles


def _fill_in(measure: Measure, asked: Understood, taken: Taken) -> bool:
    """Adds the column that is meant and the slices that are named; False where the measure is of other ones."""
    constants = {n: e.strip("'") for n, e in measure.source.dimensions.items() if e.startswith("'")}
    if any(taken.filters.get(name, [value]) != [value] for name, value in constants.items()):
        return False
    if "column" in measure.source.needs and "column" not in taken.filters and (column := _column_meant(asked)):
        taken.filters["column"] = [column]
    if "since" in measure.source.dimensions and not find_steps(asked, taken.filters, taken.used):
        return False
    if measure.exploded.startswith("slice"):
        named = find_slices(asked, taken.filters, taken.used)
        if measure.exploded == "slice" and not named:
            return False
    taken.used.update(noun.span for noun in asked.groups)
    return True


def _has_the_values(measure: Measure, filters: Mapping[str, Sequence[str]]) -> bool:
    """Whether the rows have what the filters name: some are of one column, or of a few."""
    only = (*measure.source.only.items(), *measure.only.items())
    if any(not set(filters.get(name, ())) <= values for name, values in only):
        return False
    named, columns = filters.get("column", ()), measure.columns or measure.source.columns
    return not (measure.source.expressions and len(named) > 1) and (not columns or set(named) <= columns)


def _has_the_grain(
    measure: Measure, asked: Understood, filters: Mapping[str, Sequence[str]], group: Sequence[str]
) -> bool:
    """Whether all is named that the rows must be told by, and the rows are fine enough for it."""
    if any(need not in filters for need in measure.needs if need not in ("target", "slice")):
        return False
    if any(need not in {*filters, *group} for need in measure.source.needs if need not in ("service", "target")):
        return False
    if measure.source.apart and len(filters.get(measure.source.apart, ())) < 2:
        return False
    if asked.when.days and "day" not in measure.source.dimensions:
        return False
    return grain_of(measure.source, frozenset((*filters, *group))) is not None


def _left_over(measure: Measure, asked: Understood, covered: frozenset[int], taken: Taken) -> tuple[str, ...]:
    """Words that nothing explains; why rows were set aside has to be a reason that is used."""
    of_trips = measure.source.name in OF_TRIPS and not _is_of_the_matrix(measure, asked)
    counted = {least_rows(asked)[0]} if measure.exploded == "slice" else set()
    covered = covered.union(*(n.span for n in asked.named if n.optional and n.span in taken.used))
    last = max((min(span) for span in taken.used if span), default=-1)
    return tuple(
        word
        for place, word in enumerate(asked.words)
        if (
            (place not in asked.explained | covered and word not in measure.source.context)
            or (word in SINCE and place > last)
            or (of_trips and word in MODELLED and place not in covered)
        )
        and place not in counted
        and word not in AVERAGES
        and not is_threshold(place, asked)
        and not is_whole(place, asked)
    )


def _is_of_the_matrix(measure: Measure, asked: Understood) -> bool:
    """What models see of trips is in the statistics of their columns."""
    return measure.source.name == "statistics" and bool({"see", "saw", "input", "feature", "label"} & set(asked.words))


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
