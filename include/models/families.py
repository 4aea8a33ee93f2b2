"""The model families: each a small class around an estimator, and a way to ONNX."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from include.errors import SettingsError
from include.features.dictionary import FEATURE_NAMES
from include.features.temporal_features import TIME_BANDS
from include.trips.zones import ZONE_COUNT, load_zones

SEED = 20190101
OPSETS = {"": 18, "ai.onnx.ml": 3}
MAX_TREES, PATIENCE = 600, 30
COLUMN = {name: position for position, name in enumerate(FEATURE_NAMES)}


class Family:
    """A regression family: `fit` on (n, features) float32 rows, `predict`, `to_onnx`. Fitting is seeded."""

    name: ClassVar[str]

    def __init__(self, threads: int) -> None:
        self.threads = threads
        self.model: Any = None

    def fit(self, x: np.ndarray, y: np.ndarray, x_tune: np.ndarray, y_tune: np.ndarray) -> dict[str, float]:
        """Fits on the training rows, stops by the tuning rows where the family can; gives parameters worth logging."""
        raise NotImplementedError

    def predict(self, x: np.ndarray) -> np.ndarray:
        """(n, features) -> (n,) in the target's unit."""
        return np.asarray(self.model.predict(x))

    def to_onnx(self) -> bytes:
        """The fitted model as an ONNX graph from (n, features) float32 to one value a row."""
        raise NotImplementedError


class ZonePairMedian(Family):
    """The floor: median of the zone pair in the time band, backing off to the pair, the borough pair and the city.

    A cell needs MIN_TRIPS trips, else the next coarser one answers. The back-off is resolved when fitting, so a
    prediction is one look-up.
    """

    name = "zone_pair_median"
    MIN_TRIPS: ClassVar[int] = 10

    def fit(self, x: np.ndarray, y: np.ndarray, x_tune: np.ndarray, y_tune: np.ndarray) -> dict[str, float]:  # noqa: ARG002 - nothing to stop
        borough = load_zones().borough.astype(np.int64)
        bands = len(TIME_BANDS)
        cells = np.arange(ZONE_COUNT * ZONE_COUNT * bands)
        pair, band = cells // bands, cells % bands
        boroughs = borough[pair // ZONE_COUNT] * 8 + borough[pair % ZONE_COUNT]
        row_cell = self._cell(x)
        table = np.full(len(cells), np.median(y), np.float32)
        for level in (boroughs, boroughs * bands + band, pair, cells):  # coarse to fine: finer ones overwrite
            medians = _group_medians(level[row_cell], y, int(level.max()) + 1, self.MIN_TRIPS)[level]
            table = np.where(np.isnan(medians), table, medians).astype(np.float32)
        self.model = table
        return {"min_trips": float(self.MIN_TRIPS)}

    def _cell(self, x: np.ndarray) -> np.ndarray:
        zones, band = x[:, : COLUMN["dropoff_zone"] + 1].astype(np.int64), x[:, COLUMN["time_band"]].astype(np.int64)
        return np.asarray((zones[:, 0] * ZONE_COUNT + zones[:, 1]) * len(TIME_BANDS) + band)

    def predict(self, x: np.ndarray) -> np.ndarray:
        return np.asarray(self.model[self._cell(x)])

    def to_onnx(self) -> bytes:
        from onnx import TensorProto, helper, numpy_helper

        bands = len(TIME_BANDS)
        weights = np.array([ZONE_COUNT * bands, bands, 1], np.int64)
        columns = np.array([COLUMN["pickup_zone"], COLUMN["dropoff_zone"], COLUMN["time_band"]], np.int64)
        nodes = [
            helper.make_node("Gather", ["features", "columns"], ["picked"], axis=1),
            helper.make_node("Cast", ["picked"], ["whole"], to=TensorProto.INT64),
            helper.make_node("Mul", ["whole", "weights"], ["weighted"]),
            helper.make_node("ReduceSum", ["weighted", "axis"], ["cell"], keepdims=0),
            helper.make_node("Gather", ["table", "cell"], ["value"], axis=0),
        ]
        constants = {"columns": columns, "weights": weights, "axis": np.array([1], np.int64), "table": self.model}
        graph = helper.make_graph(
            nodes,
            self.name,
            [helper.make_tensor_value_info("features", TensorProto.FLOAT, [None, len(FEATURE_NAMES)])],
            [helper.make_tensor_value_info("value", TensorProto.FLOAT, [None])],
            [numpy_helper.from_array(value, name) for name, value in constants.items()],
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSETS[""])], ir_version=8)
        return bytes(model.SerializeToString())


