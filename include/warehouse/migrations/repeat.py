"""Changes that may be made again: MySQL cannot take changes of tables back, so a try that died leaves half of them."""

from __future__ import annotations

from typing import Any

from alembic import op
from sqlalchemy import Column, inspect


def add_if_absent(table: str, column: Column[Any]) -> None:
    """Adds the column unless the table has one of its name."""
    if column.name not in {there["name"] for there in inspect(op.get_bind()).get_columns(table)}:
        op.add_column(table, column)
