"""The validation step: verdicts are written down first, then enforced, and not forgotten."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from include.config import Settings
from include.errors import BadDataError, QualityError
from include.lake import Lake
from include.processing.clean_data import clean_month
from include.processing.validate_data import validate_clean_month, validate_month
from include.warehouse.engine import get_engine
from tests.unit.processing.months import MONTH, healthy_month


def put_raw(settings: Settings, **changes: Any) -> None:
    Lake(settings.lake).publish_table("raw", "yellow", MONTH, healthy_month(**changes), key="k")


def recorded(settings: Settings) -> dict[str, bool]:
    query = text("SELECT expectation, success FROM data_quality_metrics WHERE suite = 'yellow_raw'")
    with get_engine(settings).connect() as connection:
        return {name: bool(success) for name, success in connection.execute(query)}


def test_a_healthy_month_passes_is_recorded_and_then_unchanged(settings: Settings) -> None:
    put_raw(settings)
    first = validate_month("yellow", "2019-03", settings)
    assert (first["status"], first["warnings"], first["critical"]) == ("done", [], [])
    assert first["passed"] == len(recorded(settings)) > 28
    assert Path(first["docs"]).exists()
    assert validate_month("yellow", "2019-03", settings) == first | {"status": "unchanged"}


def test_a_warning_is_named_and_does_not_stop_the_month(settings: Settings) -> None:
    put_raw(settings, passenger_count=0)
    assert validate_month("yellow", "2019-03", settings)["warnings"] == ["passengers_given"]


def test_a_critical_failure_is_recorded_and_raised_on_every_repeat(settings: Settings) -> None:
    put_raw(settings, pickup_zone=0)
    sentence = r"yellow 2019-03 .*pickup_zone_in_range: 600 rows \(100.000 %\).*at least 95.0%.*Data Docs: .*html"
    with pytest.raises(QualityError, match=sentence):
        validate_month("yellow", "2019-03", settings)
    assert recorded(settings)["pickup_zone_in_range"] is False
    with pytest.raises(QualityError, match=sentence):
        validate_month("yellow", "2019-03", settings)
    assert len(list((settings.home / "data_docs" / "validations").rglob("*.html"))) == 1


def test_a_month_that_is_published_again_is_validated_again_and_keeps_its_history(settings: Settings) -> None:
    put_raw(settings, pickup_zone=0)
    with pytest.raises(QualityError):
        validate_month("yellow", "2019-03", settings)
    put_raw(settings)
    assert validate_month("yellow", "2019-03", settings)["status"] == "done"
    assert recorded(settings)["pickup_zone_in_range"] is True
    assert len(list((settings.home / "data_docs" / "validations").rglob("*.html"))) == 2


def test_a_verdict_whose_page_was_deleted_is_made_again(settings: Settings) -> None:
    put_raw(settings)
    Path(validate_month("yellow", "2019-03", settings)["docs"]).unlink()
    again = validate_month("yellow", "2019-03", settings)
    assert again["status"] == "done"
    assert Path(again["docs"]).exists()


def test_a_cleaned_month_keeps_what_cleaning_promises(settings: Settings) -> None:
    put_raw(settings, fare_usd=[-5.0] * 100 + [10.0] * 500)
    clean_month("yellow", "2019-03", settings)
    assert validate_clean_month("yellow", "2019-03", settings)["critical"] == []


def test_a_month_that_was_not_ingested_is_named(settings: Settings) -> None:
    with pytest.raises(BadDataError, match="no raw month yellow 2019-03"):
        validate_month("yellow", "2019-03", settings)
