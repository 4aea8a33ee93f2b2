"""Which addresses of MLflow are offered, and which of them change nothing."""

from __future__ import annotations

import pytest
from taxi_ui.mlflow_addresses import absent, is_offered, is_read

API = "ajax-api/2.0/mlflow"


@pytest.mark.parametrize(
    "path",
    ["", "static-files/static/js/main.js", "get-artifact", "model-versions/get-artifact", "graphql",
     "ajax-api/3.0/mlflow/server-info", f"{API}/runs/search", f"{API}/registered-models/alias", f"{API}/runs/delete"],
)  # fmt: skip
def test_experiments_runs_and_models_are_offered(path: str) -> None:
    assert is_offered(path)


@pytest.mark.parametrize(
    "path",
    ["ajax-api/3.0/mlflow/assistant/message", "ajax-api/3.0/jobs/", "gateway/x/mlflow/invocations", "signup",
     f"{API}/gateway-proxy", f"{API}/upload-artifact", f"{API}/users/create", "api/2.0/mlflow/runs/search",
     "v1/traces", f"{API}/runs", "static-files/"],
)  # fmt: skip
def test_what_acts_on_the_server_is_not(path: str) -> None:
    assert not is_offered(path)


@pytest.mark.parametrize("path", ["graphql", f"{API}/runs/search", f"{API}/experiments/search-datasets",
                                  f"{API}/registered-models/get-latest-versions", f"{API}/traces/metrics"])  # fmt: skip
def test_a_search_changes_nothing(path: str) -> None:
    assert is_read(path)


@pytest.mark.parametrize("path", [f"{API}/runs/delete", f"{API}/runs/set-tag", f"{API}/registered-models/alias",
                                  f"{API}/runs/log-metric", f"{API}/search/../runs/delete", f"{API}/searches/delete",
                                  f"{API}/experiments/search/delete"])  # fmt: skip
def test_a_change_is_one(path: str) -> None:
    assert not is_read(path)


def test_what_the_ui_asks_for_everywhere_is_answered_without_mlflow() -> None:
    assert absent("ajax-api/3.0/mlflow/assistant/config") == {
        "providers": {}, "projects": {}, "remote_access_allowed": False
    }  # fmt: skip
    assert absent(f"{API}/runs/search") is None
    assert absent("ajax-api/3.0/mlflow/assistant/message") is None
