"""The test month decides and trains nothing: another one sees the same candidates, bit for bit."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from include.config import Settings
from include.lake import Lake, read_table
from include.models.train_all import compare_models, fit_family, plan_training, split_outcomes
from include.trips.month import Month
from tests.homes import feature_months

pytestmark = pytest.mark.integration
FILES = ("model.onnx", "tables.npz", "bundle.json")


def challengers(plan: dict[str, Any], settings: Settings) -> dict[str, Any]:
    boards = compare_models(split_outcomes([fit_family(plan, name, settings) for name in plan["families"]])[0])
    return {target: ranked[0] for target, ranked in boards.items()}


def digests(uri: str) -> list[str]:
    return [hashlib.sha256(Path(uri, name).read_bytes()).hexdigest() for name in FILES]


def test_another_test_month_meets_the_same_challenger(settings: Settings) -> None:
    settings = settings.model_copy(update={"families": ("zone_pair_median", "additive_log", "ridge", "lightgbm")})
    feature_months(settings, "yellow", "2019-01", "2019-02")
    plan = plan_training("yellow", "2019-02", "always", settings)
    chosen = challengers(plan, settings)
    upside_down(Lake(settings.lake), "2019-02")
    changed = plan_training("yellow", "2019-02", "always", settings)
    assert changed["uris"]["2019-02"] != plan["uris"]["2019-02"]
    assert changed["decision_key"] != plan["decision_key"]  # it is decided again ...
    assert changed["key"] == plan["key"]  # ... and nothing is fitted again
    fresh = settings.model_copy(update={"home": settings.home / "fresh", "lake_url": str(settings.home / "fresh-lake")})
    refitted = challengers(changed, fresh)
    for target, challenger in chosen.items():
        assert refitted[target]["family"] == challenger["family"]
        assert refitted[target]["loss"] == challenger["loss"]
        assert digests(refitted[target]["uri"]) == digests(challenger["uri"])
        assert refitted[target]["uri"] != challenger["uri"]


def upside_down(lake: Lake, month: str) -> None:
    """The month's labels in reverse order, published as a new version of its features."""
    held = lake.require("features", "yellow", Month.parse(month))
    table = read_table(held.uri)
    for name in ("duration_min", "fare_usd", "high_tip"):
        backwards = pa.array(np.ascontiguousarray(table[name].to_numpy()[::-1]))
        table = table.set_column(table.schema.get_field_index(name), name, backwards)
    lake.publish_table("features", "yellow", Month.parse(month), table, held.key, held.meta)
