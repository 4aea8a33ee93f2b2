"""Which months and families a training uses, and the key that says whether it has been done."""

from __future__ import annotations

from dataclasses import asdict, replace
from importlib.metadata import version
from typing import Any

from include.config import Settings, get_settings
from include.errors import BadDataError, NothingToDo, QualityError, SettingsError
from include.features.build_month import build_feature_month, feature_key
from include.features.engineer_features import feature_code_hash
from include.features.trip_features import targets_of
from include.lake import Lake, Manifest
from include.models.families import BASELINE, family_names, find_row, require_family, task_of
from include.models.gate import Rules
from include.models.tuned import remembered
from include.models.windows import Split, plan_split
from include.processing.validate_month import validate_feature_month
from include.trips.month import Month
from include.utils.hashing import code_hash, fingerprint
from include.utils.logs import get_logger

TRAINING_SOURCES = tuple(
    f"models/{name}.py"
    for name in ("additive_log", "base_trainer", "blend", "boosting", "blas_threads", "bundle", "calibration",
                 "classification_models",
                 "evaluate", "families", "linear", "mlp", "onnx_graphs", "parity", "recipes", "regression_models",
                 "rows", "search_space", "train_all", "trainers", "tuned", "tuning", "windows", "zone_pair")
)  # fmt: skip
TRAINING_LIBRARIES = ("numpy", "scikit-learn", "xgboost", "lightgbm", "torch", "skl2onnx", "onnxmltools", "onnx",
                      "onnxruntime", "optuna")  # fmt: skip
DECISION_SOURCES = tuple(f"models/{name}.py" for name in ("contest", "day_blocks", "evaluate", "gate", "scoring",
                                                          "slices"))  # fmt: skip


def plan_training(
    service: str, month: str, train: str = "newest", settings: Settings | None = None, newest_month: str = "",
    contested: bool = True,
) -> dict[str, Any]:  # fmt: skip
    """Step: which months this training uses, and the families to fit. NothingToDo says why when there is none.

    `train` is newest (a month trains unless it lies before `newest_month` or, when that is "", before the latest month
    that is there), always or never. `key` is made of the earlier months alone: the test month decides, and trains
    nothing. `tuned` holds the parameters that searches before the test month found, `tuning` the budget of new ones.
    `gaps` names the window's months that are not there or whose features were refused; QualityError when the test
    month's were. SettingsError when TAXI_FAMILIES leaves a target without a challenger, unless the training is not
    `contested`: it meets no champion.
    """
    settings = settings or get_settings()
    lake, test = Lake(settings.lake), Month.parse(month)
    available = lake.months("features", service)
    if train == "never":
        raise NothingToDo(f"Training is switched off for this run of {month} (train=never).")
    newest = Month.parse(newest_month) if newest_month else max(available, default=test)
    if train == "newest" and test < newest:
        raise NothingToDo(f"{month} is not the newest month, {newest} is, and it trains (train=newest).")
    for name in settings.families:
        require_family(name)
    if contested:
        _require_rivals(service, settings.families)
    split, uris = _usable(lake, service, test, available, settings)
    synthetic = _one_source(lake, service, [*split.earlier, test])
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


def _require_rivals(service: str, families: tuple[str, ...]) -> None:
    """SettingsError for a target that only the baseline would be fitted on."""
    for target in targets_of(service):
        if not any(find_row(name, task_of(target)) for name in families if name != BASELINE):
            able = [name for name in family_names() if name != BASELINE and find_row(name, task_of(target))]
            raise SettingsError(
                f"TAXI_FAMILIES={','.join(families)} has no family for {target} beside the baseline {BASELINE}, so no "
                f"challenger could meet it on a {service} month: add one of {', '.join(able)}."
            )


def _usable(
    lake: Lake, service: str, test: Month, available: tuple[Month, ...], settings: Settings
) -> tuple[Split, dict[str, str]]:
    """The split without the months that were refused, which are gaps, and the feature files by month."""
    uris, refused = {str(test): _fresh_features(lake, service, test, settings).uri}, []
    for month in plan_split(test, available, settings.window_months).earlier:
        try:
            uris[str(month)] = _fresh_features(lake, service, month, settings).uri
        except QualityError as reason:
            refused.append(month)
            log = get_logger(phase="train", service=service, month=str(test))
            log.warning("a month is left out of the window", left_out=str(month), reason=str(reason))
    split = plan_split(test, tuple(m for m in available if m not in refused), settings.window_months)
    return replace(split, gaps=tuple(sorted({*split.gaps, *refused}))), uris


def _fresh_features(lake: Lake, service: str, month: Month, settings: Settings) -> Manifest:
    """The feature month, fit for use: built again when other trips or code made it, so that no training mixes two.

    QualityError when its suite refuses it. A month that is built again here is judged here; of one with a verdict the
    verdict is asked again, which costs nothing while content and limits are the same. One that was never judged is
    taken: its own run judges it before it trains.
    """
    stale = lake.require("features", service, month).key != feature_key(lake.require("clean", service, month))
    if stale:
        build_feature_month(service, str(month), settings)
    if stale or lake.current("quality_features", service, month) is not None:
        validate_feature_month(service, str(month), settings)
    return lake.require("features", service, month)


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
