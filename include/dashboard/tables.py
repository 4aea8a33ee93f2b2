"""Small tables as Markdown, which the page sets already: one with cells to select fetches a script of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from include.dashboard.prose import calm

KEY = "table_"
STYLE = f"""[class*="st-key-{KEY}"] :is(th, td) {{ font-size: 0.875rem; }}
[class*="st-key-{KEY}"] td:not([style*="right"]) {{ min-width: 7rem; }}
[class*="st-key-{KEY}"] td:last-child:not([style*="right"]) {{ min-width: 12rem; }}"""
"""A date stays whole, names break over lines, and what is said at length stands last; then the table scrolls."""


def show_table(rows: Sequence[Mapping[str, Any]], key: str, forms: Mapping[str, str] | None = None) -> None:
    """Draws it here; `key` tells it from the page's other tables."""
    with st.container(key=f"{KEY}{key}"):
        st.markdown(markdown(rows, forms or {}))


def markdown(rows: Sequence[Mapping[str, Any]], forms: Mapping[str, str]) -> str:
    """Rows of the same columns; a column of numbers stands right, None is empty. `forms`: column -> `.2f`."""
    names = list(rows[0]) if rows else []
    numbers = {name: all(isinstance(row[name], int | float | None) for row in rows) for name in names}
    lines = [names, ["---:" if numbers[name] else "---" for name in names]]
    lines += [[_cell(row[name], forms.get(name, "")) for name in names] for row in rows]
    return calm("\n".join(f"| {' | '.join(line)} |" for line in lines))


def _cell(value: Any, form: str) -> str:
    """One line, in which nothing ends the cell."""
    if value is None:
        return ""
    return " ".join(f"{value:{form}}".split()).replace("|", "\\|")