class Ridge(Family):
    """Linear least squares with L2: one-hot zones, hour and weekday, standardised geometry. Explains itself."""

    name = "ridge"
    CATEGORIES: ClassVar[tuple[str, ...]] = ("pickup_zone", "dropoff_zone", "hour", "weekday")

    def fit(self, x: np.ndarray, y: np.ndarray, x_tune: np.ndarray, y_tune: np.ndarray) -> dict[str, float]:
        from sklearn.compose import ColumnTransformer
        from sklearn.linear_model import Ridge as Estimator
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import OneHotEncoder, StandardScaler

        categories = [COLUMN[name] for name in self.CATEGORIES]
        rest = [i for i in range(x.shape[1]) if i not in categories]
        best = (np.inf, 0.0)
        for alpha in (1.0, 10.0, 100.0):
            encode = ColumnTransformer(
                [("zones", OneHotEncoder(handle_unknown="ignore"), categories), ("rest", StandardScaler(), rest)]
            )
            model = make_pipeline(encode, Estimator(alpha=alpha, random_state=SEED)).fit(x, y)
            loss = float(np.abs(model.predict(x_tune) - y_tune).mean())
            if loss < best[0]:
                best, self.model = (loss, alpha), model
        return {"alpha": best[1]}

    def to_onnx(self) -> bytes:
        from skl2onnx import convert_sklearn
        from skl2onnx.common.data_types import FloatTensorType

        features = [("features", FloatTensorType([None, len(FEATURE_NAMES)]))]
        return bytes(convert_sklearn(self.model, initial_types=features, target_opset=OPSETS).SerializeToString())


class XGBoost(Family):
    """Gradient-boosted trees on absolute error, the loss that decides."""

    name = "xgboost"

    def fit(self, x: np.ndarray, y: np.ndarray, x_tune: np.ndarray, y_tune: np.ndarray) -> dict[str, float]:
        import xgboost

        params = {"objective": "reg:absoluteerror", "max_depth": 8, "learning_rate": 0.1, "min_child_weight": 5,
                  "subsample": 0.9, "colsample_bytree": 0.8, "tree_method": "hist", "nthread": self.threads,
                  "seed": SEED, "eval_metric": "mae"}  # fmt: skip
        booster = xgboost.train(
            params, xgboost.DMatrix(x, y), MAX_TREES, evals=[(xgboost.DMatrix(x_tune, y_tune), "tune")],
            early_stopping_rounds=PATIENCE, verbose_eval=False,
        )  # fmt: skip
        self.model = booster[: booster.best_iteration + 1]
        return {"trees": float(booster.best_iteration + 1), "max_depth": 8, "learning_rate": 0.1}

    def predict(self, x: np.ndarray) -> np.ndarray:
        import xgboost

        return np.asarray(self.model.predict(xgboost.DMatrix(x)))

    def to_onnx(self) -> bytes:
        from onnxmltools import convert_xgboost
        from onnxmltools.convert.common.data_types import FloatTensorType

        features = [("features", FloatTensorType([None, len(FEATURE_NAMES)]))]
        return bytes(convert_xgboost(self.model, initial_types=features, target_opset=15).SerializeToString())


class LightGBM(Family):
    """Gradient-boosted trees grown leaf by leaf on absolute error."""

    name = "lightgbm"

    def fit(self, x: np.ndarray, y: np.ndarray, x_tune: np.ndarray, y_tune: np.ndarray) -> dict[str, float]:
        import lightgbm

        params = {"objective": "l1", "num_leaves": 63, "learning_rate": 0.1, "min_data_in_leaf": 30, "bagging_freq": 1,
                  "bagging_fraction": 0.9, "feature_fraction": 0.8, "num_threads": self.threads, "seed": SEED,
                  "deterministic": True, "force_col_wise": True, "verbosity": -1}  # fmt: skip
        train = lightgbm.Dataset(x, y)
        booster = lightgbm.train(
            params, train, MAX_TREES, valid_sets=[lightgbm.Dataset(x_tune, y_tune, reference=train)],
            callbacks=[lightgbm.early_stopping(PATIENCE, verbose=False)],
        )  # fmt: skip
        text = booster.model_to_string(num_iteration=booster.best_iteration)
        self.model = lightgbm.Booster(model_str=_float32_thresholds(text))
        return {"trees": float(booster.best_iteration), "num_leaves": 63, "learning_rate": 0.1}

    def to_onnx(self) -> bytes:
        from onnxmltools import convert_lightgbm
        from onnxmltools.convert.common.data_types import FloatTensorType

        features = [("features", FloatTensorType([None, len(FEATURE_NAMES)]))]
        model = convert_lightgbm(self.model, initial_types=features, target_opset=15, zipmap=False)
        return bytes(model.SerializeToString())


BASELINE = ZonePairMedian.name
FAMILIES: dict[str, type[Family]] = {family.name: family for family in (ZonePairMedian, Ridge, XGBoost, LightGBM)}


def make_family(name: str, threads: int = 1) -> Family:
    """An unfitted family; SettingsError lists the known ones."""
    if name not in FAMILIES:
        raise SettingsError(f"TAXI_FAMILIES names {name!r}; known families: {', '.join(FAMILIES)}.")
    return FAMILIES[name](threads)


def _group_medians(group: np.ndarray, values: np.ndarray, groups: int, least: int) -> np.ndarray:
    """(n,) group numbers and values -> (groups,) medians, NaN where fewer than `least` values are."""
    order = np.lexsort((values, group))
    counts = np.bincount(group, minlength=groups)
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    ordered = values[order]
    medians = np.full(groups, np.nan)
    full = counts >= least
    low, high = starts[full] + (counts[full] - 1) // 2, starts[full] + counts[full] // 2
    medians[full] = (ordered[low].astype(np.float64) + ordered[high]) / 2
    return medians


def _float32_thresholds(model_text: str) -> str:
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
