"""From a question's parts to a plan: the measure that explains every word, on rows that know everything that is named.

A measure is refused when its rows do not have what the question names, or when a word stays that nobody can explain:
then something else is asked for, and a number would be the answer to another question.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from include.llm.plan import BANDS, Plan, Shape, grain_of
from include.llm.semantics import Measure, lexicon, measures
from include.llm.understanding import AVERAGES, Named, Understood

SOFT = frozenset({"side", "decision", "severity_word"})
"""What may be named without effect."""
ROLE_OF_THE_WORDS = frozenset({"decisions", "champions", "versions", "decisions_taken", "staleness"})
"""Sources that are about champions and decisions anyhow: a role is part of how they are asked for."""
IMPLIED = {
    "busy": ("trips", "day_trips"),
    "quiet": ("trips", "day_trips"),
    "fast": ("speed", "fit_seconds"),
    "slow": ("speed", "fit_seconds"),
    "long": ("mean_duration", "mean_distance", "fit_seconds"),
    "short": ("mean_duration", "mean_distance", "fit_seconds"),
    "cheap": ("mean_fare",),
    "expensive": ("mean_fare",),
    "best": ("loss_tune", "loss", "slice_loss"),
    "worst": ("loss_tune", "loss", "slice_loss"),
}
"""Orders that say what is measured."""
PAIRS = {
    "service",
    "target",
    "family",
    "role",
    "zone",
    "borough",
    "stage",
    "reason",
    "payment",
    "weekday",
    "hour",
    "slice",
    "column",
    "version",
}
OPERATORS = (
    (("at", "least"), ">="),
    (("at", "most"), "<="),
    (("more", "than"), ">"),
    (("less", "than"), "<"),
    (("fewer", "than"), "<"),
    (("above",), ">"),
    (("over",), ">"),
    (("below",), "<"),
    (("under",), "<"),
    (("higher", "than"), ">"),
    (("lower", "than"), "<"),
    (("greater", "than"), ">"),
    (("exceed",), ">"),
    (("exactly",), "=="),
    (("close", "to"), "~"),
    (("closer", "to"), "~"),
    (("closest", "to"), "~"),
    (("nearer", "to"), "~"),
    (("nearest", "to"), "~"),
    (("near", "to"), "~"),
    (("better", "than"), "best"),
    (("worse", "than"), "worst"),
)
PARTS_OF_DAY = {band: tuple(str(hour) for hour in hours) for band, hours in BANDS.items()}
PARTS_OF_WEEK = {"weekend": ("5", "6"), "weekday": ("0", "1", "2", "3", "4")}
NAMING = frozenset({"fast", "slow", "long", "short", "cheap", "expensive", "busy", "quiet"})
"""Orders that only go with what they name: the longest is of durations or distances, never of counts."""
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
BECOMING = frozenset(
    {"get", "got", "gotten", "become", "became", "grow", "grew", "turn", "turned", "getting", "becoming"}
)
"""Of two months the later one is asked for: did trips get longer?"""
PAIRED = ("compared", "difference", "yes", "ranked", "same", "times")
COUNTED = frozenset({"promotions", "rollbacks", "decisions", "versions"})
JOINING = frozenset({"or", "in", "than", "at", "vs", "versus", "the", "and", "compared", "with", "those"})
DATES = frozenset({"champion_since", "learnt_to", "ingested_at", "tested_on"})
ORDINALS = {"second": 2, "third": 3}


@dataclass(frozen=True)
class Fit:
    """How a measure explains a question; fewer words left over win, then the higher score."""

    measure: Measure
    filters: Mapping[str, tuple[str, ...]]
    roles: tuple[str, ...]
    group: tuple[str, ...]
    left: tuple[str, ...]
    score: float


def fits_of(asked: Understood) -> list[Fit]:
    """Every measure that can be asked so, the best first."""
    names = dict.fromkeys(
        [
            *asked.said,
            *(name for o in asked.orders for name in IMPLIED.get(o.value, ()) if _may_imply(name, asked)),
            *(("quarantined", "quarantined_share") if asked.values("reason") else ()),
        ]
    )
    found = [fit for name in names if (fit := _fit(measures()[name], asked)) is not None and _does_all(asked, fit)]
    order = list(measures())
    return sorted(found, key=lambda fit: (len(fit.left), -fit.score, order.index(fit.measure.name)))


def _may_imply(name: str, asked: Understood) -> bool:
    """Who is slow to fit needs a word of fitting or a family; the longest trip has neither."""
    fitting = {"fit", "train", "training", "fitting", "fitted", "trained", "learn"} & set(asked.words)
    grouped = any(g.value == "family" for g in asked.groups)
    return name != "fit_seconds" or bool(fitting or grouped or asked.values("family"))


def _is_negated(named: Named, asked: Understood) -> bool:
    """Other than cash, not on weekends: what is asked for is the rest, which no filter here is."""
    before = asked.words[max(0, named.first - 3) : named.first]
    return bool({"except", "excluding", "exclude", "without", "besides", "apart"} & set(before)) or (
        "not" in before or "non" in before[-1:] or tuple(before[-2:]) == ("other", "than")
    )


def _does_all(asked: Understood, fit: Fit) -> bool:
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
    limits = any(_is_threshold(at, asked) and at not in said for at, _ in asked.numbers)
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
    if asked.form == "many" and _says("than", asked) and plan.shape == "value":
        return False  # how many trips took longer than an hour counts trips, which no mean does
    if _says("same", asked) and plan.shape != "same":
        return False
    if plan.shape == "ranked" and "target" in plan.group and fit.measure.unit == "target":
        return False  # minutes, dollars and log loss have no order
    if plan.shape in ("yes", "compared", "difference", "same") and fit.group and _pair(fit) not in fit.group:
        return False
    averaged = [i for i, word in enumerate(asked.words) if word in AVERAGES]
    means = "mean" in fit.measure.says or "average" in fit.measure.says
    if averaged and not set(averaged) <= said and plan.shape != "averaged" and not means:
        return False
    shared = fit.measure.unit == "share" or plan.shape in ("share", "difference", "times")
    if "share" in asked.shapes and not shared and not plan.op:
        return False
    return plan.shape != "share" or bool(set(plan.filters) - {"service", "month", "target"})


def _says(said: str, asked: Understood) -> bool:
    """The same family, but not the same zone, which is a column; longer than, but not inside a reason's name."""
    spoken = frozenset[int]().union(*(n.span for n in asked.named))
    return any(word == said and place not in spoken for place, word in enumerate(asked.words))


