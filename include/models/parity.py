"""Whether the model that is served is the one that was fitted: row by row, and in the metric that decides."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from include.errors import BundleError
from include.models.evaluate import pointwise_loss

TOLERANCE = 1e-4
"""Relative difference of a row, and of the mean loss, that rounding to float32 may make."""
ALIKE = 0.9999
"""Share of rows that must be within it."""


@dataclass(frozen=True)
class Parity:
    """Share of rows within TOLERANCE, the largest relative difference, and that of the mean loss."""

    alike: float
    largest: float
    loss: float

    @property
    def holds(self) -> bool:
        """True for a model that may be served."""
        return self.alike >= ALIKE and self.loss <= TOLERANCE


def compare(target: str, native: np.ndarray, served: np.ndarray, actual: np.ndarray) -> Parity:
    """(n,) predictions of both forms and labels -> how far they differ. NaN is alike to nothing."""
    difference = np.abs(served - native) / np.maximum(np.abs(native), TOLERANCE)
    losses = [float(pointwise_loss(target, actual, said).mean()) for said in (native, served)]
    apart = abs(losses[1] - losses[0]) / max(losses[0], TOLERANCE)
    return Parity(float((difference <= TOLERANCE).mean()), float(difference.max()), float(apart))


def require_parity(family: str, target: str, parity: Parity) -> None:
    """BundleError, with the figures, when the exported model is another one."""
    if not parity.holds:
        raise BundleError(
            f"{family} for {target}: its ONNX form agrees with the fitted model on {parity.alike:.4%} of rows within "
            f"{TOLERANCE:g} ({ALIKE:.2%} are needed; the largest difference is {parity.largest:.2g}) and differs by "
            f"{parity.loss:.2g} in loss: it is no candidate. Check the converter's version."
        )
