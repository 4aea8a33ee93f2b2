"""Links into MLflow: a run's page needs its experiment, which MLflow's REST API knows."""

from __future__ import annotations

from urllib.parse import quote

import httpx

from include.dashboard.faults import AwayError

SECONDS = 5.0
NO_SERVER = "MLFLOW_TRACKING_URI names a store, which has no pages to link to."


def run_path(base: str, run_id: str, transport: httpx.BaseTransport | None = None) -> str:
    """A run's page within MLflow; the list of experiments for a run that it does not know. AwayError."""
    if not base:
        raise AwayError(NO_SERVER)
    try:
        with httpx.Client(base_url=base, timeout=SECONDS, transport=transport, trust_env=False) as client:
            answer = client.get("/api/2.0/mlflow/runs/get", params={"run_id": run_id})
    except httpx.HTTPError as fault:
        raise AwayError(f"MLflow at {base} does not answer ({type(fault).__name__}), so there are no links.") from None
    if answer.is_error:
        return "/#/experiments"
    experiment = answer.json()["run"]["info"]["experiment_id"]
    return f"/#/experiments/{quote(str(experiment))}/runs/{quote(run_id)}"


def model_path(name: str, version: int | None = None) -> str:
    """A registered model's page, or that of one of its versions."""
    return f"/#/models/{quote(name)}" + (f"/versions/{version}" if version else "")
