"""Gradient-boosted trees by the libraries' own train calls: rounds are stopped by the tune days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from include.features.dictionary import FEATURE_NAMES
from include.models.onnx_graphs import CONVERTER_OPSET, INPUT, one_output
from include.models.recipes import SEED, Fitted, Lesson


def fit_xgboost(estimator: str, params: Mapping[str, Any], lesson: Lesson) -> Fitted:  # noqa: ARG001 - one train call
    """XGBoost's histogram trees; `rounds` and `patience` are ours, the rest is passed on."""
    import xgboost

    own = {"tree_method": "hist", "nthread": lesson.threads, "seed": SEED} | dict(params)
    rounds, patience = own.pop("rounds"), own.pop("patience")
    tune = xgboost.DMatrix(lesson.x_tune, lesson.y_tune)
    booster = xgboost.train(
        own, xgboost.DMatrix(lesson.x, lesson.y), rounds, evals=[(tune, "tune")], early_stopping_rounds=patience,
        verbose_eval=False,
    )  # fmt: skip
    kept = booster[: booster.best_iteration + 1]
    gained = kept.get_score(importance_type="total_gain")  # by the names f0, f1, ...; of used features only
    gain = gain_shares([float(gained.get(f"f{i}", 0.0)) for i in range(len(FEATURE_NAMES))])
    learned = {"trees": booster.best_iteration + 1.0}
    return Fitted(kept, lambda x: np.asarray(kept.predict(xgboost.DMatrix(x))), learned, gain)


def fit_lightgbm(estimator: str, params: Mapping[str, Any], lesson: Lesson) -> Fitted:  # noqa: ARG001 - one train call
    """LightGBM's leaf-wise trees, deterministic; `rounds` and `patience` are ours, the rest is passed on."""
    import lightgbm

    own = {"num_threads": lesson.threads, "seed": SEED, "deterministic": True, "force_col_wise": True,
           "verbosity": -1} | dict(params)  # fmt: skip
    rounds, patience = own.pop("rounds"), own.pop("patience")
    train = lightgbm.Dataset(lesson.x, lesson.y)
    booster = lightgbm.train(
        own, train, rounds, valid_sets=[lightgbm.Dataset(lesson.x_tune, lesson.y_tune, reference=train)],
        callbacks=[lightgbm.early_stopping(patience, verbose=False)],
    )  # fmt: skip
    text = booster.model_to_string(num_iteration=booster.best_iteration)
    kept = lightgbm.Booster(model_str=float32_thresholds(text))
    gain = gain_shares(booster.feature_importance("gain", iteration=booster.best_iteration))
    return Fitted(kept, lambda x: np.asarray(kept.predict(x)), {"trees": float(booster.best_iteration)}, gain)


def gain_shares(gained: Sequence[float] | np.ndarray) -> dict[str, float]:
    """(features,) total gain of the splits on each -> its share by name; all 0 for trees that never split."""
    total = float(np.sum(gained))
    return {name: float(g) / total if total else 0.0 for name, g in zip(FEATURE_NAMES, gained, strict=True)}


def export_xgboost(model: Any, name: str) -> bytes:
    """XGBoost's trees as one ONNX tree ensemble."""
    from onnxmltools import convert_xgboost
    from onnxmltools.convert.common.data_types import FloatTensorType

    shape = [(INPUT, FloatTensorType([None, len(FEATURE_NAMES)]))]
    return one_output(convert_xgboost(model, name, shape, target_opset=CONVERTER_OPSET))


def export_lightgbm(model: Any, name: str) -> bytes:
    """LightGBM's trees as one ONNX tree ensemble."""
    from onnxmltools import convert_lightgbm
    from onnxmltools.convert.common.data_types import FloatTensorType

    shape = [(INPUT, FloatTensorType([None, len(FEATURE_NAMES)]))]
    return one_output(convert_lightgbm(model, name, shape, target_opset=CONVERTER_OPSET, zipmap=False))


def float32_thresholds(model_text: str) -> str:
    """A LightGBM model whose thresholds are rounded down to float32: `x <= t` stays the same for every float32 x.

    ONNX holds thresholds as float32; rounding to the nearest would send values next to a threshold the other way.
    """

    def rounded(line: str) -> str:
        exact = np.array(line.removeprefix("threshold=").split(), np.float64)
        near = exact.astype(np.float32)
        below = np.where(near > exact, np.nextafter(near, np.float32(-np.inf)), near)
        return "threshold=" + " ".join(repr(float(t)) for t in below)

    lines = (rounded(ln) if ln.startswith("threshold=") else ln for ln in model_text.split("\n"))
    return "\n".join(line for line in lines if not line.startswith("tree_sizes="))
