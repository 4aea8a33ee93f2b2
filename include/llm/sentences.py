"""Rows as sentences. The figure or the name that was asked for comes first; every number in a text is one of its
facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from include.llm.answering import Answer, Citation, Fact, Kind
from include.llm.semantics import Measure
from include.llm.shown import figure, month_name, name_of, unit_of
from include.warehouse.reading import Row

if TYPE_CHECKING:
    from include.llm.structured import Settled

MOST_LISTED = 12
PLURALS = {
    "family": "families",
    "pickup_zone": "zones",
    "dropoff_zone": "zones",
    "pickup_borough": "boroughs",
    "dropoff_borough": "boroughs",
    "day": "days",
}
LABELS = ("model", "version", "family", "run_id", "trained_to", "role")
GOOD = ("good",)
"""Verdicts of the quality report that mean yes, the month can be used as it is."""


def value(settled: Settled, rows: list[Row]) -> Answer:
    """One figure, or one for each of what is told apart."""
    if settled.plan.measure.truth and settled.group:
        return listed(settled, [row for row in rows if row["value"]] or rows[:0])
    if len(rows) == 1:
        fact = _fact(settled, rows[0])
        return _answer(settled, rows, [fact], f"**{fact.shown}**: {_says(settled)}{_of(settled, rows[0])}.")
    facts = [_fact(settled, row) for row in rows[:MOST_LISTED]]
    lines = [f"- {_place(settled, row)}: **{fact.shown}**" for row, fact in zip(rows, facts, strict=False)]
    left = len(rows) - len(facts)
    more = ["", "More are there; ask for one of them."] if left > 0 else []
    return _answer(
        settled, rows, facts, "\n".join([f"{_capital(_says(settled))}{_of(settled, {})}:", "", *lines, *more])
    )


def ranked(settled: Settled, rows: list[Row]) -> Answer:
    """Who has the most or the least, and of how much."""
    order = sorted(rows, key=lambda row: float(row["value"]), reverse=settled.plan.descending)
    place = min(settled.plan.place, len(order)) - 1
    first, fact = order[place], _fact(settled, order[place])
    name = _lead(settled, first, fact)
    most = "most" if settled.plan.descending else "least"
    nth = {0: "", 1: "second ", 2: "third "}.get(place, "")
    text = (
        f"**{name.shown}**: {fact.shown}, the {nth}{_word(settled.plan.measure, most)} of "
        f"{_plural(settled.group)} ({_says(settled)}{_of(settled, {})})."
    )
    if settled.plan.names_value:
        text = (
            f"**{fact.shown}**, {name.shown}: the {nth}{_word(settled.plan.measure, most)} of {_plural(settled.group)} "
            f"({_says(settled)}{_of(settled, {})})."
        )
    equal = [row for row in order if row["value"] == first["value"] and row is not first]
    text += f" As much: {', '.join(_place(settled, row) for row in equal[:3])}." if equal else ""
    nexts = [_fact(settled, row) for row in order[place + 1 : place + 3] if row not in equal]
    following = [f"{_place(settled, row)} {f.shown}" for row, f in zip(order[place + 1 :], nexts, strict=False)]
    text += f" Next: {', '.join(following)}." if following and not equal else ""
    facts = [fact, name, *nexts] if settled.plan.names_value else [name, fact, *nexts]
    return _answer(settled, [first], facts, text, "number" if settled.plan.names_value else "comparison")


def compared(settled: Settled, rows: list[Row]) -> Answer:
    """Which of those that were named has more, is better, or whatever was asked."""
    pair = _pair(settled, rows)
    order = sorted(pair, key=lambda row: float(row["value"]), reverse=settled.plan.descending)
    facts = [_fact(settled, row) for row in order]
    name = _lead(settled, order[0], facts[0])
    gap = _gap(settled, order[0], order[-1])
    even = float(order[0]["value"]) == float(order[1]["value"])
    told = ", ".join(f"{_place(settled, row)} {fact.shown}" for row, fact in zip(order, facts, strict=True))
    lead = "**Neither**: they are equal" if even else f"**{name.shown}**"
    text = f"{lead}. {_capital(_says(settled))}{_of(settled, {})}: {told}; a difference of {gap.shown}."
    return _answer(settled, order, [name, *facts, gap], text, "comparison")


def difference(settled: Settled, rows: list[Row]) -> Answer:
    """By how much they differ; with a share asked for, relative to the second one."""
    pair = _pair(settled, rows)
    first, second = pair[0], pair[-1]
    gap = _gap(settled, first, second)
    facts = [_fact(settled, first), _fact(settled, second)]
    relative = _relative(first, second)
    leading = relative if settled.plan.relative and relative else gap
    more = "more" if float(first["value"]) >= float(second["value"]) else "less"
    others = [fact for fact in (gap, relative) if fact is not None and fact is not leading]
    apart = ", ".join(fact.shown for fact in (gap, relative) if fact is not None)
    text = (
        f"**{leading.shown}**: {_place(settled, first)} has {facts[0].shown} and "
        f"{_place(settled, second)} {facts[1].shown}, "
        f"{apart} {more} ({_says(settled)}{_of(settled, {})})."
    )
    return _answer(settled, pair, [leading, *others, *facts], text, "number")


def yes(settled: Settled, rows: list[Row]) -> Answer:
    """Whether the first that was named stands to the second as asked."""
    pair = _pair(settled, rows)
    if settled.plan.turned:
        pair = (
            sorted(pair, key=lambda row: str(row.get("month", "")), reverse=True)
            if "month" in settled.group
            else pair[::-1]
        )
    first, second = float(pair[0]["value"]), float(pair[1]["value"])
    holds = first > second if settled.plan.descending else first < second
    facts = [_fact(settled, row) for row in pair[:2]]
    gap = _gap(settled, pair[0], pair[1])
    verdict = _verdict(holds)
    told = " and ".join(f"{_place(settled, row)} has {fact.shown}" for row, fact in zip(pair, facts, strict=False))
    text = f"**{_capital(verdict.shown)}**: {told} ({_says(settled)}{_of(settled, {})}), a difference of {gap.shown}."
    return _answer(settled, pair[:2], [verdict, *facts, gap], text, "comparison")


def same(settled: Settled, rows: list[Row]) -> Answer:
    """Whether two have the same name or figure."""
    pair = _pair(settled, rows)[:2]
    facts = [_fact(settled, row) for row in pair]
    verdict = _verdict(pair[0]["value"] == pair[1]["value"])
    told = ", ".join(f"{_place(settled, row)} {fact.shown}" for row, fact in zip(pair, facts, strict=True))
    text = f"**{_capital(verdict.shown)}**: {told} ({_says(settled)}{_of(settled, {})})."
    return _answer(settled, pair, [verdict, *facts], text, "comparison")


def threshold(settled: Settled, rows: list[Row]) -> Answer:
    """Whether a figure is beyond the one that was named, is there at all, or is the name that was named."""
    plan, row = settled.plan, rows[0]
    fact, found = _fact(settled, row), row["value"]
    if plan.op:
        holds = _meets(float(found), plan.op, _scaled(plan.number, plan.measure.unit))
    elif plan.measure.equals and plan.measure.equals in plan.filters:
        holds = str(found) in plan.filters[plan.measure.equals]
    elif plan.measure.name == "verdict":
        holds = str(found) in GOOD
    else:
        holds = bool(found) if not isinstance(found, str) else True
    verdict = _verdict(holds)
    told = f"{_says(settled)}{_of(settled, row)}"
    text = f"**{_capital(verdict.shown)}**: {told if plan.measure.truth else f'{fact.shown} ({told})'}."
    return _answer(settled, [row], [verdict] if plan.measure.truth else [verdict, fact], text, "comparison")


def counted(settled: Settled, rows: list[Row]) -> Answer:
    """How many of what is told apart have any, or enough."""
    plan = settled.plan
    many = [row for row in rows if (_meets(float(row["value"]), plan.op, plan.number) if plan.op else row["value"])]
    unit = _plural(settled.group)
    fact = Fact(f"{unit} with {plan.measure.says}", len(many), unit, figure(len(many), unit, 0), _facts_of(settled, {}))
    limit = f" ({plan.op} {plan.number:g})" if plan.op else ""
    text = f"**{fact.shown}** have {plan.measure.says}{limit}{_of(settled, {})}."
    facts = [fact, *([Fact("limit", plan.number, "", f"{plan.number:g}", {})] if plan.op else [])]
    return _answer(settled, rows[:1], facts, text)


def averaged(settled: Settled, rows: list[Row]) -> Answer:
    """The mean over what is told apart, of those that have any."""
    mean = sum(float(row["value"]) for row in rows) / len(rows)
    one = settled.group[0].replace("_", " ")
    count = Fact(
        _plural(settled.group), len(rows), _plural(settled.group), f"{len(rows):,} {_plural(settled.group)}", {}
    )
    unit = _unit(settled, rows[0])
    fact = Fact(
        f"mean of {_says(settled)} per {one}",
        mean,
        unit,
        figure(mean, unit, max(2, settled.plan.measure.decimals)),
        _facts_of(settled, {}),
    )
    text = f"**{fact.shown}** per {one}, the mean over {count.shown} ({_says(settled)}{_of(settled, {})})."
    return _answer(settled, rows[:1], [fact, count], text)


def listed(settled: Settled, rows: list[Row]) -> Answer:
    """Which there are, by name, the first MOST_LISTED of them; `descending` asks for the last one alone."""
    if not rows:
        nothing = Fact(settled.group[0], "none", "name", "none", {})
        return _answer(settled, [], [nothing], f"**none** ({_says(settled)}{_of(settled, {})}).")
    rows = rows[-1:] if settled.plan.descending else rows
    names = [_place(settled, row) for row in rows]
    facts = [
        Fact(settled.group[0], name, "name", name, _facts_of(settled, row))
        for name, row in zip(names, rows, strict=True)
    ]
    more = "; and more" if len(names) > MOST_LISTED else ""
    text = f"**{', '.join(names[:MOST_LISTED])}**{more} ({_says(settled)}{_of(settled, {})})."
    return _answer(settled, rows[:1], facts[:MOST_LISTED], text)


def share(settled: Settled, rows: list[Row], whole: float) -> Answer:
    """A part as a share of the whole: both are told."""
    part = sum(float(row["value"]) for row in rows)
    fact = Fact(
        f"share of {settled.plan.measure.says}",
        part / whole if whole else 0.0,
        "share",
        figure(part / whole if whole else 0.0, "share", 4),
        _facts_of(settled, rows[0]),
    )
    unit = settled.plan.measure.unit
    facts = [
        fact,
        Fact("part", part, unit, figure(part, unit, 0), {}),
        Fact("whole", whole, unit, figure(whole, unit, 0), {}),
    ]
    text = f"**{fact.shown}**: {facts[1].shown} of {facts[2].shown} ({settled.plan.measure.says}{_of(settled, {})})."
    return _answer(settled, rows[:1], facts, text)


def nearest(settled: Settled, rows: list[Row]) -> Answer:
    """Which is the closest to a figure that the question names."""
    aim = _scaled(settled.plan.number, settled.plan.measure.unit)
    order = sorted(rows, key=lambda row: abs(float(row["value"]) - aim))
    if len(order) < 2:
        _pair(settled, order)
    facts = [_fact(settled, row) for row in order[:MOST_LISTED]]
    name = _lead(settled, order[0], facts[0])
    unit = _unit(settled, order[0])
    limit = Fact("figure that was named", aim, unit, figure(aim, unit, 0), {})
    told = ", ".join(f"{_place(settled, row)} {fact.shown}" for row, fact in zip(order, facts, strict=False))
    closest = f"{name.shown} is the closest to {limit.shown}: {told} ({_says(settled)}{_of(settled, {})})."
    if not settled.plan.verdict:
        return _answer(settled, order, [name, *facts, limit], f"**{name.shown}**: {closest}", "comparison")
    verdict = _verdict(_pair(settled, rows)[0] is order[0])
    text = f"**{_capital(verdict.shown)}**: {closest}"
    return _answer(settled, order, [verdict, *facts, name, limit], text, "comparison")


def times(settled: Settled, rows: list[Row]) -> Answer:
    """How many times the second one goes into the first one."""
    first, second = _pair(settled, rows)[:2]
    facts = [_fact(settled, first), _fact(settled, second)]
    if not float(second["value"]):
        return difference(settled, rows)
    ratio = float(first["value"]) / float(second["value"])
    fact = Fact("ratio of the first to the second", ratio, "score", figure(ratio, "score", 3), {})
    text = (
        f"**{fact.shown}** times: {_place(settled, first)} {facts[0].shown}, {_place(settled, second)} "
        f"{facts[1].shown} ({_says(settled)}{_of(settled, {})})."
    )
    return _answer(settled, [first, second], [fact, *facts], text)


BY_SHAPE: dict[str, Callable[[Any, list[Row]], Answer]] = {
    "value": value,
    "ranked": ranked,
    "compared": compared,
    "difference": difference,
    "yes": yes,
    "threshold": threshold,
    "counted": counted,
    "averaged": averaged,
    "listed": listed,
    "same": same,
    "nearest": nearest,
    "times": times,
}


def parts_of(settled: Settled, row: Mapping[str, Any]) -> str:
    """What the figure is of, in words: service, target, who, where, when."""
    told = {name: values for name, values in settled.filters.items() if name not in (*settled.group, "month", "day")}
    parts = [
        " and ".join(_filter_name(name, v) for v in values) if len(values) < 4 else _spread(name, values)
        for name, values in told.items()
    ]
    if len(settled.roles) == 1 and settled.roles[0] and "role" not in settled.group:
        parts.append(_who(settled.roles[0], row))
    elif row.get("model") and "target" in told:
        parts.append(f"{row['model']}/{row['version']}" if row.get("version") else str(row["model"]))
    if settled.filters.get("day"):
        parts += list(settled.filters["day"])
    elif settled.months and "month" not in settled.group:
        parts.append(month_name(settled.months[0]) if len(settled.months) == 1 else ", ".join(settled.months))
    return ", ".join(part for part in parts if part)


def _filter_name(name: str, value: str) -> str:
    prefix = {
        "pickup_zone": "from ",
        "dropoff_zone": "to ",
        "pickup_borough": "from ",
        "dropoff_borough": "to ",
        "reason": "reason ",
        "stage": "suite of the month, ",
        "column": "column ",
        "vendor": "vendor ",
        "passengers": "passengers ",
    }.get(name, "")
    return prefix + name_of(name, value)


def _spread(name: str, values: Sequence[str]) -> str:
    return f"{name.replace('_', ' ')}s {', '.join(values)}"


def _who(role: str, row: Mapping[str, Any]) -> str:
    label = f"{row['model']}/{row['version']}" if row.get("model") and row.get("version") else ""
    family = str(row.get("family", ""))
    inside = ", ".join(part for part in (label, family) if part)
    return f"{role} ({inside})" if inside else role


def _of(settled: Settled, row: Mapping[str, Any]) -> str:
    parts = parts_of(settled, row)
    return f", {parts}" if parts else ""


def _says(settled: Settled) -> str:
    return settled.plan.measure.says


def _place(settled: Settled, row: Mapping[str, Any]) -> str:
    return ", ".join(_told_apart(name, row) for name in settled.group)


def _told_apart(name: str, row: Mapping[str, Any]) -> str:
    if name == "role":
        return str(row["role"])
    return name_of(name, row.get(name))


def _fact(settled: Settled, row: Mapping[str, Any]) -> Fact:
    measure, found = settled.plan.measure, row["value"]
    if isinstance(found, str):
        return Fact(measure.says, found, "name", _name(measure, row), _facts_of(settled, row))
    unit = _unit(settled, row)
    return Fact(measure.says, found, unit, figure(float(found), unit, measure.decimals), _facts_of(settled, row))


def _name(measure: Measure, row: Mapping[str, Any]) -> str:
    """A champion's family with its model, a month in both forms, anything else as it is."""
    if measure.name == "champion_family" and row.get("model"):
        return f"{row['value']} ({row['model']}/{row['version']})"
    return month_name(str(row["value"])) if measure.name == "learnt_to" else str(row["value"])


