"""Plans carried out: service and months are settled, the rows read, and the answer made of nothing but them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Engine

from include.llm import sentences
from include.llm.answering import Answer, unknown
from include.llm.months_named import resolve
from include.llm.plan import Plan
from include.llm.queries import figures, known
from include.llm.router import Fit, plan_of
from include.llm.semantics import Measure, measures
from include.llm.shown import month_name
from include.llm.understanding import Understood
from include.warehouse.reading import Row

EVERY_SERVICE = frozenset({"both", "all", "every", "overall", "altogether", "combined", "together", "everything"})
REGROUPED = frozenset({"totals", "trips", "kept"})
"""Sources whose figures can be computed over several months at once, a mean too."""
NUMBERED = frozenset({"month", "version", "age", "vendor", "passengers", "hour"})
"""Dimensions whose values are figures: an abstention names none of them."""
_NUMBER = re.compile(r" \([a-z ]+ \d+\)|(?<=zone) \d+")
CONTEST_ROLES = ("champion", "challenger", "baseline")


@dataclass(frozen=True)
class Settled:
    """A plan whose service, months and roles are known, and what was assumed on the way, in words."""

    plan: Plan
    filters: Mapping[str, tuple[str, ...]]
    group: tuple[str, ...]
    roles: tuple[str, ...]
    months: tuple[str, ...]
    notes: tuple[str, ...] = ()


class Unanswerable(Exception):  # noqa: N818 - not a fault: the sentence that is said instead of a figure
    """The tables do not have what is asked for; the text says so and what they have near it."""


def answer_of(engine: Engine, asked: Understood, fit: Fit, service: str, given: bool) -> Answer:
    """The answer to a question whose measure was found. `service` is taken where none is named; `given`: it was chosen.

    An abstention where the tables have no row of it. WarehouseError while they are away.
    """
    try:
        settled = _settled(engine, asked, _whole(asked, plan_of(asked, fit)), service, given)
        return _carried_out(engine, settled)
    except Unanswerable as reason:
        return unknown(str(reason))


def _whole(asked: Understood, plan: Plan) -> Plan:
    """All expectations met means none broken; the champion's family is compared with the one that is named."""
    if plan.measure.name == "met" and plan.shape == "threshold" and not plan.op:
        return replace(plan, measure=measures()["broken"], op="==", number=0.0)
    if plan.shape == "threshold" and not plan.op and "none" in asked.shapes and "no" in asked.words[:4]:
        return replace(plan, op="==", number=0.0)
    return plan


def _settled(engine: Engine, asked: Understood, plan: Plan, service: str, given: bool) -> Settled:
    filters, group, notes = dict(plan.filters), list(plan.group), []
    source = plan.measure.source
    if "service" in source.dimensions and "service" not in filters and "service" not in group:
        every = bool(EVERY_SERVICE & set(asked.words)) and plan.measure.adds and not given
        everywhere = every or (plan.measure.everywhere and not given)
        if not everywhere:
            filters["service"] = (service,)
            notes += [] if given else [f"No service is named; this is {service}."]
    if plan.measure.equals and plan.measure.equals in filters and plan.shape in ("threshold", "value"):
        filters.pop(plan.measure.equals)
    if "target" in (*plan.measure.needs, *source.needs) and "target" not in (*filters, *group):
        if plan.shape != "value":
            raise Unanswerable(
                "Of which target? The models predict trip duration, fare and high tip, and their errors "
                "have different units. Please name one."
            )
        group.append("target")
    if plan.measure.source.name == "fits" and "family" not in (*filters, *group):
        filters |= _family_of_role(engine, asked, filters)
    months = _months(engine, asked, plan, filters)
    if _by_month(plan, months) and "month" not in group:
        group.append("month")
    _add_months(asked, plan, filters, months)
    return Settled(plan, filters, tuple(group), _roles(plan, group), tuple(months or ()), tuple(notes))


