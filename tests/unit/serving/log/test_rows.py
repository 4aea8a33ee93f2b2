"""Lines have the columns of the table, and nothing of a request but what the table names."""

from __future__ import annotations

import json

import pytest

from include.serving.log.rows import ASKED, COLUMNS, Asked, Told, log_lines
from include.warehouse.metadata import PREDICTIONS
from tests.answers import answered


def test_the_columns_are_those_of_the_table() -> None:
    assert tuple(column.name for column in PREDICTIONS.columns) == COLUMNS


def test_a_line_has_a_value_for_every_column() -> None:
    (line,) = log_lines(Told(0.0, 0.5, "boss", [answered(1)]), "k")
    row = dict(zip(COLUMNS, json.loads(line), strict=True))
    assert (row["answer_key"], row["place"], row["latency_us"], row["api_key"]) == ("k", 0, 500_000, "boss")
    assert (row["asked_at"], row["pickup_at"]) == ("1970-01-01T00:00:00.000000", "2019-06-14T18:30:00")


def test_a_number_that_is_none_is_written_nowhere() -> None:
    odd = answered(1, duration_min={"value": float("nan"), "p10": 1.0, "p90": 2.0, "model": "m/1"})
    with pytest.raises(ValueError, match="a number that is none"):
        list(log_lines(Told(0.0, 0.5, "boss", [odd]), "k"))


def test_no_column_can_hold_a_coordinate() -> None:
    assert not [name for name in COLUMNS if "lat" in name.split("_") or "lon" in name or "latitude" in name]


def test_answers_know_the_request_of_their_task() -> None:
    token = ASKED.set(Asked(12.5, 0.0, "dispatcher"))
    told = Told.now([answered(1)])
    ASKED.reset(token)
    assert (told.at, told.api_key) == (12.5, "dispatcher")
    assert Told.now([answered(1)]).api_key == ""
