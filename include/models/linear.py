"""Linear models over one-hot zones, hour and weekday and standardised numbers; they explain themselves."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import numpy as np

from include.models.recipes import COLUMN, SEED, Fitted, Lesson

CATEGORIES = ("pickup_zone", "dropoff_zone", "hour", "weekday")
CARRIED_ON = ("day_of_year",)
"""What a line carries on beyond the window's days: after one month, ridge erred twice as the floor does."""


def fit_linear(estimator: str, params: Mapping[str, Any], lesson: Lesson) -> Fitted:
    """A pipeline of encoding and `estimator`; a category never seen counts as none of the known."""
    from sklearn.compose import ColumnTransformer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    categories, beyond = ([COLUMN[name] for name in names] for names in (CATEGORIES, CARRIED_ON))
    rest = [i for i in range(lesson.x.shape[1]) if i not in categories + beyond]
    encode = ColumnTransformer(
        [("categories", OneHotEncoder(handle_unknown="ignore"), categories), ("numbers", StandardScaler(), rest)]
    )
    model = make_pipeline(encode, build(estimator, params)).fit(lesson.x, lesson.y)
    return fitted(model)


def fit_estimator(estimator: str, params: Mapping[str, Any], lesson: Lesson) -> Fitted:
    """Any class with `fit` and `predict` on the matrix as it is; `n_jobs` among the parameters becomes the threads."""
    threads = {"n_jobs": lesson.threads} if "n_jobs" in params else {}
    return fitted(build(estimator, {**params, **threads}).fit(lesson.x, lesson.y))


def build(estimator: str, params: Mapping[str, Any]) -> Any:
    """`package.module.Class` with its parameters, seeded where the class takes a seed."""
    module, _, name = estimator.rpartition(".")
    made = getattr(import_module(module), name)(**params)
    if hasattr(made, "get_params") and "random_state" in made.get_params():
        made.set_params(random_state=SEED)
    return made


def fitted(model: Any) -> Fitted:
    """A model whose classifier form gives the chance of its second class."""
    if hasattr(model, "predict_proba"):
        return Fitted(model, lambda x: np.asarray(model.predict_proba(x)[:, 1]))
    return Fitted(model, lambda x: np.asarray(model.predict(x)))
