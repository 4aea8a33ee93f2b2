"""The explore task on a small lake: documents a dashboard can draw, runs in MLflow, nothing done twice."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from include.config import Settings
from include.errors import BadDataError
from include.models.explore import VIEWS, explore
from include.models.tracking import client
from include.models.train_all import plan_training
from tests.homes import feature_months, settings_of

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, dict[str, Any]]:
    """Two sample months, ready to train."""
    home = tmp_path_factory.mktemp("explore")
    settings = settings_of(home, sample_rows=6000)
    feature_months(settings, "yellow", "2019-01", "2019-02")
    return settings, plan_training("yellow", "2019-02", "always", settings)


def document(settings: Settings, plan: dict[str, Any], view: str) -> dict[str, Any]:
    return dict(json.loads(Path(explore(plan, view, settings)["uri"]).read_text()))


def test_clusters_have_names_and_every_zone_one_group(planned: tuple[Settings, dict[str, Any]]) -> None:
    found = document(*planned, "clusters")
    names = [group["name"] for group in found["zone_groups"]]
    assert len(set(names)) == len(names) >= 3
    assert sum(group["size"] for group in found["zone_groups"]) == len(found["zones"])
    assert any("airport" in group["name"] for group in found["trip_groups"])


def test_dimensions_explain_and_are_drawn(planned: tuple[Settings, dict[str, Any]]) -> None:
    found = document(*planned, "dimensions")
    assert 0 < sum(row["explained"] for row in found["pca"]) <= 1
    assert len(found["points"]["lda"]) == len(found["group"]) == 1000
    assert {"haversine_km", "manhattan_km"} & set(found["lda"][0]["features"])


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_is_logged_once(planned: tuple[Settings, dict[str, Any]], view: str) -> None:
    settings, plan = planned
    first, second = explore(plan, view, settings), explore(plan, view, settings)
    assert second == first | {"status": "unchanged"}
    tracker = client(settings)
    experiment = tracker.get_experiment_by_name("nyc_taxi_yellow_explore")
    runs = tracker.search_runs([experiment.experiment_id], f"tags.view = '{view}'")
    assert len(runs) == 1
    assert any(f.path.endswith(".png") for f in tracker.list_artifacts(runs[0].info.run_id))


def test_an_unknown_view_lists_the_known_ones(planned: tuple[Settings, dict[str, Any]]) -> None:
    with pytest.raises(BadDataError, match="the views are dimensions, clusters"):
        explore(planned[1], "dreams", planned[0])
