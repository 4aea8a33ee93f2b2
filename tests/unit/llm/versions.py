"""A registered version as `card_facts` tells it, small and made up, for tests that change what they are about."""

from __future__ import annotations

from typing import Any

NAME = {target: f"nyc_taxi_yellow_{target}" for target in ("duration_min", "fare_usd", "high_tip")}
SHA = "ab" * 32


def month(name: str, **changed: Any) -> dict[str, Any]:
    """One month's facts."""
    known = {
        "month": name, "origin": f"https://tlc.example/yellow_tripdata_{name}.parquet", "sha256": SHA,
        "rows_read": 1000, "rows_kept": 980, "rejects": {"reversal": 15, "duplicate": 5, "clock_change": 0},
        "meanings": {"reversal": "takes back another row", "duplicate": "equal to another row", "clock_change": "-"},
        "verdict": {"level": "good", "sentence": "Fit for use."}, "expectations": 100, "broken": 1, "waived": 0,
        "drift": {"compared": 40, "told": ["speed_mph (warning)"], "note": ""},
    }  # fmt: skip
    return known | changed


def decided(**changed: Any) -> dict[str, Any]:
    """A row of the promotion log."""
    summary = {"version": 3, "vetoes": [], "decided_at": "2019-06-02T03:04:05+00:00", "card_sha256": SHA}
    return {"decision": "promote", "rule": "gain", "reason": "2.00% better than the champion", "actor": "gate",
            "test_month": "2019-05", "decided_at": "2019-06-02T03:04:05", "summary": summary} | changed  # fmt: skip


def metadata(target: str = "fare_usd", **changed: Any) -> dict[str, Any]:
    """Version 3 of a model, tested on 2019-05."""
    months = [month("2019-03"), month("2019-04"), month("2019-05")]
    return {
        "model_name": NAME[target], "version": 3, "service": "yellow", "target": target, "family": "lightgbm",
        "run_id": "r1", "trained_to": "2019-04", "test_month": "2019-05", "is_baseline": False,
        "registered_at": "2019-06-02T03:04:00", "written_at": "2019-06-02T03:04:05+00:00",
        "bundle": {"features": ["hour", "weekday"], "feature_code": "fc", "format": 2, "params": {"trees": 40},
                   "months": {"earlier": ["2019-03", "2019-04"], "gaps": [], "test": ["2019-05"]},
                   "metrics": {}, "costs": {"fit_seconds": 2.0}, "card_sha256": SHA},
        "run": {"training_code": "tc", "feature_code": "fc", "plan_key": "pk", "threads": "1", "tuning": "{}"},
        "decision": decided(), "history": [decided()], "months": months,
        "rules": {"min_gain": 0.01, "veto_loss": 0.03, "veto_rows": 300, "stale_months": 6, "stale_margin": 0.005,
                  "rounds": 400},
    } | changed  # fmt: skip


def score(role: str, loss: float, **changed: Any) -> dict[str, Any]:
    """A row of model_performance."""
    slices = {"airport": {"loss": loss * 2, "rows": 400}, "hours night": {"loss": loss / 2, "rows": 500},
              "boroughs Queens > Bronx": {"loss": loss * 9, "rows": 31}}  # fmt: skip
    return {"role": role, "loss": loss, "rmse": loss * 2, "within_2": 0.5, "within_5": 0.9, "coverage": 0.79,
            "brier": 0.24, "roc_auc": 0.6, "rows_scored": 980, "month": "2019-05", "version": 3, "slices": slices,
            **changed}  # fmt: skip


def metrics(target: str = "fare_usd", **changed: Any) -> dict[str, Any]:
    """What was measured of it: better than baseline and champion, no later month."""
    own, floor = score("challenger", 2.0), score("baseline", 4.0)
    champion = score("champion", 2.5)
    chance = {"calibration": [{"said": 0.4, "was": 0.5, "trips": 500}, {"said": 0.6, "was": 0.6, "trips": 480}],
              "roc": {"false_alarms": [0, 0.4, 1], "hits": [0, 0.6, 1], "area": 0.6}}  # fmt: skip
    quantity = {"errors": {"edges": [-5.0, 0.0, 5.0], "trips": [400, 580], "median": 0.3}}
    places = [{"label": "Queens", "loss": 3.0, "trips": 400}, {"label": "Bronx", "loss": 9.0, "trips": 4}]
    groups = [{"label": "1.0 to 9.0", "trips": 500, "coverage": 0.8, "width": 4.0}]
    return {
        "loss": "log_loss" if target == "high_tip" else "mae", "own": own, "reference": champion,
        "contest": {"challenger": own, "baseline": floor, "champion": champion}, "baseline_family": "zone_pair_median",
        "tune": {"mae": 1.9, "log_loss": 0.61, "rows_train": 1500.0, "rows_tune": 300.0,
                 "parity_alike": 1.0},
        "evaluation": {"error_by": {"borough": places}, **(chance if target == "high_tip" else quantity)},
        "coverage": None if target == "high_tip" else {"size": groups, "borough": []},
        "prospective": [], "age": [],
    } | changed  # fmt: skip


NOTHING: dict[str, Any] = {"own": None, "reference": None, "contest": {}, "evaluation": None, "coverage": None,
                           "tune": {}}  # fmt: skip
"""Metrics of a version that nobody measured."""
