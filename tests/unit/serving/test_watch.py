"""A look at the warehouse never ends the looking."""

from __future__ import annotations

import pytest

from include.config import Settings
from include.serving.watch import WarehouseWatch
from include.warehouse import engine


def test_whatever_a_driver_raises_the_warehouse_is_away(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    watch = WarehouseWatch(settings)
    watch.look()
    assert watch.seen.status == "off"

    def broken(_: Settings) -> None:
        raise RuntimeError("'cryptography' package is required")

    monkeypatch.setattr(engine, "get_engine", broken)
    watch.look()
    assert (watch.seen.status, watch.seen.detail) == ("away", "RuntimeError: 'cryptography' package is required")