def _is_said_of_another(order: Named, asked: Understood) -> bool:
    """The best model, at least: words of order inside a name."""
    return any(order.span <= named.span for named in (*asked.named, *asked.groups))


def plan_of(asked: Understood, fit: Fit) -> Plan:
    """The plan of a fit: shape, direction, and what the answer leads with."""
    asked = _without_said_orders(asked, fit.measure)
    pair = _pair(fit)
    shape = _shape(asked, fit, pair)
    op, number = _threshold(asked, fit)
    descending = _descending(asked.order, fit.measure) if not op.isalpha() else _descending(op, fit.measure)
    if op.isalpha() and op:
        op = ">" if descending else "<"
    if op == "~" and (pair or fit.group):
        near = fit.group or (pair,)
        told = asked.form == "yes" and "or" not in asked.words and bool(pair)
        return Plan(fit.measure, "nearest", fit.filters, fit.roles, near, False, "", number, verdict=told)
    if shape == "listed":
        newest = "newest" in asked.shapes and fit.measure.counts == "month"
        return Plan(fit.measure, shape, fit.filters, fit.roles, (fit.measure.counts,), descending=newest)
    ranks = fit.measure.source.ranks
    if ranks and asked.orders and shape == "value" and not fit.group and ranks not in fit.filters:
        return Plan(
            fit.measure,
            "ranked",
            fit.filters,
            fit.roles,
            (ranks,),
            descending,
            names_value=not {"who", "which"} & set(asked.words),
            place=_place(asked),
        )
    group = fit.group or ((pair,) if pair and shape in PAIRED else ())
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
        "share" in asked.shapes and shape == "difference",
        (),
        _place(asked),
        asked.order in ("rise", "fall") or (group == () and bool(BECOMING & set(asked.words))),
    )


