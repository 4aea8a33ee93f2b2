"""Costs are measured where they arise."""

from __future__ import annotations

import time

import numpy as np

from include.models.costs import measured, quote_microseconds


def test_a_fit_is_charged_for_what_it_held_and_computed() -> None:
    with measured() as before:
        pass
    with measured() as cost:
        time.sleep(0.05)
        held = np.ones(30_000_000)
        assert held.sum() > 0
    assert cost["fit_seconds"] >= 0.05
    assert cost["cpu_seconds"] < cost["fit_seconds"]  # asleep is not busy
    assert cost["peak_mb"] - before["peak_mb"] > 200


def test_a_quote_is_timed_a_row_at_a_time() -> None:
    asked = []
    assert quote_microseconds(lambda x: asked.append(len(x)) or x, np.zeros((7, 2))) > 0  # type: ignore[func-returns-value]
    assert asked == [1] * 7
