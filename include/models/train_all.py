"""The train phase: plan the window, then fit each family on it; both targets in one process, which paid the imports."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import Any

import numpy as np

from include.config import Settings, get_settings
from include.errors import BadDataError, BundleError, NothingToDo
from include.features.build_month import build_feature_month
from include.features.dictionary import FEATURE_NAMES
from include.features.engineer_features import feature_code_hash
from include.features.trip_features import targets_of
from include.lake import Lake, Manifest, read_table
from include.models.bundle import Bundle, BundleCard, Intervals, bundle_files, model_name, read_bundle, write_bundle
from include.models.evaluate import compute_regression_metrics
from include.models.families import Family, make_family
from include.models.gate import Rules
from include.models.tracking import log_fit
from include.models.windows import Split, plan_split
from include.trips.columns import METERED
from include.trips.month import Month
from include.utils.hashing import code_hash, fingerprint
from include.utils.logs import get_logger

PARITY_ROWS = 2000
PARITY_TOLERANCE = 1e-3
INTERVAL_BINS = 8


TRAINING_SOURCES = ("models/families.py", "models/windows.py", "models/train_all.py", "models/bundle.py")
TRAINING_LIBRARIES = ("numpy", "scikit-learn", "xgboost", "lightgbm", "skl2onnx", "onnxmltools")
DECISION_SOURCES = (
    "models/evaluate.py",
    "models/day_blocks.py",
    "models/slices.py",
    "models/contest.py",
    "models/gate.py",
)


@dataclass(frozen=True)
class Rows:
    """Trips as the models see them: x (n, features) float32, the targets (n,) each, and the day of the month."""

    x: np.ndarray
    y: dict[str, np.ndarray]
    day: np.ndarray


@dataclass(frozen=True)
class Window:
    """The earlier months' rows by role."""

    train: Rows
    tune: Rows
    calibrate: Rows


def plan_training(
    service: str, month: str, train: str = "newest", settings: Settings | None = None, newest_month: str = ""
) -> dict[str, Any]:
    """Step: which months this training uses, and the families to fit. NothingToDo says why when there is none.

    `train` is newest (a month trains unless it lies before `newest_month` or, when that is "", before the latest month
    that is there), always or never.
    """
    settings = settings or get_settings()
    if service not in METERED:
        raise NothingToDo(f"No model is trained for {service} trips yet: only the data phases of {month} run.")
    lake, test = Lake(settings.lake), Month.parse(month)
    available = lake.months("features", service)
    if train == "never":
        raise NothingToDo(f"Training is switched off for this run of {month} (train=never).")
    newest = Month.parse(newest_month) if newest_month else max(available, default=test)
    if train == "newest" and test < newest:
        raise NothingToDo(f"{month} is not the newest month, {newest} is, and it trains (train=newest).")
    split = plan_split(test, available, settings.window_months)
    months = {str(m): _fresh_features(lake, service, m, settings) for m in (*split.earlier, test)}
    _refuse_mixed_sources(lake, service, [Month.parse(m) for m in months])
    uris = {m: manifest.uri for m, manifest in months.items()}
    for name in settings.families:
        make_family(name)
    key = fingerprint(uris, list(settings.families), settings.fit_threads, training_code_hash())
    rules = (asdict(Rules.of(settings)), settings.bootstrap_rounds, code_hash(*DECISION_SOURCES))
    plan = {"service": service, "month": month, "earlier": [str(m) for m in split.earlier], "uris": uris, "key": key,
            "decision_key": fingerprint(key, rules),
            "gaps": [str(m) for m in split.gaps], "families": list(settings.families)}  # fmt: skip
    get_logger(phase="train", service=service, month=month).info("training planned", earlier=plan["earlier"])
    return plan


def _fresh_features(lake: Lake, service: str, month: Month, settings: Settings) -> Manifest:
    """The feature month, built again when other feature code made it: one training never mixes two definitions."""
    held = lake.require("features", service, month)
    if held.meta.get("feature_code") != feature_code_hash():
        build_feature_month(service, str(month), settings)
        held = lake.require("features", service, month)
    return held


def _refuse_mixed_sources(lake: Lake, service: str, months: list[Month]) -> None:
    """BadDataError for synthetic and real months in one window: the champion would be neither's."""
    origins = {m: lake.require("landing", service, m).meta["origin"] for m in months}
    synthetic = [str(m) for m, origin in origins.items() if origin.startswith("embedded sample")]
    real = [str(m) for m in months if str(m) not in synthetic]
    if synthetic and real:
        raise BadDataError(
            f"{service} {', '.join(synthetic)} are the embedded sample's and {', '.join(real)} are real: no model is "
            "trained on both. Ingest the sample's months again from the real source, or use another TAXI_HOME."
        )


def training_code_hash() -> str:
    """Fingerprint of what decides the outcome of a training, beside data and settings."""
    versions = {name: version(name) for name in TRAINING_LIBRARIES}
    return fingerprint(feature_code_hash(), code_hash(*TRAINING_SOURCES), versions)


def fit_family(plan: dict[str, Any], family: str, settings: Settings | None = None) -> list[dict[str, Any]]:
    """Step: one family fitted on every target of the plan -> one candidate per target, as bundles in the lake.

    A candidate: family, target, uri of the bundle, mae on the tune days, run id. Done before with the same plan: read
    back, not fitted again.
    """
    settings = settings or get_settings()
    window = None
    candidates = []
    for target in targets_of(plan["service"]):
        month_folder = Lake(settings.lake).folder("candidates", plan["service"], Month.parse(plan["month"]))
        uri = f"{month_folder}/{family}/{target}/{plan['key']}"
        known = _finished(uri)
        if known is None:
            window = window or load_window(plan)
            known = _fit_target(plan, family, target, uri, window, settings)
        card = known.card
        candidates.append({"family": family, "target": target, "uri": uri, "mae": card.metrics["mae"],
                           "run_id": card.run_id})  # fmt: skip
    return candidates


