"""What every table and view of the warehouse holds, column by column; `docs/WAREHOUSE.md` is written from it.

Trip columns are described by the trip contract and features by the feature dictionary, so that each meaning has one
home; everything else is in `meanings.yaml`. `python -m include.warehouse.dictionary` (`make docs`) writes the page.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import Column, Table

from include.features.dictionary import AFTER_TRIP, DOCS, FEATURES
from include.trips.contract import COLUMNS
from include.warehouse.tables import FEATURE_ROWS, METADATA, PROCESSED, RAW

MEANINGS = Path(__file__).parent / "meanings.yaml"
PAGE = DOCS / "WAREHOUSE.md"
HEAD = """\
# The warehouse

Tables and views of MySQL, or of `<home>/warehouse.db`. Every query on trips or features should name a service and a
month: those tables are partitioned by them and have no other index. Written by `make docs`.

Three months are easily confused: `trained_to` is the last month that a model learnt from, `test_month` the month on
which it met the champion, and `month` of a fit the month that the training was for. Errors of a fit (`loss_tune`) are
on tune days of the last month learnt; errors that count (`model_performance`) are on months the model had no part in.
"""


@dataclass(frozen=True)
class Described:
    """A table or view: what a row is, and (name, type, meaning) of its columns, in order."""

    name: str
    holds: str
    columns: tuple[tuple[str, str, str], ...]


@cache
def describe_warehouse() -> tuple[Described, ...]:
    """Every table and then every view. KeyError for a column without a meaning."""
    known = yaml.safe_load(MEANINGS.read_text(encoding="utf-8"))
    return (*(_table(table, known) for table in METADATA.sorted_tables),
            *(_view(name, known) for name in known["views"]))  # fmt: skip


def _table(table: Table, known: dict[str, Any]) -> Described:
    entry = known["tables"][table.name]
    meanings = _shared(table, known) | entry.get("columns", {})
    columns = tuple((column.name, _type(column), str(meanings[column.name])) for column in table.columns)
    return Described(table.name, entry["holds"], columns)


def _shared(table: Table, known: dict[str, Any]) -> dict[str, str]:
    trips = {c.name: c.meaning + (f", {c.unit}" if c.unit else "") for c in COLUMNS}
    features = {f.name: f.meaning + (f", {f.unit}" if f.unit else "") for f in (*FEATURES, *AFTER_TRIP)}
    own = trips if table in (RAW, PROCESSED) else features if table is FEATURE_ROWS else {}
    return {**known["shared"], **own}


def _type(column: Column[Any]) -> str:
    return str(column.type).lower().replace("_", " ").removesuffix(" precision")


def _view(name: str, known: dict[str, Any]) -> Described:
    """A view's columns without a meaning of their own have the shared one."""
    entry = known["views"][name]
    columns = tuple((column, "", str(m or known["shared"][column])) for column, m in entry["columns"].items())
    return Described(name, entry["holds"], columns)


def page() -> str:
    """The content of docs/WAREHOUSE.md."""
    described = describe_warehouse()
    tables = "\n".join(_section(d) for d in described if d.name in METADATA.tables)
    views = "\n".join(_section(d) for d in described if d.name not in METADATA.tables)
    return f"{HEAD}\n## Tables\n\n{tables}\n## Views\n\n{views}"


def _section(described: Described) -> str:
    return f"### `{described.name}`\n\n{_sentence(described.holds)}\n\n{_rows(described.columns)}"


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:] + "."


def _rows(columns: Iterable[tuple[str, str, str]]) -> str:
    typed = any(kind for _, kind, _ in columns)
    head = "| column | type | meaning |\n|---|---|---|\n" if typed else "| column | meaning |\n|---|---|\n"
    return head + "".join(
        f"| `{name}` | {kind} | {meaning} |\n" if typed else f"| `{name}` | {meaning} |\n"
        for name, kind, meaning in columns
    )


def main() -> None:
    """`make docs`: writes the page."""
    PAGE.write_text(page(), encoding="utf-8")
    print(f"{len(describe_warehouse())} tables and views: {PAGE.name}")


if __name__ == "__main__":
    main()
