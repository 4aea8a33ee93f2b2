"""What MLflow knows of a fit, and a registered version that loads without the project's lake."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from wandb.sdk.lib.service.service_connection import ServiceConnection

from include.config import Settings, load_settings
from include.errors import BadDataError
from include.features.dictionary import FEATURE_NAMES
from include.models.bundle import model_name, read_bundle, read_pointer
from include.models.rows import load_rows
from include.models.tracking import client, log_fit
from include.models.train_all import plan_training, select_best_model
from include.pipeline import run_month
from tests.homes import settings_of

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, dict[str, Any]]:
    """A home with champions, and the plan that made them."""
    families = ("zone_pair_median", "ridge")
    home = tmp_path_factory.mktemp("home")
    settings = settings_of(home, sample_rows=4000, bootstrap_rounds=100, families=families)
    for month in ("2019-01", "2019-02"):
        run_month("yellow", month, "newest", settings)
    return settings, plan_training("yellow", "2019-02", "always", settings)


def test_one_homes_store_is_not_the_next_ones(tmp_path: Path) -> None:
    first = settings_of(tmp_path / "first")
    client(first).search_experiments()
    second = load_settings({"home": tmp_path / "second"})
    assert second.tracking_uri != first.tracking_uri
    assert str(tmp_path / "second") in second.tracking_uri


@pytest.mark.parametrize("target", ["duration_min", "high_tip"])
def test_a_champion_loads_as_an_mlflow_model(
    trained: tuple[Settings, dict[str, Any]], target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import mlflow

    settings, plan = trained
    name = model_name("yellow", target)
    rows = load_rows(plan["uris"]["2019-02"], "yellow").x[:50]
    frame = pd.DataFrame(rows, columns=list(FEATURE_NAMES), index=range(100, 150))
    monkeypatch.setenv("MLFLOW_TRACKING_URI", settings.tracking_uri)  # or MLflow sets it for the tests after this one
    mlflow.set_tracking_uri(settings.tracking_uri)
    answer = mlflow.pyfunc.load_model(f"models:/{name}@champion").predict(frame[list(reversed(FEATURE_NAMES))])
    pointer = read_pointer(settings.lake, name)
    assert pointer is not None
    bundle = read_bundle(pointer.uri)
    columns = ["probability"] if target == "high_tip" else ["value", "p10", "p90"]
    assert list(answer.columns) == columns
    assert answer.index.tolist() == frame.index.tolist()
    assert answer[columns[0]].to_numpy() == pytest.approx(bundle.predict(rows))
    source = Path(client(settings).get_model_version_by_alias(name, "champion").source.removeprefix("file://"))
    assert not [path for path in source.rglob("*") if path.suffix in (".pkl", ".pickle")]


def test_a_run_holds_what_reproduces_it_and_what_it_cost(trained: tuple[Settings, dict[str, Any]]) -> None:
    settings, plan = trained
    best = select_best_model(model_name("yellow", "fare_usd"), settings)
    run = client(settings).get_run(best["run_id"])
    assert best["loss"] == run.data.metrics["mae"]
    assert run.data.tags["plan_key"] == plan["key"]
    assert {"feature_code", "training_code", "earlier"} <= set(run.data.tags)
    assert run.data.params["estimator"]
    assert {"fit_seconds", "peak_mb", "artefact_bytes", "prediction_us"} <= set(run.data.metrics)
    (month,) = run.inputs.dataset_inputs
    assert (month.dataset.name, month.dataset.source) == ("yellow 2019-01", plan["uris"]["2019-01"])


def test_the_best_of_nothing_says_what_to_do(trained: tuple[Settings, dict[str, Any]]) -> None:
    with pytest.raises(BadDataError, match="'nyc_taxi_green_fare_usd': train first"):
        select_best_model("nyc_taxi_green_fare_usd", trained[0])


def test_the_second_logger_writes_offline_runs_into_the_home(
    trained: tuple[Settings, dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, plan = trained
    for name in [name for name in __import__("os").environ if name.startswith("WANDB_")]:
        monkeypatch.delenv(name)
    pointer = read_pointer(settings.lake, model_name("yellow", "duration_min"))
    assert pointer is not None
    assert not (settings.home / "wandb").exists()  # it is off unless somebody asks
    second = settings.model_copy(update={"wandb": "offline"})
    # wandb's process may hear late that the run has ended: what was logged is on disk all the same
    monkeypatch.setattr(ServiceConnection, "inform_finish", lambda self, run_id: None)
    log_fit(second, plan, read_bundle(pointer.uri).card, {"fit_seconds": 1.0})
    (run,) = (settings.home / "wandb").glob("offline-run-*")
    (written,) = run.glob("*.wandb")
    content = written.read_bytes()
    assert b"nyc_taxi_yellow_duration_min" in content
    assert b"fit_seconds" in content


def test_metrics_are_numbers(trained: tuple[Settings, dict[str, Any]]) -> None:
    settings, _ = trained
    for target in ("duration_min", "high_tip"):
        run = client(settings).get_run(select_best_model(model_name("yellow", target), settings)["run_id"])
        assert all(math.isfinite(value) for value in run.data.metrics.values())
        assert np.isfinite(run.data.metrics["parity_alike"])
