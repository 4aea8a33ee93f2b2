"""What a log line may carry, and where it goes."""

from __future__ import annotations

import ast
import io
import sys
from pathlib import Path

import pytest

from include.utils.logs import configure, get_logger

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


def test_a_standard_error_that_was_taken_over_and_closed_ends_no_step(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as taken:
        taken.setattr("sys.stderr", io.StringIO())
        configure()
        get_logger(phase="ingest").info("first")
        sys.stderr.close()
    get_logger(phase="ingest").info("second")


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
