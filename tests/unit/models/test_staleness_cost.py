"""What age costs, with matrices whose answer is known."""

from __future__ import annotations

import pytest

from include.models.staleness_cost import Cell, age_costs, answer
from include.trips.month import Month

FIRST = Month(2018, 1)


def grid(months: int, per_month: float, noise: float = 0.0, trained: int | None = 12) -> list[Cell]:
    """A matrix in which a month of age costs so much, and each scored month has its own difficulty."""
    cells = []
    for i in range(months):
        for j in range(i + 1, months):
            loss = (3 + j % 5) * (1 + per_month * (j - i)) * (1 + noise * ((i * 7 + j * 3) % 5 - 2))
            cells.append(Cell(str(FIRST.plus(i)), str(FIRST.plus(j)), j - i, trained or i + 1, 1000, loss))
    return cells


def test_cost_is_read_on_the_same_month_against_the_freshest_in_use() -> None:
    costs = age_costs(grid(9, 0.01))
    assert [(c.age, c.base, c.months) for c in costs] == [(4, 3, 5), (5, 3, 4), (6, 3, 3), (7, 3, 2), (8, 3, 1)]
    assert [c.excess for c in costs] == pytest.approx([(1 + 0.01 * age) / 1.03 - 1 for age in range(4, 9)])
    assert costs[0].lower_bound == pytest.approx(costs[0].excess)
    assert costs[-1].lower_bound == -float("inf")


def test_few_months_are_compared_with_the_youngest() -> None:
    assert [(c.age, c.base) for c in age_costs(grid(4, 0.01))] == [(2, 1), (3, 1)]


def test_the_answer_is_the_first_age_that_surely_costs_a_gain() -> None:
    said = answer(grid(12, 0.004), 0.01)
    assert said.startswith("Retrain every 3 months: 6 months is the first age at which a model surely errs 1.0% more")
    assert "fewer months" not in said


@pytest.mark.parametrize(("per_month", "noise"), [(0.0, 0.0), (0.0005, 0.0), (-0.01, 0.0), (0.0, 0.02)])
def test_without_a_sure_cost_nothing_says_that_it_pays(per_month: float, noise: float) -> None:
    assert answer(grid(10, per_month, noise), 0.01).startswith("Nothing says that retraining within 6 months pays")


def test_a_model_is_not_old_for_having_learnt_from_less() -> None:
    growing = grid(9, 0.0, trained=None)
    few = [Cell(**{**vars(c), "loss": c.loss * (2 if c.months_trained < 4 else 1)}) for c in growing]
    capped = [Cell(**{**vars(c), "months_trained": min(c.months_trained, 4)}) for c in few]
    assert {round(cost.excess, 9) for cost in age_costs(capped)} == {0.0}
    assert "fewer months to learn from" in answer(few, 0.01)


def test_no_pair_of_ages_is_said() -> None:
    assert (
        answer([], 0.01) == answer(grid(2, 0.1), 0.01) == "No two models of different age met on one month: add months."
    )