def _without_said_orders(asked: Understood, measure: Measure) -> Understood:
    """Lower is no order in lower bound."""
    said = asked.said.get(measure.name, ())
    return replace(asked, orders=tuple(o for o in asked.orders if not any(o.span < span for span in said)))


def _fit(measure: Measure, asked: Understood) -> Fit | None:
    spans = _apart(asked.said.get(measure.name, ()))
    covered = frozenset().union(*spans) if spans else frozenset[int]()
    filters: dict[str, list[str]] = {}
    roles: list[str] = []
    used: set[frozenset[int]] = set()
    pending: list[Named] = []
    for named in asked.named:
        dimension = _dimension(named, measure, asked)
        if named.kind == "role" and measure.source.roles:
            roles.append(named.value)
        elif named.kind == "role" and named.value == "baseline" and measure.equals == "family":
            filters["family"] = ["zone_pair_median"]  # is the baseline the champion?
        elif (
            (dimension == "column" and measure.source.expressions and _says_little(named, asked))
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
            for value in _values(named, dimension):
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
    if measure.exploded == "slice" and not _slices(asked, filters, used):
        return None
    used.update(noun.span for noun in asked.groups)
    if not _may_pend(pending, measure, covered, used, asked):
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
    group = _group(asked, measure, covered, filters)
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
        and not _is_threshold(place, asked)
        and not _is_whole(place, asked)
    )
    if "prospective" in roles:
        roles = ["prospective"]  # it is a score of the champion's
    return Fit(
        measure,
        {name: tuple(values) for name, values in filters.items()},
        tuple(dict.fromkeys(roles)),
        group,
        left,
        _score(measure, asked, spans, filters, group, roles),
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


def _score(
    measure: Measure,
    asked: Understood,
    spans: list[frozenset[int]],
    filters: Mapping[str, list[str]],
    group: tuple[str, ...],
    roles: list[str],
) -> float:
    best = max((len(span) for span in spans), default=0)
    role = frozenset[int]().union(*(n.span for n in asked.named if n.kind == "role"))
    score = (
        2.0 * sum(len(span) - 0.5 * len(span & role) for span in spans)
        + best
        + 1.0 * len(filters)
        + 1.5 * len(group)
        + 1.5 * bool(roles)
    )
    shares, counted = "share" in asked.shapes, "count" in asked.shapes
    if measure.unit == "share":
        score += 4 if shares else -2 if counted else -3 if measure.name in ("kept_share", "quarantined_share") else 0
    elif shares and measure.unit in ("rows", "trips", "values"):
        score -= 1
    said_count = any("number" in asked.words[min(s) : max(s) + 1] for s in spans)
    if counted and not measure.counts and _is_uncounted(measure, asked) and not said_count:
        score -= 4
    if measure.name == "rows_scored" and not counted:
        score -= 4
    if "many" in asked.words[:-1] and counted:
        score += _subject(asked.words.index("many"), spans)
    implied = IMPLIED.get(asked.order, ())
    if asked.order not in ("best", "worst") and measure.name in implied:
        score += 3 - 0.1 * implied.index(measure.name)
    if not spans:
        score += 1.5 if asked.order in ("best", "worst", "busy") or (group and group[0] == "family") else 0.5
    if "total" in asked.shapes and measure.adds:
        score += 1
    if measure.unit in COUNTED and asked.form == "which" and not {"count", "total"} & asked.shapes:
        score -= 2
    if measure.source.months:
        score -= 3  # trip by trip only where no sums tell it apart
    if "champion" in asked.values("role") and measure.source.name == "champions" and asked.form != "many":
        score += 2
    if measure.name == "fit_seconds" and not ({*filters, *group} & {"family", "target"}) and not spans:
        score -= 2
    if measure.source.name == "contest" and "family" in filters and not roles:
        score -= 2  # what is said of a family, and not of who met the champion, is said of its fit
    if asked.form == "when":
        score += 6 if measure.name in DATES else -6
    if "who" in asked.words and measure.name == "actor":
        score += 4
    if "who" in asked.words[:2] and measure.unit != "name" and not group:
        score -= 6
    if measure.unit == "name" and asked.form == "many":
        score -= 4
    return score


def _subject(many: int, spans: list[frozenset[int]]) -> float:
    """What stands right behind how many is what is counted."""
    reach = (many + step for step in (1, 2, 3))
    return next((2.5 - 0.5 * step for step, place in enumerate(reach) if any(place in span for span in spans)), 0.0)


def _is_uncounted(measure: Measure, asked: Understood) -> bool:
    """How many asks for a whole number, or for the unit that it names: how many minutes."""
    if measure.unit in ("name", "yes", "zone", "version", "place"):
        return True
    named = {"minutes": "minute", "seconds": "second", "dollars": "dollar", "miles": "mile", "target": "minute"}
    return measure.decimals > 0 and named.get(measure.unit, "") not in asked.words


def _dimension(named: Named, measure: Measure, asked: Understood) -> str | None:
    """The column of the measure's rows that a named value is of."""
    dimensions = measure.source.dimensions
    kind = named.kind
    if kind == "column" and measure.source.expressions:
        return kind
    if kind in ("zone", "borough") and f"pickup_{kind}" in dimensions and kind not in dimensions:
        side = _side(named, asked)
        return f"{side}_{kind}" if f"{side}_{kind}" in dimensions else None
    if kind == "slice":
        return (
            "hour" if measure.exploded != "slice" and "hour" in dimensions and named.value.startswith("hours") else None
        )
    if kind == "family" and measure.source.name == "contest" and "family" in dimensions:
        return "family"
    return kind if kind in dimensions and not (kind == "role" and measure.source.roles) else None


def _values(named: Named, dimension: str) -> list[str]:
    if named.kind == "slice":
        return [str(hour) for hour in BANDS[named.value.removeprefix("hours ")]]
    return named.value.split(",") if dimension in ("weekday",) else [named.value]


def _side(named: Named, asked: Understood) -> str:
    """Where a trip ends when a word for it stands shortly before the place, else where it starts."""
    before = list(asked.words[max(0, named.first - 4) : named.first])
    other = [n for n in asked.named if n.kind in ("zone", "borough") and n.last <= named.first]
    if other:
        before = list(asked.words[other[-1].last : named.first])
        if "from" not in asked.words[: other[-1].first] and before and set(before) <= JOINING:
            return _side(other[-1], asked)  # in Manhattan or in Brooklyn
    for word in reversed(before):
        if word in (
            "to",
            "dropoff",
            "end",
            "ended",
            "ending",
            "destination",
            "arrive",
            "arrived",
            "into",
            "bound",
            "toward",
        ):
            return "dropoff"
        if word in (
            "from",
            "pickup",
            "start",
            "started",
            "starting",
            "begin",
            "began",
            "leave",
            "leaving",
            "picked",
            "left",
        ):
            return "pickup"
    later = asked.words[named.last : named.last + 3]
    if any(word in ("dropoff", "destination", "bound") for word in later[:1]):
        return "dropoff"
    ends = {"dropoff", "end", "ended", "ending", "destination", "arrive"}
    starts = {"pickup", "start", "started", "starting", "from", "begin", "began", "leave"}
    return "dropoff" if ends & set(asked.words) and not starts & set(asked.words) and not other else "pickup"


def _slices(asked: Understood, filters: dict[str, list[str]], used: set[frozenset[int]]) -> bool:
    """Which parts of a month are named; `filters` gets them as `slice`."""
    boroughs = [n for n in asked.named if n.kind == "borough"]
    zones = [n for n in asked.named if n.kind == "zone"]
    found = [(n.value, [n]) for n in asked.named if n.kind == "slice"]
    for kind, named, sign in (("boroughs", boroughs, " > "), ("route", zones, "-")):
        if named:
            pair = (
                named
                if len(named) == 2
                else [named[0], named[0]]
                if "within" in asked.words or "inside" in asked.words
                else []
            )
            if not pair:
                return False
            found.append((f"{kind} {pair[0].value}{sign}{pair[1].value}", pair))
    filters["slice"] = [value for value, _ in found]
    used.update(n.span for _, parts in found for n in parts)
    grouped = any(g.value == "slice" for g in asked.groups)
    if not found and not grouped:
        return False
    if not found:
        del filters["slice"]
    return True


def _may_pend(
    pending: Iterable[Named], measure: Measure, covered: frozenset[int], used: set[frozenset[int]], asked: Understood
) -> bool:
    """What could not be used must be words of the measure itself, words of something used, or without effect."""
    for named in pending:
        soft = (
            named.kind in SOFT
            or (named.kind == "weekday" and bool(asked.when.days))
            or named.kind == "table"
            or named.kind in measure.ignores
            or (named.kind == "role" and _role_is_said(named, measure))
        )
        word_of_stage = named.kind == "stage" and named.last - named.first == 1 and "_" not in named.value
        if soft or named.span <= covered or any(named.span <= span for span in used):
            continue
        little = named.kind in ("column", "target") and _says_little(named, asked)
        if little or (named.kind == "column" and _is_model_word(named, measure)):
            continue
        if word_of_stage and measure.source.name in (
            "totals",
            "trips",
            "cleaning",
            "months",
            "kept",
            "statistics",
            "verdicts",
        ):
            continue
        return False
    return True


def _role_is_said(named: Named, measure: Measure) -> bool:
    return measure.source.name in ROLE_OF_THE_WORDS or (
        measure.source.name == "fits" and named.value in ("champion", "baseline")
    )


def _says_little(named: Named, asked: Understood) -> bool:
    """In total is no column."""
    return named.last - named.first == 1 and all(
        word in lexicon().harmless for word in asked.words[named.first : named.last]
    )


def _is_model_word(named: Named, measure: Measure) -> bool:
    return "target" in measure.source.dimensions and named.value in ("duration_min", "fare_usd", "high_tip")


def _group(
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
        many_models = noun.kind == "many" and asked.words[noun.first : noun.last] == ("model",)
        if many_models or (noun.kind == "many" and (measure.counts == noun.value or noun.span <= covered)):
            continue
        if (
            measure.equals == noun.value
            or measure.counts == noun.value
            or (measure.unit == "zone" and noun.value == "zone")
        ):
            continue
        if noun.value == "slice" and measure.exploded == "slice":
            found.append("slice")
            continue
        if noun.value == "version" and "version" in (measure.unit, measure.counts):
            continue
        if noun.value == "version" and measure.unit == "name":
            return None
        models = noun.value == "family" and measure.source.name in ("contest", "decisions", "champions")
        if models and (len(filters.get("target", ())) > 1 or len(filters.get("service", ())) > 1):
            continue  # which model, the fare's or the duration's
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
    return noun.value in ("family", "version", "target", "column", "table", "role", "stage") and (
        measure.unit == "name" or noun.value in filters or measure.counts == noun.value
    )


def _pair(fit: Fit) -> str:
    """The dimension of which two or more values were named, to be held against each other."""
    if len(fit.roles) > 1:
        return "role"
    several = [
        name
        for name, values in fit.filters.items()
        if len(values) == 2 or (len(values) > 1 and name not in ("weekday", "hour"))
    ]
    return several[0] if several else ""


def _shape(asked: Understood, fit: Fit, pair: str) -> Shape:
    measure = fit.measure
    two_months = len(asked.when.months) > 1
    if _says("same", asked) and pair:
        return "same"
    if measure.truth and fit.group:
        return "value"
    named_by_which = asked.form == "which" and any(word in ("which", "who") for word in asked.words)
    if asked.orders and asked.order in ("rise", "fall") and two_months and asked.form == "yes":
        return "yes"
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
    if fit.group and measure.counts == "" and any(g.kind == "many" and g.value in fit.group[0] for g in asked.groups):
        return "counted"
    against = bool(asked.orders) or bool({"compare", "versus", "vs"} & set(asked.words))
    if (pair or (two_months and not asked.when.span)) and against:
        return "compared"
    told = {"count", "total", "share"} & asked.shapes
    listed = measure.counts in measure.source.dimensions and not fit.group and not told
    if listed and asked.form not in ("many", "yes"):
        return "listed"
    if fit.group and measure.adds and AVERAGES & set(asked.words) and not asked.orders:
        return "averaged"
    if "share" in asked.shapes and measure.unit in ("trips", "rows", "zones", "values") and measure.adds:
        return "share"
    return "value"


def _yes_shape(asked: Understood, fit: Fit, pair: str, two_months: bool) -> Shape:
    measure = fit.measure
    if (pair or two_months) and (asked.orders or pair == "role"):
        return "yes"
    if _threshold(asked, fit)[0]:
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
            "families",
            "versions",
        )
    ):
        return "threshold"
    return "value"


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
    return order not in ("short", "cheap", "fast")


