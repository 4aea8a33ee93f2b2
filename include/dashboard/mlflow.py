"""Links into MLflow: a run's page needs its experiment, which MLflow's REST API knows."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import httpx

from include.dashboard.faults import AwayError

SECONDS = 5.0
NO_SERVER = "MLFLOW_TRACKING_URI names a store, which has no pages to link to."


def run_path(base: str, run_id: str, transport: httpx.BaseTransport | None = None) -> str:
    """A run's page within MLflow; the list of experiments for a run that it does not know. AwayError."""
    told = _asked(base, "runs/get", {"run_id": run_id}, transport)
    return path_of(told["run"]["info"]["experiment_id"], run_id) if told else "/#/experiments"


def experiment_of(base: str, model: str, transport: httpx.BaseTransport | None = None) -> str | None:
    """The experiment that holds a model's fits, None while MLflow knows none. AwayError."""
    told = _asked(base, "experiments/get-by-name", {"experiment_name": model}, transport)
    return str(told["experiment"]["experiment_id"]) if told else None


def _asked(
    base: str, path: str, params: dict[str, str], transport: httpx.BaseTransport | None
) -> dict[str, Any] | None:  # fmt: skip
    if not base:
        raise AwayError(NO_SERVER)
    try:
        with httpx.Client(base_url=base, timeout=SECONDS, transport=transport, trust_env=False) as client:
            answer = client.get(f"/api/2.0/mlflow/{path}", params=params)
    except httpx.HTTPError as fault:
        raise AwayError(f"MLflow at {base} does not answer ({type(fault).__name__}), so there are no links.") from None
    return None if answer.is_error else dict(answer.json())


def path_of(experiment: str | None, run_id: str) -> str:
    """A run's page within its experiment."""
    return f"/#/experiments/{quote(str(experiment))}/runs/{quote(run_id)}" if experiment else "/#/experiments"


def model_path(name: str, version: int | None = None) -> str:
    """A registered model's page, or that of one of its versions."""
    return f"/#/models/{quote(name)}" + (f"/versions/{version}" if version else "")
