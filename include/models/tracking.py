"""Every fit in MLflow, and the registered versions: the only module that talks to MLflow."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import fsspec
from filelock import FileLock

from include.config import Settings
from include.models.bundle import BundleCard, model_name


def client(settings: Settings) -> Any:
    """An MlflowClient for the settings' store; the embedded one is created and migrated once, under a lock."""
    import mlflow
    from mlflow import MlflowClient

    if settings.tracking_uri.startswith("sqlite:///"):
        folder = settings.mlflow_store.parent
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / ".migrate.lock"):
            if not settings.mlflow_store.exists():
                MlflowClient(settings.tracking_uri, settings.tracking_uri).search_experiments(max_results=1)
    mlflow.set_tracking_uri(settings.tracking_uri)
    return MlflowClient(settings.tracking_uri, settings.tracking_uri)


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


def log_fit(
    settings: Settings, plan: dict[str, Any], family: str, target: str, params: dict[str, float],
    metrics: dict[str, float],
) -> str:  # fmt: skip
    """One finished run with parameters, metrics and the tags that reproduce it; gives the run id."""
    from mlflow.entities import Metric, Param, RunTag
    from mlflow.utils.time import get_current_time_millis

    mlflow_client = client(settings)
    experiment = experiment_id(settings, mlflow_client, model_name(plan["service"], target))
    now = get_current_time_millis()
    tags = {"service": plan["service"], "target": target, "family": family, "month": plan["month"]}
    tags |= {"trained_to": plan["earlier"][-1], "earlier": ",".join(plan["earlier"]), "plan_key": plan["key"]}
    run = mlflow_client.create_run(experiment, run_name=f"{family} {plan['month']}")
    mlflow_client.log_batch(
        run.info.run_id,
        metrics=[Metric(name, value, now, 0) for name, value in metrics.items()],
        params=[Param(name, str(value)) for name, value in params.items()],
        tags=[RunTag(name, value) for name, value in tags.items()],
    )
    mlflow_client.set_terminated(run.info.run_id)
    return str(run.info.run_id)


def register_version(settings: Settings, card: BundleCard, bundle_uri: str) -> int:
    """A new version of the registered model from a bundle in the lake, logged to its run; gives the version number."""
    from mlflow.exceptions import MlflowException

    mlflow_client, name = client(settings), card.model_name
    try:
        mlflow_client.create_registered_model(name)
    except MlflowException:  # it is there already
        mlflow_client.get_registered_model(name)
    fs, root = fsspec.url_to_fs(bundle_uri)
    with tempfile.TemporaryDirectory() as folder:
        local = Path(folder) / "bundle"
        local.mkdir()
        for path in fs.ls(root, detail=False):
            (local / Path(path).name).write_bytes(fs.cat_file(path))
        mlflow_client.log_artifacts(card.run_id, str(local), "bundle")
    source = f"{mlflow_client.get_run(card.run_id).info.artifact_uri}/bundle"
    tags = {"family": card.family, "trained_to": card.trained_to}
    version = mlflow_client.create_model_version(name, source=source, run_id=card.run_id, tags=tags)
    return int(version.version)


def set_alias(settings: Settings, name: str, alias: str, version: int) -> None:
    """Points an alias of a registered model at a version."""
    client(settings).set_registered_model_alias(name, alias, str(version))
