"""An audit that could not look is never a good one."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from scripts import audit

GOOD = {"name": "good", "version": "1", "vulns": []}
SKIPPED = {"name": "unknown", "skip_reason": "Dependency not found on PyPI"}
BAD = {"name": "bad", "version": "2", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2.1"]}]}


@pytest.mark.parametrize(
    ("found", "code", "said"),
    [([GOOD], 0, "1 packages, none known"), ([GOOD, SKIPPED], 3, "NOT AUDITED: 1 of 2"), ([], 3, ""),
     ([GOOD, BAD], 1, "bad 2: PYSEC-1; mended in 2.1"), ([SKIPPED, BAD], 1, "VULNERABLE")],
)  # fmt: skip
def test_only_a_whole_look_up_without_a_find_is_good(found: list[dict[str, Any]], code: int, said: str) -> None:
    outcome, sentences = audit.verdict(found)
    assert outcome == code
    assert said in " ".join(sentences)


def test_a_database_that_is_away_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    failed = subprocess.CompletedProcess([], 1, "", "Traceback\nConnectionError: no route")
    monkeypatch.setattr(audit.subprocess, "run", lambda *_, **__: failed)
    assert audit.audit(Path("requirements.txt")) == (
        3, ["NOT AUDITED: the database of vulnerabilities could not be asked: ConnectionError: no route"]
    )  # fmt: skip
