"""Which months and families a training uses, and the key that says whether it has been done."""

from __future__ import annotations

from dataclasses import asdict
from importlib.metadata import version
from typing import Any

from include.config import Settings, get_settings
from include.errors import BadDataError, NothingToDo
from include.features.build_month import build_feature_month
from include.features.engineer_features import feature_code_hash
from include.lake import Lake, Manifest
from include.models.families import require_family
from include.models.gate import Rules
from include.models.tuned import remembered
from include.models.windows import plan_split
from include.trips.month import Month
from include.utils.hashing import code_hash, fingerprint
from include.utils.logs import get_logger

TRAINING_SOURCES = tuple(
    f"models/{name}.py"
    for name in ("additive_log", "base_trainer", "blend", "boosting", "bundle", "calibration", "evaluate", "families",
                 "linear", "mlp", "onnx_graphs", "parity", "recipes", "rows", "search_space", "tuned", "tuning",
                 "windows", "zone_pair")
)  # fmt: skip
TRAINING_LIBRARIES = ("numpy", "scikit-learn", "xgboost", "lightgbm", "torch", "skl2onnx", "onnxmltools", "optuna")
DECISION_SOURCES = tuple(f"models/{name}.py" for name in ("contest", "day_blocks", "evaluate", "gate", "slices"))


def plan_training(
    service: str, month: str, train: str = "newest", settings: Settings | None = None, newest_month: str = ""
) -> dict[str, Any]:
    """Step: which months this training uses, and the families to fit. NothingToDo says why when there is none.

    `train` is newest (a month trains unless it lies before `newest_month` or, when that is "", before the latest month
    that is there), always or never. `key` is made of the earlier months alone: the test month decides, and trains
    nothing. `tuned` holds the parameters that searches before the test month found, `tuning` the budget of new ones.
    """
    settings = settings or get_settings()
    lake, test = Lake(settings.lake), Month.parse(month)
    available = lake.months("features", service)
    if train == "never":
        raise NothingToDo(f"Training is switched off for this run of {month} (train=never).")
    newest = Month.parse(newest_month) if newest_month else max(available, default=test)
    if train == "newest" and test < newest:
        raise NothingToDo(f"{month} is not the newest month, {newest} is, and it trains (train=newest).")
    split = plan_split(test, available, settings.window_months)
    months = {str(m): _fresh_features(lake, service, m, settings) for m in (*split.earlier, test)}
    synthetic = _one_source(lake, service, [Month.parse(m) for m in months])
    uris = {m: manifest.uri for m, manifest in months.items()}
    for name in settings.families:
        require_family(name)
    earlier, code = [str(m) for m in split.earlier], training_code_hash()
    tuned = remembered(lake, service, test, settings.families, synthetic)
    params = {"tuned": tuned, "tuning": _budget(settings)}
    key = fingerprint({m: uris[m] for m in earlier}, list(settings.families), settings.fit_threads, code, params)
    rules = (asdict(Rules.of(settings)), settings.bootstrap_rounds, code_hash(*DECISION_SOURCES))
    plan = {"service": service, "month": month, "earlier": earlier, "uris": uris, "key": key, "training_code": code,
            "decision_key": fingerprint(key, uris[month], rules),
            "gaps": [str(m) for m in split.gaps], "families": list(settings.families),
            "synthetic": synthetic, **params}  # fmt: skip
    get_logger(phase="train", service=service, month=month).info("training planned", earlier=plan["earlier"])
    return plan


def _budget(settings: Settings) -> dict[str, Any]:
    """What a search may take, or nothing when there is to be none."""
    return {"trials": settings.tune_trials, "seconds": settings.tune_seconds} if settings.tune_trials else {}


def _fresh_features(lake: Lake, service: str, month: Month, settings: Settings) -> Manifest:
    """The feature month, built again when other feature code made it: one training never mixes two definitions."""
    held = lake.require("features", service, month)
    if held.meta.get("feature_code") != feature_code_hash():
        build_feature_month(service, str(month), settings)
        held = lake.require("features", service, month)
    return held


def _one_source(lake: Lake, service: str, months: list[Month]) -> bool:
    """True for the sample's months. BadDataError for these and real ones in one window: a champion of neither."""
    origins = {m: lake.require("landing", service, m).meta["origin"] for m in months}
    synthetic = [str(m) for m, origin in origins.items() if origin.startswith("embedded sample")]
    real = [str(m) for m in months if str(m) not in synthetic]
    if synthetic and real:
        raise BadDataError(
            f"{service} {', '.join(synthetic)} are the embedded sample's and {', '.join(real)} are real: no model is "
            "trained on both. Ingest the sample's months again from the real source, or use another TAXI_HOME."
        )
    return bool(synthetic)


def training_code_hash() -> str:
    """Fingerprint of what decides the outcome of a training, beside data and settings."""
    versions = {name: version(name) for name in TRAINING_LIBRARIES}
    return fingerprint(feature_code_hash(), code_hash(*TRAINING_SOURCES), versions)
