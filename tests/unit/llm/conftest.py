"""A small warehouse that the tests can count by hand, and an assistant on it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, insert

from include.config import Settings
from include.llm.rag_insights import RAGInsightsAssistant
from include.warehouse.engine import engine_for
from include.warehouse.metadata import INGESTION, LOADS, PERFORMANCE, PROMOTIONS, QUALITY, REGISTRY, RUNS, TOTALS
from include.warehouse.schema import init_db
from tests.homes import settings_of

NOW = datetime(2026, 1, 2, 3, 4, 5)
LOSSES = {"zone_pair_median": 5.0, "additive_log": 4.0, "ridge": 4.2, "xgboost": 3.8, "lightgbm": 3.9}


@pytest.fixture(scope="session")
def small_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A home whose warehouse has two months of yellow, one of green, and a champion of yellow trip duration."""
    settings = settings_of(tmp_path_factory.mktemp("ask") / "home")
    engine = engine_for(settings.warehouse)
    init_db(engine)
    with engine.begin() as connection:
        for table, rows in small_rows().items():
            connection.execute(insert(table), rows)
    return settings


@pytest.fixture(scope="session")
def small_engine(small_settings: Settings) -> Iterator[Engine]:
    engine = engine_for(small_settings.warehouse)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def assistant(small_settings: Settings) -> RAGInsightsAssistant:
    """The assistant with the documentation of this project."""
    return RAGInsightsAssistant(small_settings)


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """A root with a README and a page of its own."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "README.md").write_text(
        "# Home\n\nNothing but a lighthouse.\n\n## Boats\n\n    make boat COLOUR=red\n\nBuilds a boat.\n"
    )
    (tmp_path / "docs/SEA.md").write_text(
        "# The sea\n\n## Tides\n\nThe tide turns twice a day.\n\n| word | meaning |\n|---|---|\n"
        "| `neap_tide` | a tide of small range |\n"
    )
    return tmp_path


def small_rows() -> dict[Any, list[dict[str, Any]]]:
    return {
        INGESTION: [
            _month(s, m, n)
            for s, m, n in (("yellow", "2019-02", 120), ("yellow", "2019-03", 110), ("green", "2019-03", 60))
        ],
        TOTALS: [
            *_totals("yellow", "2019-02", {132: 70, 237: 30}),
            *_totals("yellow", "2019-03", {132: 40, 237: 60}),
            *_totals("green", "2019-03", {74: 50}),
        ],
        QUALITY: [_reason("yellow", "2019-03", "reversal", 4), _reason("yellow", "2019-03", "duplicate", 6)],
        RUNS: [_run(family, loss) for family, loss in LOSSES.items()],
        REGISTRY: [
            {
                "model_name": "nyc_taxi_yellow_duration_min",
                "version": 1,
                "service": "yellow",
                "target": "duration_min",
                "family": "xgboost",
                "run_id": "x",
                "trained_to": "2019-02",
                "test_month": "2019-03",
                "uri": "u",
                "is_baseline": False,
                "registered_at": NOW,
            }
        ],
        PERFORMANCE: [_score(1, "challenger", 3.5, 0.75), _score(0, "baseline", 5.25, 0.5)],
        PROMOTIONS: [
            {
                "model_name": "nyc_taxi_yellow_duration_min",
                "test_month": "2019-03",
                "plan_key": "k",
                "decision": "promote",
                "reason": "first champion: 33.33% better than the baseline",
                "version_before": None,
                "version_after": 1,
                "gain": 1 / 3,
                "lower_bound": 0.3,
                "summary": json.dumps({"vetoes": ["airport"]}),
                "decided_at": NOW,
                "entry": 1,
                "rule": "first",
                "actor": "gate",
            }
        ],
        LOADS: [
            {
                "table_name": "trip_totals",
                "service": "yellow",
                "month": "2019-03",
                "sha256": "s",
                "row_count": 7,
                "loaded_at": NOW,
            }
        ],
    }


def _month(service: str, month: str, rows: int) -> dict[str, Any]:
    return {
        "service": service,
        "month": month,
        "origin": "sample",
        "rows_read": rows,
        "unknown_columns": "",
        "absent_columns": "a,b",
        "status": "ingested",
        "ingested_at": NOW,
    }


def _totals(service: str, month: str, trips: dict[int, int]) -> list[dict[str, Any]]:
    """Ten dollars, two miles and twelve minutes a trip."""

    def row(grain: str, zone: int, count: int) -> dict[str, Any]:
        return {
            "service": service,
            "month": month,
            "grain": grain,
            "pickup_zone": zone,
            "dropoff_zone": 0,
            "hour_of_week": -1,
            "trips": count,
            "revenue_usd": 10.0 * count,
            "fare_usd": 8.0 * count,
            "distance_mi": 2.0 * count,
            "minutes": 12.0 * count,
            "moving_minutes": 12.0 * count,
        }

    return [row("month", 0, sum(trips.values())), *(row("pickup", zone, count) for zone, count in trips.items())]


def _reason(service: str, month: str, reason: str, rows: int) -> dict[str, Any]:
    return {
        "service": service,
        "month": month,
        "suite": "cleaning",
        "expectation": reason,
        "severity": "warning",
        "success": True,
        "unexpected_count": rows,
        "unexpected_percent": rows / 1.1,
        "observed": "",
        "limit_text": "",
    }


def _run(family: str, loss: float) -> dict[str, Any]:
    return {
        "run_id": f"{len(family):032x}",
        "service": "yellow",
        "month": "2019-03",
        "target": "duration_min",
        "family": family,
        "trained_to": "2019-02",
        "mae_tune": loss,
        "loss_tune": loss,
        "fit_seconds": loss / 10,
        "rows_train": 100,
        "status": "finished",
        "created_at": NOW,
    }


def _score(version: int, role: str, mae: float, r2: float) -> dict[str, Any]:
    return {
        "model_name": "nyc_taxi_yellow_duration_min",
        "version": version,
        "month": "2019-03",
        "role": role,
        "rows_scored": 100,
        "mae": mae,
        "rmse": mae + 1,
        "within_2": 0.25,
        "within_5": 0.75,
        "coverage": 0.8125,
        "loss": mae,
        "r2": r2,
        "mape": (1 - r2) * 0.75,
        "scored_at": NOW,
        "slices": json.dumps({"airport": {"loss": 7.5, "rows": 20}}),
    }
