"""Registrations of one model at the same moment, in processes of their own, on both databases."""

from __future__ import annotations

import multiprocessing
import shutil
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from include.config import Settings, load_settings
from include.models.bundle import read_pointer
from include.models.history import moves
from include.models.registry import register_best
from include.models.tracking import client
from include.models.train_all import fit_family, plan_training
from include.warehouse.engine import get_engine
from include.warehouse.schema import init_db
from tests.homes import feature_months

pytestmark = pytest.mark.integration
NAME = "nyc_taxi_yellow_duration_min"


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, dict[str, Any], Any]:
    """A plan and its candidates, before anything is registered. Nobody writes here."""
    home = tmp_path_factory.mktemp("trained")
    with pytest.MonkeyPatch.context() as environment:
        environment.delenv("MLFLOW_TRACKING_URI", raising=False)  # MLflow leaves the last test's store there
        settings = load_settings({"home": home, "source": "sample", "sample_rows": 2000, "bootstrap_rounds": 100,
                                  "families": ("zone_pair_median", "ridge")})  # fmt: skip
    feature_months(settings, "yellow", "2019-01", "2019-02")
    plan = plan_training("yellow", "2019-02", "always", settings)
    return settings, plan, [fit_family(plan, family, settings) for family in plan["families"]]


@pytest.fixture(params=["sqlite", "mysql"])
def settings_of(
    request: pytest.FixtureRequest, trained: tuple[Settings, dict[str, Any], Any], tmp_path: Path
) -> Settings:
    """A registry of the test's own over these candidates, its warehouse in either database."""
    shutil.copytree(trained[0].home / "mlflow", tmp_path / "mlflow")
    url = f"sqlite:///{tmp_path}/w.db" if request.param == "sqlite" else request.getfixturevalue("mysql_database")
    return trained[0].model_copy(update={"home": tmp_path, "lake_url": str(tmp_path / "lake"), "warehouse_url": url})


def _register(start: float, plan: dict[str, Any], fitted: Any, settings: Settings, said: Any) -> None:
    time.sleep(max(start - time.time(), 0))
    said.put(register_best(plan, fitted, settings)["duration_min"])


def at_once(plans: list[dict[str, Any]], fitted: Any, settings: Settings) -> list[dict[str, Any]]:
    """Registers each plan in a process of its own; they leave the gate together."""
    spawn = multiprocessing.get_context("spawn")
    said, start = spawn.Queue(), time.time() + 6
    racers = [spawn.Process(target=_register, args=(start, plan, fitted, settings, said)) for plan in plans]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    assert [racer.exitcode for racer in racers] == [0] * len(racers)
    return [said.get() for _ in racers]


def test_two_at_once_end_with_one_champion_that_everything_names(
    settings_of: Settings, trained: tuple[Settings, dict[str, Any], Any]
) -> None:
    _, plan, fitted = trained
    init_db(get_engine(settings_of))
    same = at_once([plan, plan], fitted, settings_of)
    assert sorted(outcome["status"] for outcome in same) == ["done", "unchanged"]
    assert {(outcome["version"], outcome["champion"]) for outcome in same} == {(1, f"{NAME}/1")}
    other = at_once([plan | {"decision_key": key} for key in ("one", "another")], fitted, settings_of)
    assert sorted(outcome["version"] for outcome in other) == [2, 3]
    changes, pointer = moves(settings_of, NAME), read_pointer(settings_of.lake, NAME)
    assert pointer is not None
    assert pointer.version == changes[-1].version
    assert int(client(settings_of).get_model_version_by_alias(NAME, "champion").version) == pointer.version
    with get_engine(settings_of).connect() as connection:
        query = text("SELECT entry FROM promotion_log WHERE model_name = :name ORDER BY entry")
        assert connection.execute(query, {"name": NAME}).scalars().all() == [1, 2, 3]
