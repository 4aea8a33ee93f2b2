"""The service and the months that are meant, of those that the warehouse has."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import Engine

from include.llm.ask.figures.queries import known
from include.llm.ask.figures.settled import Unanswerable
from include.llm.ask.meanings.measures import measures
from include.llm.ask.question.when import days_meant, resolve
from include.llm.ask.trips.asked import Asked, Side
from include.llm.ask.trips.atoms import Condition


@dataclass(frozen=True)
class Meant:
    """What is held fast for every row, the sides with their own, and what was assumed, in words."""

    conditions: tuple[Condition, ...]
    sides: tuple[tuple[str, tuple[Condition, ...]], ...]
    months: tuple[str, ...]
    services: tuple[str, ...]
    notes: tuple[str, ...] = ()


def meant(engine: Engine, asked: Asked, service: str, given: bool) -> Meant:
    """Unanswerable for a month, service or zone that is not there."""
    _refuse_unknown_zones(asked)
    notes: tuple[str, ...] = ()
    services = asked.services
    sided = [side.service for side in asked.sides if side.service]
    if sided:
        services = tuple(sided)
    elif not services and not asked.every_service and "service" not in asked.group:
        services, notes = (service,), () if given else (f"No service is named; this is {service}.",)
    held = _months_of(engine, services)
    if not held:
        raise Unanswerable(_nothing(engine, services))
    fixed: list[Condition] = []
    if services and not sided:
        fixed.append(Condition("service", ("service",), "in", services, " and ".join(services)))
    months, dates = _named(asked, held, services)
    by_month = any(side.month is not None for side in asked.sides)
    by_day = any(side.day is not None for side in asked.sides)
    if months and not by_month:
        fixed.append(Condition("month", ("month",), "in", tuple(months), ", ".join(months)))
    if dates and not by_day:
        fixed.append(Condition("day", ("day",), "in", tuple(dates), _span(dates)))
    sides = tuple(_side(side, months, dates) for side in asked.sides)
    return Meant(tuple(fixed), sides, tuple(months), services, notes)


def _refuse_unknown_zones(asked: Asked) -> None:
    from include.trips.zones import zone_rows

    known_zones = {int(row["LocationID"]) for row in zone_rows()}
    told = [*asked.base, *asked.part, *(c for side in asked.sides for c in side.conditions)]
    zones = {value for c in told if {"pickup_zone", "dropoff_zone"} & {*c.keys} for value in c.values}
    if not zones <= known_zones:
        raise Unanswerable(
            "I do not know: no taxi zone has such a number. `taxi_zones` has them all, with their names."
        )


def _months_of(engine: Engine, services: tuple[str, ...]) -> list[str]:
    """The months of every service that is meant."""
    rows = measures()["rows_read"].source
    of_each = [
        {str(month) for month in known(engine, rows, "month", {"service": [service]})} for service in services
    ] or [{str(month) for month in known(engine, rows, "month")}]
    return sorted(set.union(*of_each)) if all(of_each) else []


def _named(asked: Asked, held: list[str], services: tuple[str, ...]) -> tuple[list[str], list[str]]:
    apart = any(side.month is not None for side in asked.sides)
    when = replace(asked.when, span=not apart and (asked.when.span or asked.when.between))
    months = resolve(when, held)
    if months is None:
        return [], []
    absent = [month for month in months if month not in held]
    if absent:
        where = f" of {', '.join(services)}" if services else ""
        raise Unanswerable(
            f"I do not know: the tables have no trips{where} for {', '.join(absent)}. Months that "
            f"they have: {', '.join(held[:24])}."
        )
    dates = days_meant(asked.when, held)
    if asked.when.days and not dates:
        raise Unanswerable("I do not know: there is no such day.")
    return months, dates


def _side(side: Side, months: list[str], dates: list[str]) -> tuple[str, tuple[Condition, ...]]:
    from include.llm.ask.sentences.shown import month_name

    if side.service:
        return side.service, (Condition("service", ("service",), "in", (side.service,), side.service),)
    if side.month is not None:
        month = months[min(side.month, len(months) - 1)]
        return month_name(month), (Condition("month", ("month",), "in", (month,), month),)
    if side.day is not None:
        if len(dates) < 2:
            raise Unanswerable("I do not know: there is only one such day.")
        date = dates[side.day]
        of_month = Condition("month", ("month",), "in", (date[:7],), date[:7])
        return date, (of_month, Condition("day", ("day",), "in", (date,), date))
    return side.says, side.conditions


def _span(dates: list[str]) -> str:
    return f"{dates[0]} to {dates[-1]}" if len(dates) > 2 else " and ".join(dates)


def _nothing(engine: Engine, services: tuple[str, ...]) -> str:
    there = ", ".join(str(s) for s in known(engine, measures()["rows_read"].source, "service"))
    near = f" Services that have months here: {there}." if there else " No month has been ingested yet."
    return f"I do not know: the tables have no trips for {', '.join(services)}.{near}"
