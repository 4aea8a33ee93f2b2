"""A warehouse in which every figure has a value: six months of yellow, their champions, one column that drifted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Engine, insert

from include.features.trip_features import targets_of
from include.models.bundle import model_name
from include.warehouse.metadata import (
    DRIFT,
    INGESTION,
    LOADS,
    METADATA,
    PERFORMANCE,
    PREDICTIONS,
    PROMOTIONS,
    QUALITY,
    REGISTRY,
    RUNS,
)

MONTHS = tuple(f"2019-0{number}" for number in range(1, 7))
LOSSES = {"2019-03": 4.0, "2019-04": 4.2, "2019-05": 4.1, "2019-06": 4.4}
TABLES = (DRIFT, INGESTION, LOADS, PERFORMANCE, PREDICTIONS, PROMOTIONS, QUALITY, REGISTRY, RUNS)
AT = datetime(2019, 9, 1)


def filled(engine: Engine) -> None:
    """Makes the tables and their rows."""
    METADATA.create_all(engine, TABLES)
    rows: dict[Any, list[dict[str, Any]]] = {
        INGESTION: [_month(month, rows_read=1000, status="ingested") for month in MONTHS],
        LOADS: [_month(month, table_name="processed_taxi_trips", row_count=990) for month in MONTHS],
        QUALITY: [row for month in MONTHS for row in _judged(month)],
        DRIFT: [row for month in MONTHS[3:] for row in _drifted(month)],
    }
    for target in targets_of("yellow"):
        for table, row in _model(target):
            rows.setdefault(table, []).append(row)
    with engine.begin() as connection:
        for table, found in rows.items():
            connection.execute(insert(table), found)


def _month(month: str, **more: Any) -> dict[str, Any]:
    return {"service": "yellow", "month": month, **more}


def _judged(month: str) -> list[dict[str, Any]]:
    """Fit for use, but for a warning of the last one."""
    plain = {"severity": "warning", "observed": "", "waived_by": None, "limit_text": "", "unexpected_count": 0}
    last = month == MONTHS[-1]
    return [
        _month(month, **plain) | {"suite": "yellow_raw", "expectation": "a", "success": not last},
        _month(month, **plain) | {"suite": "report", "expectation": "verdict", "success": True,
                                  "limit_text": "look" if last else "good"},
        _month(month, **plain) | {"suite": "cleaning", "expectation": "clock_change", "success": True,
                                  "unexpected_count": 10},
    ]  # fmt: skip


def _drifted(month: str) -> list[dict[str, Any]]:
    """One column over all trips, and in one borough an alarm of the last month."""
    key = _month(month, column_name="fare_usd", metric="psi", value=0.05, limit_value=0.1, verdict="ok", note="")
    verdict = "alarm" if month == MONTHS[-1] else "ok"
    return [
        key | {"segment": "month", "segment_value": ""},
        key | {"segment": "month", "segment_value": "", "metric": "ks", "value": 0.2, "verdict": "warning"},
        key | {"segment": "borough", "segment_value": "Queens", "value": 0.9, "verdict": verdict},
    ]


def _model(target: str) -> list[tuple[Any, dict[str, Any]]]:
    """Version 1, that learnt to 2019-01, and what it and the baseline lost on later months."""
    name = model_name("yellow", target)
    fit = {"service": "yellow", "target": target, "family": "ridge", "run_id": f"run-{target}", "trained_to": "2019-01"}
    scored = {"model_name": name, "rows_scored": 900, "coverage": 0.79, "scored_at": AT, "slices": "{}"}
    return [
        (RUNS, fit | {"month": "2019-02", "loss_tune": 4.0, "status": "finished", "created_at": AT}),
        (REGISTRY, fit | {"model_name": name, "version": 1, "test_month": "2019-02", "is_baseline": False,
                          "registered_at": AT}),
        (PROMOTIONS, {"model_name": name, "test_month": "2019-02", "plan_key": "k", "decision": "promote", "entry": 1,
                      "version_after": 1, "summary": "{}", "decided_at": AT}),
        *((PERFORMANCE, scored | {"version": 1, "month": month, "role": "prospective", "loss": loss})
          for month, loss in LOSSES.items()),
        *((PERFORMANCE, scored | {"version": 0, "month": month, "role": "baseline", "loss": 5.0}) for month in LOSSES),
    ]  # fmt: skip
