"""The challenger's page where people look for it: in its MLflow run and in the home, for every kind of target."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from include.config import Settings
from include.models.bundle import read_bundle
from include.models.evaluated import gain_of, log_evaluation
from include.models.rows import load_rows
from include.models.tracking import client
from include.models.train_all import compare_models, fit_family, plan_training, split_outcomes
from tests.homes import feature_months, settings_of

pytestmark = pytest.mark.integration
SHARED = {"error_by_hour.png", "error_by_borough.png", "error_by_distance.png", "families.png", "importance.png",
          "report.html"}  # fmt: skip


@pytest.fixture(scope="module")
def ranked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, dict[str, Any], dict[str, Any]]:
    """A home, its plan and the candidates by target, the challenger first."""
    families = ("zone_pair_median", "ridge")
    settings = settings_of(tmp_path_factory.mktemp("home"), sample_rows=4000, families=families)
    feature_months(settings, "yellow", "2019-01", "2019-02")
    plan = plan_training("yellow", "2019-02", "always", settings)
    fitted = [fit_family(plan, family, settings) for family in plan["families"]]
    return settings, plan, compare_models(split_outcomes(fitted)[0])


@pytest.mark.parametrize(
    ("target", "own"),
    [("fare_usd", {"residuals.png"}), ("high_tip", {"calibration.png", "confusion_matrix.png", "roc_curve.png"})],
)
def test_the_challengers_page_is_in_its_run_and_in_the_home(
    ranked: tuple[Settings, dict[str, Any], dict[str, Any]], target: str, own: set[str]
) -> None:
    settings, plan, boards = ranked
    challenger = boards[target][0]
    rows = load_rows(plan["uris"][plan["month"]], plan["service"]).of(target)
    bundle = read_bundle(challenger["uri"])
    path = log_evaluation(settings, plan, challenger, bundle, rows, boards[target])
    tracker = client(settings)
    artifacts = tracker.list_artifacts(challenger["run_id"], "evaluation")
    assert {artifact.path.removeprefix("evaluation/") for artifact in artifacts} == SHARED | own
    page = path.read_text(encoding="utf-8")
    logged = tracker.download_artifacts(challenger["run_id"], "evaluation/report.html", str(settings.home))
    assert Path(logged).read_text(encoding="utf-8") == page
    assert f"{len(rows):,} trips of 2019-02" in page
    assert page.count("data:image/png;base64,") == len(SHARED | own) - 1
    assert not re.search(r"(src|href)=.?https?:", page)
    assert tracker.get_run(challenger["run_id"]).info.status == "FINISHED"
    assert log_evaluation(settings, plan, challenger, bundle, rows, boards[target]) == path  # and again
    assert path.read_text(encoding="utf-8") == page


def test_gain_is_read_from_the_run_that_fitted_trees(ranked: tuple[Settings, dict[str, Any], dict[str, Any]]) -> None:
    settings, plan, boards = ranked
    tracker, challenger = client(settings), boards["duration_min"][0]
    assert gain_of(settings, challenger["run_id"]) == {}
    tracker.log_metric(challenger["run_id"], "gain_street_km", 0.75)
    rows = load_rows(plan["uris"][plan["month"]], plan["service"]).of("duration_min")
    bundle = read_bundle(challenger["uri"])
    page = log_evaluation(settings, plan, challenger, bundle, rows, boards["duration_min"]).read_text(encoding="utf-8")
    assert "<th>street_km</th>" in page
    assert "75.0 %" in page
