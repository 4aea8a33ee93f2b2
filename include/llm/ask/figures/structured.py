"""Plans carried out: service and months are settled, the rows read, and the answer made of nothing but them."""

from __future__ import annotations

import re
from dataclasses import replace

from sqlalchemy import Engine

from include.llm.ask.answering import Answer, unknown
from include.llm.ask.figures.exploding import part_of
from include.llm.ask.figures.queries import figures, known
from include.llm.ask.figures.settled import Settled, Unanswerable
from include.llm.ask.figures.settling import settled_of
from include.llm.ask.meanings.measures import measures
from include.llm.ask.question.understood import Understood
from include.llm.ask.routing.fit import Fit
from include.llm.ask.routing.plan import Plan
from include.llm.ask.routing.planning import plan_of
from include.llm.ask.sentences.by_shape import BY_SHAPE
from include.llm.ask.sentences.pairs import two_figures
from include.llm.ask.sentences.parts import parts_of
from include.llm.ask.sentences.values import share
from include.warehouse.reading import Row

NUMBERED = frozenset({"month", "version", "age", "vendor", "passengers", "hour", "least_rows"})
"""Dimensions whose values are figures: an abstention names none of them."""
_NUMBER = re.compile(r" \([a-z ]+ \d+\)|(?<=zone) \d+|(?<=route) \S+")


def answer_of(engine: Engine, asked: Understood, fit: Fit, service: str, given: bool) -> Answer:
    """The answer to a question whose measure was found. `service` is taken where none is named; `given`: it was chosen.

    An abstention where the tables have no row of it. WarehouseError while they are away.
    """
    try:
        plan = replace(_whole(asked, plan_of(asked, fit)), without=fit.without)
        settled = settled_of(engine, asked, plan, service, given)
        return _carried_out(engine, settled)
    except Unanswerable as reason:
        return unknown(str(reason))


def answer_of_two(engine: Engine, asked: Understood, fits: tuple[Fit, Fit], service: str, given: bool) -> Answer:
    """Two figures of the same rows held against each other. An abstention where either has none."""
    try:
        both = [settled_of(engine, asked, Plan(f.measure, "value", f.filters, f.roles), service, given) for f in fits]
        rows = [_with_values(engine, settled, _all_rows(engine, settled)) for settled in both]
    except Unanswerable as reason:
        return unknown(str(reason))
    if any(len(found) != 1 for found in rows):
        return unknown("I do not know: please name one service and one target.")
    return two_figures((both[0], both[1]), (rows[0][0], rows[1][0]), "difference" not in asked.shapes)


def _all_rows(engine: Engine, settled: Settled) -> list[Row]:
    return [row for role in settled.roles for row in _rows(engine, settled, role)]


def _whole(asked: Understood, plan: Plan) -> Plan:
    """All expectations met means none broken; the champion's family is compared with the one that is named."""
    if plan.measure.name == "met" and plan.shape == "threshold" and not plan.op:
        return replace(plan, measure=measures()["broken"], op="==", number=0.0)
    if plan.measure.name == "months_ingested" and plan.shape == "value" and len(plan.filters.get("service", ())) > 1:
        return replace(plan, measure=measures()["files_ingested"])  # a month of each service is one of its own
    if plan.shape == "threshold" and not plan.op and "none" in asked.shapes and "no" in asked.words[:4]:
        return replace(plan, op="==", number=0.0)
    return plan


def _carried_out(engine: Engine, settled: Settled) -> Answer:
    rows: list[Row] = []
    for role in settled.roles:
        found = _rows(engine, settled, role)
        rows += [{**row, "role": role} if role else row for row in found]
    told = _with_values(engine, settled, rows)
    shape = settled.plan.shape
    if shape == "share":
        return share(settled, told, _totals(engine, settled))
    return BY_SHAPE[shape](settled, told)


def _rows(engine: Engine, settled: Settled, role: str) -> list[Row]:
    """The rows of one role; of services side by side, each one's newest month where no month is named."""
    group, source = [name for name in settled.group if name != "role"], settled.plan.measure.source
    told = {"service", "model"} & set(group)
    if not (
        source.newest and told and not settled.months and "month" not in group and not settled.plan.measure.everywhere
    ):
        return figures(engine, settled.plan.measure, settled.filters, group, role)
    newest: dict[str, Row] = {}
    for row in figures(engine, settled.plan.measure, settled.filters, [*group, "month"], role):
        name = "/".join(str(row[key]) for key in group)
        if name not in newest or str(row["month"]) > str(newest[name]["month"]):
            newest[name] = row
    return list(newest.values())


def _with_values(engine: Engine, settled: Settled, rows: list[Row]) -> list[Row]:
    """The rows that have a value, without those that are left out. A count of no rows is nought, where something of the
    month is there; a sum of no amounts is none."""
    measure, left_out = settled.plan.measure, settled.plan.without
    found = [row for row in rows if row["value"] is not None]
    found = [row for row in found if not any(str(row.get(name)) in values for name, values in left_out.items())]
    if found and not (measure.needs_rows and not any(row["value"] for row in found) and not _any_rows(engine, settled)):
        return found
    if measure.adds and not measure.decimals and not settled.group and not measure.needs_rows:
        return [{"value": 0}]
    raise Unanswerable(_no_row(engine, settled))


def _any_rows(engine: Engine, settled: Settled) -> bool:
    first = next(iter(settled.plan.measure.source.dimensions))
    return bool(known(engine, settled.plan.measure.source, first, settled.filters))


def _no_row(engine: Engine, settled: Settled) -> str:
    """Why there is no figure, with the families, roles or parts that there are."""
    measure, filters = settled.plan.measure, settled.filters
    asked = parts_of(
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
            there = known(engine, measure.source, name, near) if name != part_of(measure) else []
            return said + (f" There is: {', '.join(str(value) for value in there[:12])}." if there else "")
    return said


def _totals(engine: Engine, settled: Settled) -> float:
    """The same measure without what narrows it to a part: what a share is of."""
    whole = {name: values for name, values in settled.filters.items() if name in ("service", "month", "target")}
    rows = figures(engine, settled.plan.measure, whole)
    return float(rows[0]["value"] or 0) if rows else 0.0
