"""The gate with numbers: who becomes champion, and why."""

from __future__ import annotations

from math import inf, nan

import pytest

from include.models.gate import Comparison, Rules, choose

GOOD, LUCK, SMALL = Comparison(0.05, 0.02), Comparison(0.05, -0.01), Comparison(0.005, 0.001)
RULES = Rules(min_gain=0.01)


@pytest.mark.parametrize(
    ("floor", "duel", "champion_month", "action"),
    [
        (GOOD, None, "", "promote"),
        (LUCK, None, "", "promote_baseline"),
        (GOOD, GOOD, "2019-01", "promote"),
        (GOOD, LUCK, "2019-01", "keep"),
        (GOOD, SMALL, "2019-01", "keep"),
        (LUCK, GOOD, "2019-01", "keep"),
        (GOOD, GOOD, "2019-02", "promote"),  # the month was published again
        (GOOD, GOOD, "2019-03", "keep"),
        (GOOD, Comparison(nan, nan), "2019-01", "keep"),
        (Comparison(nan, nan), None, "", "promote_baseline"),
        (GOOD, Comparison(0.05, -inf), "2019-01", "keep"),
    ],
)
def test_choose(floor: Comparison, duel: Comparison | None, champion_month: str, action: str) -> None:
    decision = choose(floor, duel, champion_month, "2019-02", RULES)
    assert decision.action == action
    assert decision.reason