def _family_of_role(
    engine: Engine, asked: Understood, filters: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    """The champion's fit is that of its family."""
    roles = asked.values("role")
    if roles == ("baseline",):
        return {"family": ("zone_pair_median",)}
    if roles != ("champion",):
        return {}
    near = {name: values for name, values in filters.items() if name in ("service", "target")}
    rows = figures(engine, measures()["champion_family"], near)
    return {"family": (str(rows[0]["value"]),)} if rows and rows[0]["value"] and "target" in near else {}


def _months(engine: Engine, asked: Understood, plan: Plan, filters: Mapping[str, tuple[str, ...]]) -> list[str] | None:
    """The months that are meant. Unanswerable for one that is not there; None where the rows have none, or all are."""
    source = plan.measure.source
    near = {name: values for name, values in filters.items() if name in ("service", "target")}
    if "month" not in source.dimensions:
        return _without_months(engine, asked, source.name, filters)
    rows = measures()[source.months].source if source.months else source
    held = [str(month) for month in known(engine, rows, "month", near)]
    if not held:
        raise Unanswerable(_nothing_of(engine, filters, plan.measure))
    apart = plan.shape in ("compared", "difference", "yes", "same", "times", "nearest") and not plan.group
    named = resolve(replace(asked.when, span=not apart and (asked.when.span or asked.when.between)), held)
    if named is None:
        every = "month" in plan.group or plan.measure.everywhere or "service" in plan.group
        return [held[-1]] if source.newest and not every else None
    absent = [month for month in named if month not in held]
    if absent:
        where = f" of {', '.join(filters['service'])}" if filters.get("service") else ""
        raise Unanswerable(
            f"I do not know: the tables have nothing{where} on {plan.measure.says} for {', '.join(absent)}. "
            f"Months that they have: {_listed(held)}."
        )
    return named


def _without_months(
    engine: Engine, asked: Understood, source: str, filters: Mapping[str, tuple[str, ...]]
) -> list[str] | None:
    """Of a champion a month may be named that is not before its test month; other rows have no month to be of."""
    if not asked.when:
        return None
    if source == "versions":
        return resolve(asked.when, [str(m) for m in known(engine, measures()["versions"].source, "test_month")])
    if source != "champions":
        raise Unanswerable("I do not know: what is asked for is not kept by month.")
    near = {name: values for name, values in filters.items() if name in ("service", "target")}
    rows = figures(engine, measures()["champion_family"], near)
    tested = str(rows[0].get("test_month", "")) if rows else ""
    named = resolve(asked.when, [tested] if tested else [])
    if tested and named and named[0] < tested:
        raise Unanswerable(f"I do not know: there was no champion before it was tested on {tested}.")
    loaded = [
        str(m)
        for m in known(
            engine, measures()["rows_read"].source, "month", {"service": near["service"]} if "service" in near else {}
        )
    ]
    if named and named[-1] not in (tested, *loaded):
        raise Unanswerable(
            f"I do not know: the tables have nothing for {named[-1]}. Months that they have: {_listed(loaded)}."
        )
    return None


def _nothing_of(engine: Engine, filters: Mapping[str, tuple[str, ...]], measure: Measure) -> str:
    services = ", ".join(str(s) for s in known(engine, measures()["rows_read"].source, "service"))
    asked = f" for {', '.join(filters['service'])}" if filters.get("service") else ""
    near = f" Services that have months here: {services}." if services else " No month has been ingested yet."
    why = f" ({measure.source.empty})" if measure.source.empty else ""
    return f"I do not know: the tables have no {measure.says}{asked}{why}.{near}"


def _listed(months: Sequence[str]) -> str:
    return ", ".join(months[:24]) + (f" and more, to {months[-1]}" if len(months) > 24 else "")


def _by_month(plan: Plan, months: list[str] | None) -> bool:
    """Several months that are held against each other, or that cannot be added up."""
    if not months or len(months) < 2:
        return False
    paired = plan.shape in ("compared", "difference", "yes", "same", "times", "nearest") and not plan.group
    return paired or (plan.shape == "value" and not plan.measure.adds and plan.measure.source.name not in REGROUPED)


def _add_months(asked: Understood, plan: Plan, filters: dict[str, tuple[str, ...]], months: list[str] | None) -> None:
    dimensions = plan.measure.source.dimensions
    if months and "month" in dimensions:
        filters["month"] = tuple(months)
    elif months and "test_month" in dimensions:
        filters["test_month"] = tuple(months)
    if asked.when.days and months:
        filters["day"] = tuple(f"{months[min(place, len(months) - 1)]}-{day:02d}" for place, day in asked.when.days)


def _roles(plan: Plan, group: Sequence[str]) -> tuple[str, ...]:
    source = plan.measure.source
    if not source.roles:
        return ("",)
    if plan.roles:
        return plan.roles
    return CONTEST_ROLES if "role" in group else (source.who,)


def _carried_out(engine: Engine, settled: Settled) -> Answer:
    rows: list[Row] = []
    for role in settled.roles:
        found = _rows(engine, settled, role)
        rows += [{**row, "role": role} if role else row for row in found]
    told = _with_values(engine, settled, rows)
    shape = settled.plan.shape
    if shape == "share":
        return sentences.share(settled, told, _totals(engine, settled))
    return sentences.BY_SHAPE[shape](settled, told)


def _rows(engine: Engine, settled: Settled, role: str) -> list[Row]:
    """The rows of one role; of services side by side, each one's newest month where no month is named."""
    group, source = [name for name in settled.group if name != "role"], settled.plan.measure.source
    if not (source.newest and "service" in group and not settled.months and "month" not in group):
        return figures(engine, settled.plan.measure, settled.filters, group, role)
    newest: dict[str, Row] = {}
    for row in figures(engine, settled.plan.measure, settled.filters, [*group, "month"], role):
        name = "/".join(str(row[key]) for key in group)
        if name not in newest or str(row["month"]) > str(newest[name]["month"]):
            newest[name] = row
    return list(newest.values())


def _with_values(engine: Engine, settled: Settled, rows: list[Row]) -> list[Row]:
    """The rows that have a value. A count without any row is nought, where something of the month is there."""
    measure = settled.plan.measure
    found = [row for row in rows if row["value"] is not None]
    if found and not (measure.needs_rows and not any(row["value"] for row in found) and not _any_rows(engine, settled)):
        return found
    if measure.adds and not settled.group and not measure.needs_rows:
        return [{"value": 0}]
    raise Unanswerable(_no_row(engine, settled))


def _any_rows(engine: Engine, settled: Settled) -> bool:
    first = next(iter(settled.plan.measure.source.dimensions))
    return bool(known(engine, settled.plan.measure.source, first, settled.filters))


def _no_row(engine: Engine, settled: Settled) -> str:
    """Why there is no figure, with the families, roles or parts that there are."""
    measure, filters = settled.plan.measure, settled.filters
    asked = sentences.parts_of(
        replace(settled, months=(), filters={n: v for n, v in filters.items() if n not in NUMBERED}),
        {},
    )
    asked = ", ".join(part for part in (_NUMBER.sub("", asked), *settled.months) if part)
    said = f"I do not know: the tables have no {measure.says}" + (f" ({asked})" if asked else "") + "."
    if "prospective" in settled.roles:
        return (
            said
            + " A prospective score exists once a later month has been scored by the champion that stood before it."
        )
    for name in ("family", "column", "slice", "table", "expectation"):
        if name in filters and name in measure.source.dimensions:
            near = {n: v for n, v in filters.items() if n not in (name, "slice")}
            there = known(engine, measure.source, name, near) if name != "slice" else []
            return said + (f" There is: {', '.join(str(value) for value in there[:12])}." if there else "")
    return said


def _totals(engine: Engine, settled: Settled) -> float:
    """The same measure without what narrows it to a part: what a share is of."""
    whole = {name: values for name, values in settled.filters.items() if name in ("service", "month", "target")}
    rows = figures(engine, settled.plan.measure, whole)
    return float(rows[0]["value"] or 0) if rows else 0.0


def months_in_words(months: Sequence[str]) -> str:
    """March 2019 (2019-03), or the list of several."""
    return month_name(months[0]) if len(months) == 1 else ", ".join(months)
