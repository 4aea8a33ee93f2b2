"""An answer cites the table with its months, and the runs of its rows."""

from __future__ import annotations

from collections.abc import Sequence

from include.llm.ask.answering import Answer, Citation, Fact, Kind
from include.llm.ask.figures.settled import Settled
from include.warehouse.reading import Row


def answer_with(
    settled: Settled, rows: Sequence[Row], facts: Sequence[Fact], text: str, kind: Kind = "number"
) -> Answer:
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
