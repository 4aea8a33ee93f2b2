"""What is asked of trips is measured and told: the figure, name or verdict first, then what it is of."""

from __future__ import annotations

from sqlalchemy import Engine

from include.llm.ask.answering import Answer, unknown
from include.llm.ask.figures.settled import Unanswerable
from include.llm.ask.trips.asked import Asked
from include.llm.ask.trips.meant import meant
from include.llm.ask.trips.of_groups import of_groups
from include.llm.ask.trips.of_sides import between
from include.llm.ask.trips.related import halves
from include.llm.ask.trips.telling import Telling, meets

CASH = 2


def answer_to(engine: Engine, asked: Asked, service: str, given: bool) -> Answer:
    """The answer; an abstention where the tables have no such trips. WarehouseError while they are away."""
    if of_cash_tips(asked):
        return unknown(
            "I do not know: tips in cash are not recorded. What `tip_usd` has is what was added to a payment by card."
        )
    try:
        telling = Telling(engine, asked, meant(engine, asked, service, given))
        if asked.related is not None:
            return between(halves(telling, asked.related), "yes")
        if asked.sides:
            return between(telling, asked.shape)
        return of_groups(telling, asked.shape) if asked.group else of_one(telling, asked)
    except Unanswerable as reason:
        return unknown(str(reason))


def of_cash_tips(asked: Asked) -> bool:
    """What those who paid in cash gave is in no table: nought there means that nobody knows."""
    told = (*asked.base, *asked.part)
    cash = any(c.kind == "payment" and c.values == (CASH,) and not c.negated for c in told)
    tips = {"tip_usd", "tip_of_fare", "tip_share", "high_tip"}
    return cash and bool(tips & {asked.figure.column, asked.figure.over, *(key for c in told for key in c.keys)})


def of_one(telling: Telling, asked: Asked) -> Answer:
    """One figure, or whether it meets its limit; without one, whether there is any."""
    value = telling.value(telling.meant.conditions)
    fact = telling.fact(value)
    if asked.shape != "threshold":
        return telling.answer([fact], f"**{fact.shown}**: {telling.of_what()}.", "number")
    holds = value > 0 if asked.limit is None else meets(value, asked.limit)
    return telling.verdict(holds, [fact], f"{fact.shown} ({telling.of_what()})")
