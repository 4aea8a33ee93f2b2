"""The months that are meant are months that the tables have; for another one there is no figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Engine

from include.llm.ask.figures.queries import figures, known
from include.llm.ask.figures.settled import Unanswerable
from include.llm.ask.meanings.measure import Measure
from include.llm.ask.meanings.measures import measures
from include.llm.ask.question.understood import Understood
from include.llm.ask.question.when import resolve
from include.llm.ask.routing.plan import Plan


def months_meant(
    engine: Engine, asked: Understood, plan: Plan, filters: Mapping[str, tuple[str, ...]]
) -> list[str] | None:
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
    several = "service" in plan.group or len(filters.get("service", ())) > 1
    if several and source.newest and asked.when.relation == "newest" and not asked.when.months:
        return None  # of each its own
    named = resolve(replace(asked.when, span=not apart and (asked.when.span or asked.when.between)), held)
    if named is None:
        every = plan.measure.everywhere or bool({"month", "service", "model", "run"} & set(plan.group))
        every = every or (plan.measure.adds and len(filters.get("service", ())) != 1)
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
