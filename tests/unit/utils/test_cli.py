"""Steps on the command line: what they are given, and what is refused before any of them runs."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest

from include.config import Settings
from include.errors import BadDataError, NothingToDo
from include.utils import cli


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> list[tuple[str, str]]:
    monkeypatch.setattr(cli, "get_settings", lambda: settings)
    monkeypatch.setattr(cli, "configure", lambda: None)
    return []


def run(monkeypatch: pytest.MonkeyPatch, asked: list[tuple[str, str]], *given: str) -> None:
    def step(service: str, month: str) -> dict[str, Any]:
        asked.append((service, month))
        if month == "2019-02":
            raise NothingToDo("there is no reason")
        if month == "2019-03":
            raise BadDataError("the month is damaged")
        return {"rows": 1}

    monkeypatch.setattr(sys, "argv", ["step", *given])
    cli.run_month_step(step)


def test_an_unknown_service_is_refused_with_the_known_ones(
    monkeypatch: pytest.MonkeyPatch, asked: list[tuple[str, str]], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        run(monkeypatch, asked, "--service", "purple", "--month", "2019-01")
    said = capsys.readouterr().err
    assert all(name in said for name in ("purple", "yellow", "green", "fhv", "fhvhv"))
    assert asked == []


def test_a_step_is_run_or_skipped_with_its_reason(
    monkeypatch: pytest.MonkeyPatch, asked: list[tuple[str, str]], capsys: pytest.CaptureFixture[str]
) -> None:
    run(monkeypatch, asked, "--service", "green", "--month", "2019-01")
    run(monkeypatch, asked, "--service", "green", "--month", "2019-02")
    done, skipped = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert done == {"step": "step", "month": "2019-01", "rows": 1}
    assert (skipped["status"], skipped["reason"]) == ("skipped", "there is no reason")
    with pytest.raises(SystemExit, match="error: the month is damaged"):
        run(monkeypatch, asked, "--service", "green", "--month", "2019-03")
    assert [service for service, _ in asked] == ["green"] * 3
