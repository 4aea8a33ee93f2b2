"""An evaluation as numbers: small, complete, and true to the trips."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from include.lake import Lake
from include.models.evaluation_document import evaluation_document, publish_document, stage_of
from include.trips.month import Month
from tests.unit.models.test_evaluation_report import DURATION, TIP


def test_a_quantity_has_errors_and_a_grid_that_count_every_trip() -> None:
    told = evaluation_document(DURATION)
    assert sum(told["errors"]["trips"]) == told["rows"] == len(DURATION.actual)
    assert sum(map(sum, told["grid"]["trips"])) == told["rows"]
    assert told["errors"]["median"] == pytest.approx(float(np.median(DURATION.predicted - DURATION.actual)))
    assert {name: sum(p["trips"] for p in parts) for name, parts in told["error_by"].items()} == dict.fromkeys(
        ("hour", "borough", "distance"), told["rows"]
    )


def test_the_grid_has_what_came_as_rows_and_what_was_said_as_columns() -> None:
    one = replace(DURATION, actual=np.full(300, 50.0), predicted=np.full(300, 10.0))
    told = evaluation_document(one)["grid"]
    (at,) = np.argwhere(np.array(told["trips"]))
    assert told["edges"][at[0] + 1] >= 50 >= told["edges"][at[0]]
    assert told["edges"][at[1]] <= 10 <= told["edges"][at[1] + 1]


def test_a_chance_has_groups_from_unlikely_to_likely_and_a_curve() -> None:
    sharp = replace(TIP, predicted=np.where(TIP.actual == 1, 0.9, 0.1))
    told = evaluation_document(sharp)
    said = [group["said"] for group in told["calibration"]]
    assert said == sorted(said)
    assert sum(group["trips"] for group in told["calibration"]) == told["rows"]
    assert told["roc"]["area"] == 1.0
    assert (told["roc"]["false_alarms"][0], told["roc"]["hits"][-1]) == (0.0, 1.0)


def test_equal_chances_are_one_threshold() -> None:
    flat = replace(TIP, predicted=np.full(300, 0.5))
    told = evaluation_document(flat)["roc"]
    assert (told["false_alarms"], told["hits"], told["area"]) == ([0.0, 1.0], [0.0, 1.0], 0.5)


def test_one_class_alone_has_no_curve() -> None:
    assert evaluation_document(replace(TIP, actual=np.ones(300)))["roc"] is None


def test_it_is_published_as_the_months_document(tmp_path: object) -> None:
    lake = Lake(str(tmp_path))
    made = publish_document(lake, "yellow", DURATION)
    held = lake.current(stage_of("duration_min"), "yellow", Month.parse("2019-06"))
    assert held == made
    assert json.loads(lake.fs.cat_file(made.uri))["metrics"] == {"mae": 3.25}
