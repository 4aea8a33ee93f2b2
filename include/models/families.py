"""The model families, one row each: what is fitted with which parameters, what a search may try, how it is exported.

A family with a row for both tasks is fitted on every target; one with a row for a single task skips the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from include.errors import SettingsError
from include.features.trip_features import PROBABILITIES
from include.models.blend import export_blend, fit_blend
from include.models.boosting import export_lightgbm, export_xgboost, fit_lightgbm, fit_xgboost
from include.models.linear import fit_estimator, fit_linear
from include.models.mlp import CLASSIFIER, REGRESSOR, export_network, fit_network
from include.models.onnx_graphs import sklearn_graph
from include.models.recipes import SEED, Exporter, FitRecipe
from include.models.search_space import SearchSpace, Span
from include.models.zone_pair import export_table

Task = Literal["regression", "classification"]
REGRESSION: Task = "regression"
CLASSIFICATION: Task = "classification"
BASELINE = "zone_pair_median"
"""The floor that every champion has to beat: medians of the zone pair, or its shares of yes."""


@dataclass(frozen=True)
class Family:
    """One row; `search` says which parameters may be tuned, and where.

    `estimator` is the dotted name of what is built, where the recipe builds a class.
    """

    name: str
    task: Task
    estimator: str
    fit: FitRecipe
    export: Exporter
    params: Mapping[str, Any] = field(default_factory=dict)
    search: SearchSpace = field(default_factory=dict)


_TREES = {"max_depth": 9, "learning_rate": 0.06, "min_child_weight": 8, "subsample": 0.8, "colsample_bytree": 0.6,
          "rounds": 1500, "patience": 40}  # fmt: skip
_TREE_SPANS = {
    "max_depth": Span(4, 12, whole=True), "learning_rate": Span(0.02, 0.3, log=True), "subsample": Span(0.5, 1.0),
    "min_child_weight": Span(1, 100, log=True), "colsample_bytree": Span(0.4, 1.0),
}  # fmt: skip
_LEAVES = {"num_leaves": 127, "learning_rate": 0.06, "min_data_in_leaf": 30, "bagging_freq": 1, "bagging_fraction": 0.9,
           "feature_fraction": 0.8, "lambda_l2": 0.0, "rounds": 1500, "patience": 40}  # fmt: skip
_FEW_LEAVES = {"num_leaves": 15, "learning_rate": 0.05, "min_data_in_leaf": 200, "feature_fraction": 0.6}
"""A tip has little to do with the trip: larger trees learn its noise."""
_AGAIN = {"seed": SEED + 1, "bagging_fraction": 0.6, "feature_fraction": 0.7}
_LEAF_SPANS = {
    "num_leaves": Span(15, 255, log=True, whole=True), "learning_rate": Span(0.02, 0.3, log=True),
    "min_data_in_leaf": Span(5, 200, log=True, whole=True), "bagging_fraction": Span(0.5, 1.0),
    "feature_fraction": Span(0.4, 1.0), "lambda_l2": Span(0.0, 30.0),
}  # fmt: skip
_FOREST = {"n_estimators": 60, "max_depth": 14, "min_samples_leaf": 10, "max_features": 0.5, "max_samples": 0.4,
           "n_jobs": 1}  # fmt: skip
_FOREST_SPANS = {"max_depth": Span(8, 18, whole=True), "min_samples_leaf": Span(3, 60, log=True, whole=True),
                 "max_features": Span(0.2, 0.9)}  # fmt: skip
_NETWORK = {"hidden": (256, 256, 128), "dropout": 0.1, "learning_rate": 2e-3, "decay": 1e-4, "batch": 512, "epochs": 20,
            "patience": 8, "trips": 2_000_000}  # fmt: skip
_NETWORK_SPANS = {"learning_rate": Span(3e-4, 1e-2, log=True), "decay": Span(1e-6, 1e-2, log=True),
                  "dropout": Span(0.0, 0.3)}  # fmt: skip

_SINGLE: tuple[Family, ...] = (
    Family(BASELINE, REGRESSION, "include.models.zone_pair.ZonePairMedian", fit_estimator, export_table, {"least": 2}),
    Family(BASELINE, CLASSIFICATION, "include.models.zone_pair.ZonePairRate", fit_estimator, export_table,
           {"least": 50}),
    Family("additive_log", REGRESSION, "include.models.additive_log.AdditiveLog", fit_estimator, export_table,
           {"shrink": 1.0, "rounds": 15}, {"shrink": Span(0.2, 5, log=True)}),
    Family("linear", REGRESSION, "sklearn.linear_model.LinearRegression", fit_linear, sklearn_graph),
    Family("ridge", REGRESSION, "sklearn.linear_model.Ridge", fit_linear, sklearn_graph, {"alpha": 10.0},
           {"alpha": Span(0.1, 1000, log=True)}),
    Family("ridge", CLASSIFICATION, "sklearn.linear_model.LogisticRegression", fit_linear, sklearn_graph,
           {"C": 0.1, "max_iter": 200}, {"C": Span(1e-3, 30, log=True)}),
    Family("lasso", REGRESSION, "sklearn.linear_model.Lasso", fit_linear, sklearn_graph,
           {"alpha": 0.005, "selection": "random", "tol": 1e-3}, {"alpha": Span(1e-4, 1.0, log=True)}),
    Family("random_forest", REGRESSION, "sklearn.ensemble.RandomForestRegressor", fit_estimator, sklearn_graph, _FOREST,
           _FOREST_SPANS),
    Family("random_forest", CLASSIFICATION, "sklearn.ensemble.RandomForestClassifier", fit_estimator, sklearn_graph,
           _FOREST, _FOREST_SPANS),
    Family("xgboost", REGRESSION, "xgboost.train", fit_xgboost, export_xgboost,
           _TREES | {"objective": "reg:absoluteerror", "eval_metric": "mae"}, _TREE_SPANS),
    Family("xgboost", CLASSIFICATION, "xgboost.train", fit_xgboost, export_xgboost,
           _TREES | {"objective": "binary:logistic", "eval_metric": "logloss", "max_depth": 6}, _TREE_SPANS),
    Family("lightgbm", REGRESSION, "lightgbm.train", fit_lightgbm, export_lightgbm, _LEAVES | {"objective": "l1"},
           _LEAF_SPANS),
    Family("lightgbm", CLASSIFICATION, "lightgbm.train", fit_lightgbm, export_lightgbm,
           _LEAVES | _FEW_LEAVES | {"objective": "binary"}, _LEAF_SPANS),
    Family("mlp", REGRESSION, REGRESSOR, fit_network, export_network, _NETWORK, _NETWORK_SPANS),
    Family("mlp", CLASSIFICATION, CLASSIFIER, fit_network, export_network, _NETWORK, _NETWORK_SPANS),
)  # fmt: skip


def _blend(task: Task) -> Family:
    """Two of LightGBM's, by other draws of rows and columns, and the network: they err in different places."""
    first, network = (next(row for row in _SINGLE if (row.name, row.task) == (n, task)) for n in ("lightgbm", "mlp"))
    second = replace(first, name="lightgbm_again", params={**first.params, **_AGAIN})
    rows = (first, second, network)
    return Family("blend", task, " + ".join(row.name for row in rows), fit_blend, export_blend, {"members": rows})


ROWS: tuple[Family, ...] = (*_SINGLE, _blend(REGRESSION), _blend(CLASSIFICATION))


def task_of(target: str) -> Task:
    """What kind of prediction a target asks for."""
    return CLASSIFICATION if target in PROBABILITIES else REGRESSION


def family_names() -> tuple[str, ...]:
    """Every family once, in the table's order; `TAXI_FAMILIES=all` means these."""
    return tuple(dict.fromkeys(row.name for row in ROWS))


def require_family(name: str) -> None:
    """SettingsError, with the known ones, for a name that is none."""
    if name not in family_names():
        raise SettingsError(f"TAXI_FAMILIES names {name!r}; known families: {', '.join(family_names())}, or all.")


def find_row(name: str, task: str) -> Family | None:
    """The family's row for a task, or None when it has no such form."""
    return next((row for row in ROWS if (row.name, row.task) == (name, task)), None)
