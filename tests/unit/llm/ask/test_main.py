"""`make ask`: the answer and its sources, and a clear word when nothing was asked."""

from __future__ import annotations

import sys

import pytest

from include.config import Settings
from include.llm.ask import __main__ as ask


@pytest.fixture
def asked(small_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setattr(ask, "get_settings", lambda: small_settings)
    return monkeypatch


def test_answer_and_sources(asked: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    asked.setattr(sys, "argv", ["ask", "--question", "How many trips were kept in March 2019?", "--service", "green"])
    ask.main()
    told = capsys.readouterr().out
    assert "**50 trips**" in told
    assert "Sources:\n  - trip_totals green 2019-03" in told


def test_not_knowing_ends_well(asked: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    asked.setattr(sys, "argv", ["ask", "--question", "How was the weather?"])
    ask.main()
    assert "I do not know" in capsys.readouterr().out


def test_without_a_question(asked: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    asked.setattr(sys, "argv", ["ask", "--question", " "])
    with pytest.raises(SystemExit) as ended:
        ask.main()
    assert ended.value.code == 2
    assert 'make ask Q="' in capsys.readouterr().err
