"""The staleness job on a small sample: every cell once, resumed where it stopped."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from include.config import Settings
from include.errors import BadDataError
from include.models import staleness
from include.models.scoring import Score, Trips, score
from include.models.staleness import measure_staleness
from include.models.tracking import client
from include.trips.month import parse_months
from include.warehouse.engine import get_engine
from tests.homes import feature_months

pytestmark = pytest.mark.integration


@pytest.fixture
def home(settings: Settings) -> Settings:
    """Four months in the lake."""
    small = settings.model_copy(update={"sample_rows": 2000, "window_months": 2})
    feature_months(small, "yellow", "2019-01", "2019-02", "2019-03", "2019-04")
    return small


def test_every_later_month_is_scored_once(home: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadDataError, match="of those asked for the lake holds 2019-04"):
        measure_staleness("yellow", parse_months("2019-04:2019-06"), settings=home)
    first = measure_staleness("yellow", parse_months("2019-01:2019-03"), "ridge", home)
    assert first["duration_min"]["cells"] == 3
    scored: list[str] = []

    def counted(bundle: Any, target: str, trips: Trips) -> Score:
        scored.append(target)
        return score(bundle, target, trips)

    monkeypatch.setattr(staleness, "score", counted)
    found = measure_staleness("yellow", (), "ridge", home)
    assert scored == ["duration_min"] * 3 + ["fare_usd"] * 3 + ["high_tip"] * 3  # the column that is new
    assert measure_staleness("yellow", (), "ridge", home)["fare_usd"]["costs"] == found["fare_usd"]["costs"]
    assert len(scored) == 9
    query = "SELECT trained_to, month, age_months, months_trained, loss FROM staleness WHERE target = 'fare_usd'"
    with get_engine(home).connect() as connection:
        cells = connection.execute(text(query + " ORDER BY trained_to, month")).all()
    assert [tuple(cell)[:4] for cell in cells] == [
        ("2019-01", "2019-02", 1, 1), ("2019-01", "2019-03", 2, 1), ("2019-01", "2019-04", 3, 1),
        ("2019-02", "2019-03", 1, 2), ("2019-02", "2019-04", 2, 2), ("2019-03", "2019-04", 1, 2),
    ]  # fmt: skip
    table, picture = (Path(path) for path in found["fare_usd"]["files"])
    with table.open(encoding="utf-8") as file:
        assert [float(row["loss"]) for row in csv.DictReader(file)] == [cell.loss for cell in cells]
    assert picture.read_bytes().startswith(b"\x89PNG")
    mlflow_client = client(home)
    experiment = mlflow_client.get_experiment_by_name("nyc_taxi_yellow_staleness")
    run = mlflow_client.search_runs([experiment.experiment_id], "tags.target = 'fare_usd'")[0]
    assert run.data.tags["answer"] == found["fare_usd"]["answer"]
    assert {path.path for path in mlflow_client.list_artifacts(run.info.run_id)} == {table.name, picture.name}


def test_a_target_that_the_family_has_no_form_for_is_left_out(home: Settings) -> None:
    found = measure_staleness("yellow", parse_months("2019-01:2019-03"), "additive_log", home)
    assert sorted(found) == ["duration_min", "fare_usd"]
    assert found["fare_usd"]["cells"] == 3


def test_nothing_to_show_is_an_error_with_the_reasons(home: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staleness, "fit_family", lambda *_: [{"target": "fare_usd", "failed": "no memory"}])
    with pytest.raises(BadDataError, match=r"has no cell, .*; high_tip: additive_log has no form for it"):
        measure_staleness("yellow", (), "additive_log", home)
    assert not (home.home / "reports" / "staleness").exists()


@pytest.mark.parametrize(
    ("asked", "said"),
    [(["--window", "0"], "TAXI_WINDOW_MONTHS=0 .*is refused"),
     (["--window", "-3"], "TAXI_WINDOW_MONTHS=-3 .*is refused"),
     (["--family", "oak"], "No model family is called 'oak'; known families: ")],
)  # fmt: skip
def test_a_window_or_family_that_is_none_is_refused_by_name(
    asked: list[str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staleness, "configure", lambda: None)  # logs stay with the test's own
    monkeypatch.setattr("sys.argv", ["staleness", *asked])
    with pytest.raises(SystemExit, match=f"error: {said}"):
        staleness.main()
