"""One trainer for every family: prepare, train, export, evaluate, log, save. A subclass is a name and a row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import numpy as np

from include.config import Settings
from include.errors import BadDataError, SettingsError
from include.features.dictionary import FEATURE_NAMES
from include.features.engineer_features import feature_code_hash
from include.features.temporal_features import TIME_BANDS
from include.models.bundle import (
    TIME_BAND,
    Bundle,
    BundleCard,
    Sample,
    bundle_files,
    read_bundle,
    sample_of,
    write_bundle,
)
from include.models.calibration import Calibration, conformal_intervals, fit_scale
from include.models.costs import measured, quote_microseconds
from include.models.evaluate import compute_metrics, loss_of
from include.models.families import find_row, task_of
from include.models.parity import compare, require_parity
from include.models.recipes import Fitted, Lesson
from include.models.rows import TargetRows, TargetWindow, Window

MIN_TRAIN, MIN_OTHER = 200, 50
"""Labelled trips below which a role says nothing."""
SAMPLE_ROWS = 32
"""Tune-day trips whose answers a bundle carries, for the service to repeat."""


@dataclass(frozen=True)
class TrainerConfig:
    """What a fit is for. `params` win over the family's; `months` and `trained_to` go onto the bundle's card.

    `source` says where the parameters come from, and stands among them on the card.
    """

    target: str
    service: str = "yellow"
    params: Mapping[str, Any] = field(default_factory=dict)
    threads: int = 1
    trained_to: str = ""
    months: Mapping[str, list[str]] = field(default_factory=dict)
    source: Mapping[str, Any] = field(default_factory=dict)


class BaseTrainer:
    """A family's trainer for one target: `train` fits, and everything after it speaks of the model that is served.

    SettingsError when the family has no form for `model_type`, or the target is of the other type.
    """

    def __init__(self, model_name: str, model_type: str, config: TrainerConfig) -> None:
        row = find_row(model_name, model_type)
        if row is None or task_of(config.target) != model_type:
            raise SettingsError(
                f"{model_name} has no {model_type} form for {config.target}: see include/models/families.py."
            )
        self.model_name, self.model_type, self.config, self.row = model_name, model_type, config, row
        self.params = {**row.params, **config.params}
        self.fitted: Fitted | None = None
        self.bundle: Bundle | None = None
        self.costs: dict[str, float] = {}
        self.sample: Sample | None = None
        self.onnx, self._run_id = b"", ""

    def prepare_data(self, window: Window) -> TargetWindow:
        """The window's trips with a label of the target, by role. BadDataError for what cannot be learned from."""
        target = self.config.target
        data = TargetWindow(window.train.of(target), window.tune.of(target), window.calibrate.of(target))
        for role, least in (("train", MIN_TRAIN), ("tune", MIN_OTHER), ("calibrate", MIN_OTHER)):
            refuse_unlearnable(getattr(data, role), target, role, least)
        return data

    def train(self, data: TargetWindow) -> Fitted:
        """Fits on the training rows; the tune days stop families that can be stopped."""
        train, tune = data.train, data.tune
        with measured() as cost:
            lesson = Lesson(train.x, train.y, tune.x, tune.y, self.config.threads)
            self.fitted = self.row.fit(self.row.estimator, self.params, lesson)
        self.costs = cost
        return self.fitted

    def export(self, data: TargetWindow) -> Bundle:
        """The fitted model as a bundle: its ONNX form, held against the native one, and what calibration teaches it.

        BundleError when the two forms differ: such a family is no candidate.
        """
        fitted = self._require_fitted()
        self.onnx = self.row.export(fitted.model, self.model_name)
        bare = Bundle(self._card({}), self.onnx, threads=self.config.threads)
        x, y = np.concatenate([data.tune.x, data.calibrate.x]), np.concatenate([data.tune.y, data.calibrate.y])
        native = np.clip(fitted.predict(x).astype(np.float64), *bare.bounds)
        parity = compare(self.config.target, native, bare.uncalibrated(x), y)
        require_parity(self.model_name, self.config.target, parity)
        self.bundle = bare.calibrated(calibrate(bare, data.calibrate))
        spread = slice(None, None, -(-len(data.tune) // SAMPLE_ROWS))
        self.sample = sample_of(self.bundle, np.ascontiguousarray(data.tune.x[spread]))
        metrics = self.evaluate(data.tune) | {"parity_alike": parity.alike, "parity_largest": parity.largest}
        metrics |= {"rows_train": float(len(data.train)), "rows_tune": float(len(data.tune))}
        self.bundle.card = self._card(metrics)
        self.costs |= {"artefact_bytes": float(len(self.onnx))}
        self.costs |= {"prediction_us": quote_microseconds(self.bundle.predict, data.tune.x)}
        return self.bundle

    def evaluate(self, rows: TargetRows) -> dict[str, float]:
        """Metrics of the served model on these rows; `coverage` is the share that its interval holds."""
        return served_metrics(self._require_bundle(), rows)

    @property
    def loss(self) -> float:
        """The tune days' loss that decides among families."""
        return self._require_bundle().card.metrics[loss_of(self.config.target)]

    def log_to_mlflow(self, settings: Settings, plan: Mapping[str, Any]) -> str:
        """One finished run with parameters, metrics, data sets, costs and shares of gain; gives its id."""
        from include.models.tracking import log_fit

        gain = {f"gain_{name}": share for name, share in self.fitted.gain.items()} if self.fitted else {}
        self._run_id = log_fit(settings, plan, self._require_bundle().card, self.costs | gain)
        return self._run_id

    def save_model(self, uri: str) -> str:
        """Writes the bundle under `uri`; gives the SHA-256 of its card."""
        bundle = self._require_bundle()
        card = replace(bundle.card, run_id=self._run_id, costs=self.costs)
        return write_bundle(uri, bundle_files(card, self.onnx, bundle.calibration, self.sample))

    def load_model(self, uri: str) -> Bundle:
        """The bundle under `uri` as this trainer's. BadDataError when it is another family's or target's."""
        bundle = read_bundle(uri, threads=self.config.threads)
        if (bundle.card.family, bundle.card.target) != (self.model_name, self.config.target):
            raise BadDataError(
                f"{uri} holds {bundle.card.family} for {bundle.card.target}: {self.model_name} for "
                f"{self.config.target} is expected."
            )
        self.bundle = bundle
        return bundle

    def _card(self, metrics: dict[str, float]) -> BundleCard:
        learned = self._require_fitted().learned
        return BundleCard(
            service=self.config.service, target=self.config.target, family=self.model_name, features=FEATURE_NAMES,
            feature_code=feature_code_hash(), trained_to=self.config.trained_to,
            months={name: list(months) for name, months in self.config.months.items()}, metrics=metrics,
            params={"estimator": self.row.estimator, **_plain(self.params), **learned, **self.config.source},
        )  # fmt: skip

    def _require_fitted(self) -> Fitted:
        if self.fitted is None:
            raise BadDataError(f"{self.model_name} for {self.config.target} is not fitted: call train first.")
        return self.fitted

    def _require_bundle(self) -> Bundle:
        if self.bundle is None:
            raise BadDataError(
                f"{self.model_name} for {self.config.target} has no bundle: call export or load_model first."
            )
        return self.bundle


def _plain(params: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters as JSON has them: rows of the family table become their own parameters, by the row's name."""
    plain: dict[str, Any] = {}
    for name, value in params.items():
        if name == "members":
            plain |= {f"{row.name}.{inner}": said for row in value for inner, said in _plain(row.params).items()}
        else:
            plain[name] = list(value) if isinstance(value, tuple) else value
    return plain


class FamilyTrainer(BaseTrainer):
    """A trainer that is its row: subclasses name the family and the task, and nothing else."""

    family: ClassVar[str]
    task: ClassVar[str]

    def __init__(self, config: TrainerConfig) -> None:
        super().__init__(self.family, self.task, config)


def served_metrics(bundle: Bundle, rows: TargetRows) -> dict[str, float]:
    """Metrics of a bundle on these rows; of a quantity also `coverage`, the share that its interval holds."""
    target = bundle.card.target
    if bundle.is_probability:
        return compute_metrics(target, rows.y, bundle.predict_probability(rows.x))
    values, low, high = bundle.predict_with_interval(rows.x)
    covered = float(((rows.y >= low) & (rows.y <= high)).mean())
    return compute_metrics(target, rows.y, values) | {"coverage": covered}


def calibrate(bundle: Bundle, rows: TargetRows) -> Calibration:
    """What the calibration days' trips say about an ONNX model's predictions."""
    said = bundle.uncalibrated(rows.x)
    if bundle.is_probability:
        return fit_scale(said, rows.y)
    return conformal_intervals(said, rows.x[:, TIME_BAND].astype(np.int64), rows.y, len(TIME_BANDS))


def refuse_unlearnable(rows: TargetRows, target: str, role: str, least: int) -> None:
    """BadDataError for too few rows, labels that are all equal, or features that are no numbers."""
    if len(rows) < least:
        raise BadDataError(
            f"{target} has {len(rows):,} labelled trips on the {role} days, at least {least} are needed: add earlier "
            "months."
        )
    if rows.y.min() == rows.y.max() and role != "tune":
        raise BadDataError(
            f"{target} is {rows.y[0]:g} on all {len(rows):,} {role} trips: nothing can be learned from one value. "
            "Check the month's labels."
        )
    if not np.isfinite(rows.x).all():
        bad = ~np.isfinite(rows.x)
        names = [FEATURE_NAMES[i] for i in np.flatnonzero(bad.any(0))]
        raise BadDataError(
            f"{', '.join(names)} is no number on {int(bad.any(1).sum()):,} {role} trips: features must be finite. "
            "Build the feature months again."
        )