def _lead(settled: Settled, row: Mapping[str, Any], fact: Fact) -> Fact:
    """The name that a comparison leads with."""
    shown = _place(settled, row)
    return Fact(settled.group[0], shown, "name", shown, fact.of)


def _unit(settled: Settled, row: Mapping[str, Any]) -> str:
    target = row.get("target") or (settled.filters.get("target") or ("",))[0]
    column = row.get("column") or (settled.filters.get("column") or ("",))[0]
    return unit_of(settled.plan.measure, str(target), str(column))


def _facts_of(settled: Settled, row: Mapping[str, Any]) -> dict[str, Any]:
    """What a fact is of, by name: single filters, what is told apart, the model and the run."""
    plain: dict[str, Any] = {name: values[0] for name, values in settled.filters.items() if len(values) == 1}
    plain |= {name: row[name] for name in (*settled.group, *LABELS) if name in row}
    if "hour" in plain and "hour" not in settled.group:
        plain["hours"] = name_of("hour", plain["hour"])
    if row and settled.group:
        plain["place"] = _place(settled, row)
    if "month" not in plain and len(settled.months) > 1:
        plain["months"] = list(settled.months)
    if plain.get("model") and plain.get("version"):
        plain["model"] = f"{plain['model']}/{plain['version']}"
    return plain