def _finished(uri: str) -> Bundle | None:
    try:
        return read_bundle(uri)
    except BundleError:
        return None


def _fit_target(plan: dict[str, Any], family: str, target: str, uri: str, window: Window, settings: Settings) -> Bundle:
    log = get_logger(phase="train", month=plan["month"], family=family, model=model_name(plan["service"], target))
    model, started = make_family(family, settings.fit_threads), time.perf_counter()
    params = model.fit(window.train.x, window.train.y[target], window.tune.x, window.tune.y[target])
    seconds = time.perf_counter() - started
    onnx = model.to_onnx()
    card = BundleCard(
        service=plan["service"], target=target, family=family, features=FEATURE_NAMES,
        feature_code=feature_code_hash(), trained_to=plan["earlier"][-1],
        months={"earlier": plan["earlier"], "gaps": plan["gaps"], "test": [plan["month"]]}, metrics={},
    )  # fmt: skip
    bundle = Bundle(card, onnx, Intervals(np.empty(0), np.zeros(1), np.zeros(1)))
    parity = check_parity(model, bundle, window.tune.x[:PARITY_ROWS])
    metrics = compute_regression_metrics(window.tune.y[target], bundle.predict(window.tune.x))
    metrics |= {"parity_difference": parity, "fit_seconds": round(seconds, 3), "rows_train": float(len(window.train.x))}
    intervals = residual_intervals(bundle.predict(window.calibrate.x), window.calibrate.y[target])
    run_id = log_fit(settings, plan, family, target, params, metrics)
    finished = BundleCard(**{**asdict(card), "features": FEATURE_NAMES, "metrics": metrics, "run_id": run_id})
    write_bundle(uri, bundle_files(finished, onnx, intervals))
    log.info("family fitted", mae=round(metrics["mae"], 4), seconds=round(seconds, 1), rows=len(window.train.x))
    return read_bundle(uri)


def check_parity(model: Family, bundle: Bundle, x: np.ndarray) -> float:
    """Largest relative difference between the native model and its ONNX form; BundleError above PARITY_TOLERANCE."""
    native = np.clip(model.predict(x).astype(np.float64), *bundle.bounds)
    difference = float((np.abs(bundle.predict(x) - native) / np.maximum(np.abs(native), 1)).max())
    if difference > PARITY_TOLERANCE:
        raise BundleError(
            f"{bundle.card.family} for {bundle.card.target}: the ONNX model differs from the trained one by "
            f"{difference:.2g} (at most {PARITY_TOLERANCE}); it is not registered. Check the converter's version."
        )
    return difference


def residual_intervals(predicted: np.ndarray, actual: np.ndarray) -> Intervals:
    """Two (n,) arrays of calibration trips -> 10 % and 90 % quantiles of the residual, by size of the prediction."""
    residual = actual.astype(np.float64) - predicted
    edges = np.unique(np.quantile(predicted, np.linspace(0, 1, INTERVAL_BINS + 1)[1:-1]))
    bin_of = np.searchsorted(edges, predicted, side="right")
    overall = np.quantile(residual, [0.1, 0.9])
    bounds = np.array(
        [
            np.quantile(residual[bin_of == b], [0.1, 0.9]) if (bin_of == b).any() else overall
            for b in range(len(edges) + 1)
        ]
    )
    return Intervals(edges, bounds[:, 0], bounds[:, 1])


def load_rows(uri: str, service: str) -> Rows:
    """A feature month as arrays: the trips that have every label (an FHV trip may lack its end)."""
    targets = targets_of(service)
    table = read_table(uri, ["day", *FEATURE_NAMES, *targets])
    x = np.empty((table.num_rows, len(FEATURE_NAMES)), np.float32)
    for position, name in enumerate(FEATURE_NAMES):
        x[:, position] = table[name].to_numpy()
    y = {target: table[target].to_numpy() for target in targets}
    whole = np.all([np.isfinite(values) for values in y.values()], axis=0)
    return Rows(x[whole], {target: values[whole] for target, values in y.items()}, table["day"].to_numpy()[whole])


def load_window(plan: dict[str, Any]) -> Window:
    """The plan's earlier months, split into roles; NothingToDo when a role has no trip."""
    split = Split(tuple(Month.parse(m) for m in plan["earlier"]), Month.parse(plan["month"]), ())
    months = [(m, load_rows(plan["uris"][str(m)], plan["service"])) for m in split.earlier]
    roles = [split.role_of(m, rows.day) for m, rows in months]

    def pick(role: str) -> Rows:
        masks = [which == role for which in roles]
        parts = [rows for _, rows in months]
        chosen = Rows(
            np.concatenate([rows.x[mask] for rows, mask in zip(parts, masks, strict=True)]),
            {
                t: np.concatenate([r.y[t][mask] for r, mask in zip(parts, masks, strict=True)])
                for t in targets_of(plan["service"])
            },
            np.concatenate([rows.day[mask] for rows, mask in zip(parts, masks, strict=True)]),
        )
        if not len(chosen.day):
            raise NothingToDo(f"The window before {plan['month']} has no trip on its {role} days; add earlier months.")
        return chosen

    return Window(pick("train"), pick("tune"), pick("calibrate"))
