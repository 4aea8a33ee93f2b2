"""Rounds of looking for champions and keys."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from include.config import Settings
from include.serving.context import Serving
from include.serving.guard.access import KeyRing
from include.serving.model_loader import ModelLoader


def test_a_round_does_not_begin_while_another_is_under_way(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    serving = Serving(settings, ModelLoader(settings), KeyRing(settings))
    begun, go_on, order = threading.Event(), threading.Event(), []

    def slow() -> None:
        order.append("old begins")
        begun.set()
        go_on.wait(10)
        order.append("old ends")

    rounds: list[Callable[[], None]] = [slow, lambda: order.append("new")]
    monkeypatch.setattr(serving.loader, "refresh", lambda: rounds.pop(0)())
    old, new = threading.Thread(target=serving.refresh), threading.Thread(target=serving.refresh)
    old.start()
    begun.wait(10)
    new.start()
    new.join(0.2)
    go_on.set()
    for thread in (old, new):
        thread.join(10)
    assert order == ["old begins", "old ends", "new"]
