"""What a model relies on: the loss it gains when one feature's values change places among the trips."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from include.models.evaluate import pointwise_loss

SEED = 20190101
ROWS, ROUNDS = 4000, 3


def permutation_importance(
    predict: Callable[[np.ndarray], np.ndarray], x: np.ndarray, actual: np.ndarray, target: str, names: Sequence[str]
) -> list[dict[str, Any]]:
    """(n, features) and (n,) labels -> per feature `importance`, the mean loss added by shuffling it, largest first.

    Of a seeded sample of ROWS trips, ROUNDS shuffles each; features that say the same share what they are worth, so a
    small figure does not mean a useless feature. Source: Breiman, Random Forests (2001), section 10.
    """
    random = np.random.default_rng(SEED)
    drawn = np.sort(random.permutation(len(x))[:ROWS])
    rows, truth = x[drawn], actual[drawn]
    before = float(pointwise_loss(target, truth, predict(rows)).mean())
    found = []
    for column, name in enumerate(names):
        after = [_shuffled_loss(predict, rows, truth, target, column, random) for _ in range(ROUNDS)]
        found.append({"feature": name, "importance": float(np.mean(after)) - before})
    return sorted(found, key=lambda row: (-row["importance"], row["feature"]))


def _shuffled_loss(
    predict: Callable[[np.ndarray], np.ndarray], rows: np.ndarray, truth: np.ndarray, target: str, column: int,
    random: np.random.Generator,
) -> float:  # fmt: skip
    mixed = rows.copy()
    mixed[:, column] = random.permutation(mixed[:, column])
    return float(pointwise_loss(target, truth, predict(mixed)).mean())
