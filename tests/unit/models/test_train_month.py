"""The train part of a month: one sequence for the pipeline, `make train` and the DAG's register step."""

from __future__ import annotations

from typing import Any

import pytest

from include.config import Settings
from include.errors import NothingToDo
from include.models import train_month as module
from include.models.train_month import KILLED, register_fitted, train_month, train_newest
from include.pipeline import run_month

PLAN = {"service": "yellow", "month": "2019-04", "families": ["zone_pair_median", "additive_log", "ridge"]}


def outcome(family: str, target: str = "fare_usd") -> dict[str, Any]:
    return {"family": family, "target": target, "uri": "u", "loss": 1.0, "run_id": "r"}


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> list[list[dict[str, Any]]]:
    """What the register phase is given."""
    given: list[list[dict[str, Any]]] = []

    def register(plan: Any, fitted: list[list[dict[str, Any]]], settings: Settings, answer: Any) -> dict[str, Any]:
        given.extend(fitted)
        return {"fare_usd": 1}

    monkeypatch.setattr(module, "register_best", register)
    return given


def test_a_family_whose_fit_was_killed_is_named_as_failed(
    registered: list[list[dict[str, Any]]], settings: Settings
) -> None:
    register_fitted(PLAN, [[outcome("zone_pair_median")], [outcome("ridge")]], settings)
    lost = [o for family in registered for o in family if "failed" in o]
    assert [(o["family"], o["target"], o["failed"]) for o in lost] == [
        ("additive_log", target, KILLED) for target in ("duration_min", "fare_usd")
    ]
    assert registered[:2] == [[outcome("zone_pair_median")], [outcome("ridge")]]


def test_a_family_that_told_of_its_failure_is_not_told_twice(
    registered: list[list[dict[str, Any]]], settings: Settings
) -> None:
    failed = {"family": "ridge", "target": "fare_usd", "failed": "ValueError: no", "run_id": "r"}
    fitted = [[outcome("zone_pair_median")], [outcome("additive_log")], [failed]]
    register_fitted(PLAN, fitted, settings)
    assert registered == [*fitted, []]


@pytest.fixture
def phases(registered: list[list[dict[str, Any]]], monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The steps without their work; holds what was planned."""
    asked: list[Any] = []

    def planned(*given: Any) -> dict[str, Any]:
        asked.append(given)
        return PLAN

    monkeypatch.setattr(module, "plan_training", planned)
    monkeypatch.setattr(module, "fit_family", lambda plan, family, settings: [outcome(family)])
    monkeypatch.setattr(module, "report_registered", lambda *_: {"pages": {}})
    monkeypatch.setattr(module, "write_champion_cards", lambda *_: {"fare_usd": {"status": "done"}})

    def explored(plan: dict[str, Any], view: str, settings: Settings) -> dict[str, Any]:
        if view == "clusters":
            raise NothingToDo("too few zones")
        return {"rows": 3}

    monkeypatch.setattr(module, "explore", explored)
    return asked


def test_a_month_is_planned_fitted_registered_reported_and_explored(
    phases: list[Any], registered: list[list[dict[str, Any]]], settings: Settings
) -> None:
    done = train_month("yellow", "2019-04", "always", settings)
    assert done == {"register_best": {"fare_usd": 1}, "report_registered": {"pages": {}},
                    "write_champion_cards": {"fare_usd": {"status": "done"}},
                    "explore_dimensions": {"rows": 3},
                    "explore_clusters": {"status": "skipped", "reason": "too few zones"}}  # fmt: skip
    assert [family[0]["family"] for family in registered if family] == PLAN["families"]


def test_make_train_and_the_pipeline_do_the_same(
    phases: list[Any], monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    monkeypatch.setattr(module, "get_settings", lambda: settings)
    monkeypatch.setattr("include.pipeline.DATA_STEPS", ())
    newest = str(settings.months[-1])
    assert train_newest("yellow", "2019-04") == run_month("yellow", "2019-04", "newest", settings, newest)
    assert phases[0] == phases[1] == ("yellow", "2019-04", "newest", settings, newest)
