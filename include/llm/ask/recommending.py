"""Which model to use for a target: the champion, for it alone was held against the others on a month it had not
seen."""

from __future__ import annotations

from sqlalchemy import Engine

from include.llm.ask.answering import Answer, Citation, Fact, unknown
from include.llm.ask.figures.queries import figures
from include.llm.ask.meanings.measures import measures
from include.llm.ask.sentences.shown import TARGET_NAMES, figure, month_name, unit_of


def recommend(engine: Engine, service: str, target: str) -> Answer:
    """The champion with its loss on the newest month, its gain and the gate's reason; an abstention without a
    champion."""
    near = {"service": (service,), "target": (target,)}
    rows = figures(engine, measures()["champion_family"], near)
    if not rows or rows[0]["value"] is None:
        return unknown(f"I do not know: there is no champion of {service} {TARGET_NAMES.get(target, target)} yet.")
    row, loss = rows[0], measures()["loss"]
    model = f"{row['model']}/{row['version']}"
    lead = Fact(
        "recommended model",
        model,
        "name",
        f"{model} ({row['value']})",
        {"service": service, "target": target, "family": row["value"]},
    )
    scored = figures(engine, loss, near, ("month",), "champion")
    newest = max(scored, key=lambda found: str(found["month"]), default=None)
    facts, text = [lead], f"**{lead.shown}**, the champion of {service} {TARGET_NAMES.get(target, target)}."
    if newest is not None:
        unit, month = unit_of(loss, target), str(newest["month"])
        fact = Fact(
            loss.says, newest["value"], unit, figure(newest["value"], unit, 3), {"month": month, "model": model}
        )
        facts.append(fact)
        text += f" Its loss on {month_name(month)}: {fact.shown}."
    reasons = figures(engine, measures()["reason"], near, ("month",))
    if reasons:
        last = max(reasons, key=lambda found: str(found["month"]))
        reason = Fact(
            "reason of the decision", str(last["value"]), "name", str(last["value"]), {"month": str(last["month"])}
        )
        facts.append(reason)
        text += f" Why: {reason.shown}."
    where = {"service": service, **({"month": str(newest["month"])} if newest else {})}
    cited = tuple(
        Citation("table", table, f"{table}, {service}", where)
        for table in ("champion_history", "model_performance", "promotion_log")
    )
    return Answer(text, "recommendation", tuple(facts), cited)
