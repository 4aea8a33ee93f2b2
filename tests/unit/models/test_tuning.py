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

    found = search("s", SPACE, watched, Budget(6, 60), tmp_path / "journal", 1, [start, {"a": -5.0}])
    assert seen[0] == seen[1] == {"a": 2.0, "k": 10, "c": "y"}
    assert {params["a"] for params in seen[2:4]} == {-5.0}
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
    assert "RuntimeError: no x here" in [row["ended"] for row in found.table]
    assert len(found.table) == 12
    assert search("t", SPACE, lambda *_: 1 / 0, Budget(3, 60), tmp_path / "journal", 1) is None


def test_a_loss_that_is_no_number_is_a_failed_trial(tmp_path: Path) -> None:
    def sometimes(params: Mapping[str, Any], share: float) -> float:
        return float("nan") if params["a"] > 0 else loss(params, share)

    found = search("s", SPACE, sometimes, Budget(12, 60), tmp_path / "journal", 1)
    assert found is not None
    assert found.params["a"] <= 0
    assert "ValueError: the loss on 0.2 of the rows is nan" in [row["ended"] for row in found.table]


def test_half_a_line_at_the_end_of_the_journal_costs_one_trial_at_most(tmp_path: Path) -> None:
    journal = tmp_path / "journal"
    search("s", SPACE, loss, Budget(6, 60), journal, 1)
    journal.write_bytes(journal.read_bytes()[:-10])
    mended = search("s", SPACE, loss, Budget(12, 60), journal, 1)
    assert mended == search("s", SPACE, loss, Budget(12, 60), tmp_path / "whole", 1)
    assert mended == search("s", SPACE, lambda *_: pytest.fail("fitted again"), Budget(12, 60), journal, 1)


def test_time_ends_it_too(tmp_path: Path) -> None:
    found = search("s", SPACE, loss, Budget(10_000, 0.5), tmp_path / "journal", 1)
    assert found is not None
    assert found.finished + found.pruned < 10_000
    journal = tmp_path / "journal"
    again = search("s", SPACE, lambda *_: pytest.fail("time is up"), Budget(10_000, 0.1), journal, 1)
    assert again == found


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
