"""What a recipe is given and gives back: the contract between a family's row and the code that fits it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from include.features.dictionary import FEATURE_NAMES

SEED = 20190101
COLUMN = {name: position for position, name in enumerate(FEATURE_NAMES)}


@dataclass(frozen=True)
class Lesson:
    """Rows to fit on and rows to stop by: x (n, features) float32, y (n,) float32; at most so many threads."""

    x: np.ndarray
    y: np.ndarray
    x_tune: np.ndarray
    y_tune: np.ndarray
    threads: int = 1


@dataclass(frozen=True)
class Fitted:
    """A native model, how it predicts ((n, features) -> (n,) values or chances of yes), and what fitting decided.

    `gain` is each feature's share of what splits gained, for families of trees that say so.
    """

    model: Any
    predict: Callable[[np.ndarray], np.ndarray]
    learned: dict[str, float] = field(default_factory=dict)
    gain: dict[str, float] = field(default_factory=dict)


class FitRecipe(Protocol):
    """Fits `estimator` (dotted name) with the parameters; the same lesson gives the same model."""

    def __call__(self, estimator: str, params: Mapping[str, Any], lesson: Lesson) -> Fitted: ...


Exporter = Callable[[Any, str], bytes]
"""A native model and a graph name -> ONNX from (n, features) float32 to one float a row; equal models, equal bytes."""
