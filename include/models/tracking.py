"""Every fit in MLflow, and the registered versions: the only module that talks to MLflow."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from filelock import FileLock

from include.config import Settings
from include.errors import BadDataError
from include.features.engineer_features import feature_code_hash
from include.features.trip_features import PROBABILITIES
from include.models.bundle import BundleCard, copy_bundle, model_name
from include.models.evaluate import loss_of
from include.models.pyfunc_model import save_pyfunc
from include.models.wandb_log import log_to_wandb

TRACKING_URI = "MLFLOW_TRACKING_URI"


def client(settings: Settings) -> Any:
    """An MlflowClient for the settings' store; the embedded one is created and migrated once, under a lock."""
    from mlflow import MlflowClient

    if settings.tracking_uri.startswith("sqlite:///"):
        folder = settings.mlflow_store.parent
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / ".migrate.lock"):
            if not settings.mlflow_store.exists():
                MlflowClient(settings.tracking_uri, settings.tracking_uri).search_experiments(max_results=1)
    _point_at(settings.tracking_uri)
    return MlflowClient(settings.tracking_uri, settings.tracking_uri)


def _point_at(uri: str) -> None:
    """Tells MLflow where runs go, and leaves MLFLOW_TRACKING_URI as it was: MLflow writes the address there too, where
    the settings of another home would take it for theirs."""
    import mlflow

    before = os.environ.get(TRACKING_URI)
    mlflow.set_tracking_uri(uri)
    if before is None:
        os.environ.pop(TRACKING_URI, None)
    else:
        os.environ[TRACKING_URI] = before


def experiment_id(settings: Settings, mlflow_client: Any, name: str) -> str:
    """The experiment of a registered model, created when it is new; several tasks may ask at once."""
    from mlflow.exceptions import MlflowException

    found = mlflow_client.get_experiment_by_name(name)
    if found is None:
        artifacts = (settings.home / "mlflow" / "artifacts" / name).as_uri()
        try:
            return str(mlflow_client.create_experiment(name, artifact_location=artifacts))
        except MlflowException:  # another family was first
            found = mlflow_client.get_experiment_by_name(name)
    return str(found.experiment_id)


def log_fit(settings: Settings, plan: Mapping[str, Any], card: BundleCard, costs: Mapping[str, float]) -> str:
    """One finished run: parameters, metrics, costs, the months as data sets, tags that reproduce it; gives its id."""
    from mlflow.entities import Metric, Param
    from mlflow.utils.time import get_current_time_millis

    mlflow_client, now = client(settings), get_current_time_millis()
    run_id = _start_run(settings, mlflow_client, plan, card.family, card.target)
    figures = {**card.metrics, **costs}
    mlflow_client.log_batch(
        run_id,
        metrics=[Metric(name, value, now, 0) for name, value in figures.items()],
        params=[Param(name, str(value)) for name, value in card.params.items()],
    )
    mlflow_client.log_inputs(run_id, _data_sets(plan))
    mlflow_client.set_terminated(run_id)
    log_to_wandb(settings, card, figures)
    return run_id


def log_failure(settings: Settings, plan: Mapping[str, Any], family: str, target: str, reason: str) -> str:
    """A run that says why a family has no candidate; gives its id."""
    mlflow_client = client(settings)
    run_id = _start_run(settings, mlflow_client, plan, family, target)
    mlflow_client.set_tag(run_id, "failure", reason[:5000])
    mlflow_client.set_terminated(run_id, "FAILED")
    return run_id


def _start_run(settings: Settings, mlflow_client: Any, plan: Mapping[str, Any], family: str, target: str) -> str:
    experiment = experiment_id(settings, mlflow_client, model_name(plan["service"], target))
    tags = {"service": plan["service"], "target": target, "family": family, "month": plan["month"]}
    tags |= {"trained_to": plan["earlier"][-1], "earlier": ",".join(plan["earlier"]), "plan_key": plan["key"]}
    tags |= {"threads": str(settings.fit_threads)}
    tags |= {"tuning": json.dumps(plan.get("tuning", {})), "tuned": json.dumps(_tuned(plan, family, target))}
    tags |= {"feature_code": feature_code_hash(), "training_code": plan["training_code"], "loss": loss_of(target)}
    run = mlflow_client.create_run(experiment, run_name=f"{family} {plan['month']}", tags=tags)
    return str(run.info.run_id)


def _tuned(plan: Mapping[str, Any], family: str, target: str) -> dict[str, Any]:
    """What the plan remembers of earlier searches for this fit."""
    return dict(plan.get("tuned", {}).get(family, {}).get(target, {}))


def log_text(settings: Settings, run_id: str, text: str, name: str) -> None:
    """A text as a run's artifact."""
    client(settings).log_text(run_id, text, name)


def _data_sets(plan: Mapping[str, Any]) -> list[Any]:
    """The earlier months as MLflow inputs; a feature file's name is the beginning of its SHA-256."""
    from mlflow.entities import Dataset, DatasetInput

    return [
        DatasetInput(Dataset(f"{plan['service']} {month}", Path(plan["uris"][month]).stem, "lake", plan["uris"][month]))
        for month in plan["earlier"]
    ]


def register_version(settings: Settings, card: BundleCard, bundle_uri: str) -> int:
    """A new version of the registered model from a bundle in the lake, logged to its run; gives the version number.

    `mlflow.pyfunc.load_model("models:/<name>/<version>")` loads it where this project can be imported.
    """
    from mlflow.exceptions import MlflowException

    mlflow_client, name = client(settings), card.model_name
    try:
        mlflow_client.create_registered_model(name)
    except MlflowException:  # it is there already
        mlflow_client.get_registered_model(name)
    with tempfile.TemporaryDirectory() as folder:
        bundle, model = Path(folder) / "bundle", Path(folder) / "model"
        copy_bundle(bundle_uri, str(bundle))
        save_pyfunc(model, bundle, card.target in PROBABILITIES)
        mlflow_client.log_artifacts(card.run_id, str(model), "model")
    source = f"{mlflow_client.get_run(card.run_id).info.artifact_uri}/model"
    tags = {"family": card.family, "trained_to": card.trained_to}
    version = mlflow_client.create_model_version(name, source=source, run_id=card.run_id, tags=tags)
    return int(version.version)


def best_run(settings: Settings, experiment_name: str) -> dict[str, Any]:
    """The run with the least tune-day loss among those of an experiment's newest month.

    BadDataError for an experiment that is not there or has no finished run.
    """
    mlflow_client = client(settings)
    experiment = mlflow_client.get_experiment_by_name(experiment_name)
    found = mlflow_client.search_runs([experiment.experiment_id], "status = 'FINISHED'") if experiment else []
    fits = [run for run in found if run.data.tags.get("loss") in run.data.metrics]
    if not fits:
        raise BadDataError(
            f"No finished fit is in the MLflow experiment {experiment_name!r}: train first (make train)."
        )
    newest = max(run.data.tags["month"] for run in fits)
    best = min(
        (run for run in fits if run.data.tags["month"] == newest),
        key=lambda run: (run.data.metrics[run.data.tags["loss"]], run.data.tags["family"]),
    )
    tags = best.data.tags
    return {"run_id": best.info.run_id, "family": tags["family"], "target": tags["target"], "month": newest,
            "loss": best.data.metrics[tags["loss"]]}  # fmt: skip


def set_alias(settings: Settings, name: str, alias: str, version: int) -> None:
    """Points an alias of a registered model at a version."""
    client(settings).set_registered_model_alias(name, alias, str(version))