def _pair(settled: Settled, rows: list[Row]) -> list[Row]:
    """The rows in the order in which they were named."""
    from include.llm.structured import Unanswerable

    name = settled.group[0] if settled.group else ""
    wanted: Sequence[str] = settled.roles if name == "role" else settled.filters.get(name, ())
    by_name = {str(row.get(name)): row for row in rows}
    absent = [value for value in wanted if str(value) not in by_name]
    if absent or len(rows) < 2:
        raise Unanswerable(
            f"I do not know: the tables have no {settled.plan.measure.says} for "
            f"{', '.join(name_of(name, a) for a in absent) or 'a second one'}, so there is nothing to compare."
        )
    return [by_name[str(value)] for value in wanted] if wanted else rows


def _gap(settled: Settled, first: Row, second: Row) -> Fact:
    gap = abs(float(first["value"]) - float(second["value"]))
    unit = _unit(settled, first)
    return Fact("difference", gap, unit, figure(gap, unit, settled.plan.measure.decimals), {})


def _relative(first: Row, second: Row) -> Fact | None:
    whole = float(second["value"])
    if not whole:
        return None
    part = abs(float(first["value"]) - whole) / whole
    return Fact("difference relative to the second", part, "share", figure(part, "share", 4), {})


def _verdict(holds: bool) -> Fact:
    word = "yes" if holds else "no"
    return Fact("verdict", word, "name", word, {})


