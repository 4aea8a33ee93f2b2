"""What a month of age costs a model, and how often one must retrain: cells of the staleness matrix to a sentence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

IN_USE = 3
"""Age at which the freshest model can be met: TLC publishes two months late."""
NORMAL_TAIL = 1.645


@dataclass(frozen=True)
class Cell:
    """A model that learnt until `trained_to`, on the trips of `month`; `loss` is the mean of the one that decides."""

    trained_to: str
    month: str
    age_months: int
    months_trained: int
    rows_scored: int
    loss: float


@dataclass(frozen=True)
class AgeCost:
    """Models of one age against those of age `base` on the same months: mean excess loss, one-sided 95 % bound.

    The bound is minus infinity for a single month, which says nothing about luck.
    """

    age: int
    base: int
    months: int
    excess: float
    lower_bound: float


def age_costs(cells: list[Cell]) -> list[AgeCost]:
    """Cells of one target and family -> cost by age, youngest first; always compared on the same month."""
    base = IN_USE if any(cell.age_months > IN_USE for cell in cells) else 1
    cells, _ = comparable(cells, base)
    fresh = {cell.month: cell.loss for cell in cells if cell.age_months == base and cell.loss > 0}
    excess: dict[int, list[float]] = {}
    for cell in cells:
        if cell.age_months > base and cell.month in fresh:
            excess.setdefault(cell.age_months, []).append(cell.loss / fresh[cell.month] - 1)
    return [_cost(age, base, np.array(values)) for age, values in sorted(excess.items())]


def comparable(cells: list[Cell], base: int) -> tuple[list[Cell], bool]:
    """The cells of models with a whole window, and True; all of them, and False, when those hold no month twice.

    A model near the beginning of the lake is worse for having learnt from fewer months, not for its age.
    """
    whole = [cell for cell in cells if cell.months_trained == max(c.months_trained for c in cells)]
    fresh = {cell.month for cell in whole if cell.age_months == base}
    met = [cell for cell in whole if cell.age_months > base and cell.month in fresh]
    return (whole, True) if len(met) > 1 else (cells, False)


def _cost(age: int, base: int, values: np.ndarray) -> AgeCost:
    mean = float(values.mean())
    error = float(values.std(ddof=1)) / len(values) ** 0.5 if len(values) > 1 else np.inf
    return AgeCost(age, base, len(values), mean, mean - NORMAL_TAIL * error)


def answer(cells: list[Cell], worth: float) -> str:
    """One sentence: after how many months of use a model costs more than `worth` (a share of the loss), for sure.

    `worth` is the gain that the gate takes for one: a retraining that gains less would not be promoted.
    """
    costs = age_costs(cells)
    if not costs:
        return "No two models of different age met on one month: add months."
    base, oldest = costs[0].base, costs[-1]
    uneven = "" if comparable(cells, base)[1] else " (older ones also had fewer months to learn from)"
    late = next((cost for cost in costs if cost.excess >= worth and cost.lower_bound > 0), None)
    if late is None:
        return (
            f"Nothing says that retraining within {_months(oldest.age - base)} pays: a model of {oldest.age} months "
            f"errs {oldest.excess:+.1%} more than one of {_months(base)}{uneven}, and no age surely costs {worth:.1%}."
        )
    return (
        f"Retrain every {_months(late.age - base)}: {late.age} months is the first age at which a model surely errs "
        f"{worth:.1%} more than one of {_months(base)}, by {late.excess:.1%} (mean of {_months(late.months)}, above "
        f"{late.lower_bound:.1%}){uneven}; at {oldest.age} months it is {oldest.excess:+.1%}."
    )


def _months(count: int) -> str:
    return f"{count} month" if count == 1 else f"{count} months"
