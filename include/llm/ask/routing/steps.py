"""Two steps of a month are the ends of a stretch of time, in the order in which they are taken."""

from __future__ import annotations

from include.llm.ask.question.understood import Understood

STEPS = ("raw_taxi_trips", "ingestion_log", "processed_taxi_trips", "trip_totals", "trip_features")
"""Steps of a month by the table that each one fills; a month is in the ingestion log once its rows are loaded."""


def find_steps(asked: Understood, filters: dict[str, list[str]], used: set[frozenset[int]]) -> bool:
    """Whether two different steps are named; `filters` gets the earlier as `since` and the later as `until`."""
    named = [n for n in asked.named if n.kind == "step"]
    steps = sorted({step for n in named for step in n.value.split(",")}, key=STEPS.index)
    if len(steps) < 2:
        return False
    filters["since"], filters["until"] = [steps[0]], [steps[-1]]
    used.update(n.span for n in named)
    return True
