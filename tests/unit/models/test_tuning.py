"""The search: within its budget, repeatable, resumed, never ended by one bad trial."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from include.models.search_space import Choice, SearchSpace, Span
from include.models.tuning import SHARES, Budget, search

SPACE: SearchSpace = {"a": Span(-5, 5), "k": Span(1, 100, log=True, whole=True), "c": Choice(("x", "y"))}


def loss(params: Mapping[str, Any], share: float) -> float:
    """Best at a = 2, k = 10, c = y; a small share tells the same, a little worse."""
    return float((params["a"] - 2) ** 2 + abs(params["k"] - 10) / 100 + (params["c"] == "x") + 1 - share)


def test_it_finds_what_is_good_and_cuts_short_what_is_not(tmp_path: Path) -> None:
    found = search("s", SPACE, loss, Budget(40, 60), tmp_path / "journal", 1)
    assert found is not None
    assert (found.params["c"], found.loss < 0.5) == ("y", True)
    assert found.finished + found.pruned == 40
    assert found.pruned > 0


def test_a_search_that_was_stopped_goes_on_as_if_it_had_not_been(tmp_path: Path) -> None:
    for trials in (7, 20):
        stopped = search("s", SPACE, loss, Budget(trials, 60), tmp_path / "stopped", 1)
    assert stopped == search("s", SPACE, loss, Budget(20, 60), tmp_path / "whole", 1)


def test_a_finished_search_fits_nothing_again(tmp_path: Path) -> None:
    first = search("s", SPACE, loss, Budget(5, 60), tmp_path / "journal", 1)
    assert first == search("s", SPACE, lambda *_: pytest.fail("fitted again"), Budget(5, 60), tmp_path / "journal", 1)


def test_last_months_best_is_tried_first(tmp_path: Path) -> None:
    seen: list[Any] = []
    start = {"a": 2.0, "k": 10, "c": "y", "gone": 1}

    def watched(params: Mapping[str, Any], share: float) -> float:
        seen.append(dict(params))
        return loss(params, share)

    found = search("s", SPACE, watched, Budget(6, 60), tmp_path / "journal", 1, start)
    assert seen[0] == {"a": 2.0, "k": 10, "c": "y"}
    assert found is not None
    assert found.loss == pytest.approx(0)


def test_a_trial_that_raises_is_not_the_end(tmp_path: Path) -> None:
    def fragile(params: Mapping[str, Any], share: float) -> float:
        if params["c"] == "x":
            raise RuntimeError("no x here")
        return loss(params, share)

    found = search("s", SPACE, fragile, Budget(12, 60), tmp_path / "journal", 1)
    assert found is not None
    assert found.params["c"] == "y"
    assert search("t", SPACE, lambda *_: 1 / 0, Budget(3, 60), tmp_path / "journal", 1) is None


def test_time_ends_it_too(tmp_path: Path) -> None:
    found = search("s", SPACE, loss, Budget(10_000, 0.5), tmp_path / "journal", 1)
    assert found is not None
    assert found.finished + found.pruned < 10_000


def test_each_trial_sees_a_part_of_the_rows_before_all(tmp_path: Path) -> None:
    shares: list[float] = []

    def watched(params: Mapping[str, Any], share: float) -> float:
        shares.append(share)
        return loss(params, share)

    search("s", SPACE, watched, Budget(2, 60), tmp_path / "journal", 1)
    assert tuple(shares) == SHARES * 2


@pytest.mark.parametrize("wrong", [lambda: Span(2, 1), lambda: Span(0, 1, log=True), lambda: Choice(("a", "a"))])
def test_an_empty_space_is_refused(wrong: Any) -> None:
    with pytest.raises(ValueError, match=r"empty|two different"):
        wrong()
