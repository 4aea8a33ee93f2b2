"""The file of meanings as it is, for readers without Arrow: the names of tables and views, and what they hold."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

MEANINGS = Path(__file__).parent / "meanings.yaml"


@cache
def meanings() -> dict[str, Any]:
    """`shared`, `tables` and `views` of `meanings.yaml`."""
    content: dict[str, Any] = yaml.safe_load(MEANINGS.read_text(encoding="utf-8"))
    return content


def names_of_tables() -> tuple[str, ...]:
    """Every table and view, tables first."""
    return (*meanings()["tables"], *meanings()["views"])