def _threshold(asked: Understood, fit: Fit) -> tuple[str, float]:
    """The comparison with a figure that the question names: (operator, figure), or ("", 0)."""
    covered = (
        frozenset().union(*asked.said.get(fit.measure.name, ())) if asked.said.get(fit.measure.name) else frozenset()
    )
    for place, value in asked.numbers:
        if place in covered:
            continue
        before = _before(asked, place)
        for words, operator in OPERATORS:
            if any(tuple(before[i : i + len(words)]) == words for i in range(len(before))):
                return operator, value
        if asked.form == "yes":
            return "==", value
    return "", 0.0


def _before(asked: Understood, place: int) -> tuple[str, ...]:
    """The words before a figure, without those that only stand between it and its limit."""
    idle = ("the", "a", "an", "nominal", "aim", "target", "of", "usual")
    return tuple(word for word in asked.words[max(0, place - 5) : place] if word not in idle)[-3:]


def _is_threshold(place: int, asked: Understood) -> bool:
    """Whether a number is the one that is compared with."""
    if place not in {at for at, _ in asked.numbers}:
        return False
    before = _before(asked, place)
    spoken = any(tuple(before[i : i + len(w)]) == w for w, _ in OPERATORS for i in range(len(before)))
    return spoken or asked.form == "yes"


def _is_whole(place: int, asked: Understood) -> bool:
    """Of the 265 zones: a figure that only says how many there are in all."""
    before, after = asked.words[max(0, place - 2) : place], asked.words[place + 1 : place + 3]
    nouns = {phrase[0] for phrase in lexicon().groups if len(phrase) == 1}
    whole = before == ("of", "the") or before[-1:] in (("top",), ("first",))
    return asked.words[place].isdigit() and whole and bool(nouns & set(after))


def _names_value(asked: Understood, shape: Shape) -> bool:
    """How many trips did the busiest zone have: the figure comes first."""
    if shape != "ranked":
        return False
    asked_name = any(0 <= g.first - o.last <= 1 for g in asked.groups for o in asked.orders)
    if asked_name and asked.form != "many":
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


def _place(asked: Understood) -> int:
    return next((place for word, place in ORDINALS.items() if word in asked.words), 1)
