"""What a log line may carry."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parents[3]
TAKEN = {"target", "msg"}
"""Airflow passes a line's fields as keyword arguments to a function with parameters of these names: the task dies."""
LOGGING = {"get_logger", "bind", "debug", "info", "warning", "error", "exception"}


def test_no_log_line_carries_a_field_that_kills_a_task() -> None:
    for path in (ROOT / "include").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _called(node) in LOGGING:
                fields = {keyword.arg for keyword in node.keywords}
                assert not fields & TAKEN, f"{path.relative_to(ROOT)}:{node.lineno}"


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