def _meets(found: float, op: str, limit: float) -> bool:
    return {
        ">": found > limit,
        "<": found < limit,
        ">=": found >= limit,
        "<=": found <= limit,
        "==": abs(found - limit) < 1e-9,
    }[op]


def _scaled(number: float, unit: str) -> float:
    """A share above 1 was given in percent."""
    return number / 100 if unit == "share" and number > 1 else number


def _word(measure: Measure, most: str) -> str:
    better = {"low": "least", "high": "most"}.get(measure.better)
    return f"{most}, so the best" if better == most else most


def _plural(group: Sequence[str]) -> str:
    if len(group) > 1:
        return "pairs" if group[0] == "pickup_zone" else "rows"
    return PLURALS.get(group[0], f"{group[0].replace('_', ' ')}s") if group else ""


def _capital(said: str) -> str:
    return said[:1].upper() + said[1:]


def _answer(settled: Settled, rows: Sequence[Row], facts: Sequence[Fact], text: str, kind: Kind = "number") -> Answer:
    noted = " ".join([text, *settled.notes]) if "\n" not in text else "\n\n".join([text, *settled.notes])
    return Answer(noted, kind, tuple(facts), tuple(_citations(settled, rows)))


def _citations(settled: Settled, rows: Sequence[Row]) -> list[Citation]:
    """The table with its months, and the runs of the rows."""
    table = settled.plan.measure.source.table
    service = {"service": ", ".join(settled.filters["service"])} if settled.filters.get("service") else {}
    months = settled.months or tuple(dict.fromkeys(str(row["month"]) for row in rows if row.get("month")))
    where = {**service, **({"month": ", ".join(months)} if months else {})}
    cited = [Citation("table", table, " ".join([table, *where.values()]), where)]
    for row in rows[:3]:
        if run := row.get("run_id"):
            cited.append(Citation("run", table, f"run {run}", {"run_id": str(run)}))
    return cited
