"""What is asked of trips is measured and told: the figure, name or verdict first, then what it is of."""

from __future__ import annotations

from sqlalchemy import Engine

from include.llm.ask.answering import Answer, unknown
from include.llm.ask.figures.settled import Unanswerable
from include.llm.ask.trips.asked import Asked
from include.llm.ask.trips.meant import meant
from include.llm.ask.trips.of_groups import of_groups
from include.llm.ask.trips.of_sides import between
from include.llm.ask.trips.telling import Telling, meets


def answer_to(engine: Engine, asked: Asked, service: str, given: bool) -> Answer:
    """The answer; an abstention where the tables have no such trips. WarehouseError while they are away."""
    try:
        telling = Telling(engine, asked, meant(engine, asked, service, given))
        if asked.sides:
            return between(telling, asked.shape)
        return of_groups(telling, asked.shape) if asked.group else of_one(telling, asked)
    except Unanswerable as reason:
        return unknown(str(reason))


def of_one(telling: Telling, asked: Asked) -> Answer:
    """One figure, or whether it meets its limit; without one, whether there is any."""
    value = telling.value(telling.meant.conditions)
    fact = telling.fact(value)
    if asked.shape != "threshold":
        return telling.answer([fact], f"**{fact.shown}**: {telling.of_what()}.", "number")
    holds = value > 0 if asked.limit is None else meets(value, asked.limit)
    return telling.verdict(holds, [fact], f"{fact.shown} ({telling.of_what()})")
