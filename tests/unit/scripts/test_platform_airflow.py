"""What a failed task said, from its log."""

from __future__ import annotations

import json
from pathlib import Path

from scripts.platform_airflow import last_error


def test_the_last_exception_is_the_reason(tmp_path: Path) -> None:
    lines = [
        {"event": "Task failed with exception", "error_detail": [{"exc_value": "the first try"}]},
        {"event": "Task failed with exception", "error_detail": [{"exc_value": "the file is cut off"}]},
        {"event": "::endgroup::"},
    ]
    log = tmp_path / "attempt=1.log"
    log.write_text("\n".join(json.dumps(line) for line in lines))
    assert last_error(log) == "the file is cut off"


def test_a_killed_task_says_nothing(tmp_path: Path) -> None:
    assert "without a message" in last_error(tmp_path / "attempt=1.log")
