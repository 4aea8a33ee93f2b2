"""The step writes the report of a cleaned month once, and again only when something of it has changed."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from include.config import Settings
from include.errors import BadDataError, QualityError, WarehouseError
from include.ingestion.profile import Profile
from include.lake import Lake
from include.processing import assess_month as assessing
from include.processing.assess_month import assess_month, write_report
from include.processing.clean_data import clean_month
from include.trips.month import Month
from include.warehouse.engine import get_engine
from tests.unit.processing.months import MONTH, first, healthy_month


@pytest.fixture
def cleaned(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A home with one cleaned month; Great Expectations and drift have tests of their own."""
    monkeypatch.setattr(assessing, "validate_clean_month", lambda *_: {})
    monkeypatch.setattr(assessing, "measure_drift", lambda *_: {})
    put_month(settings, fare_usd=first(0.1, -5.0, 10.0))
    return settings


def put_month(settings: Settings, month: Month = MONTH, **changes: Any) -> None:
    lake, trips = Lake(settings.lake), healthy_month(**changes)
    profile = Profile(trips.schema)
    for batch in trips.to_batches():
        profile.add(batch)
    landed = Path(tempfile.mkdtemp(dir=settings.home.parent)) / "landed.parquet"
    landed.write_bytes(b"as published")
    origin = {"origin": f"https://example.org/yellow_tripdata_{month}.parquet", "vintage": {}}
    lake.publish_file("landing", "yellow", month, landed, "k", rows=-1, meta=origin)
    lake.publish_table("raw", "yellow", month, trips, "k", {"profile": profile.result()})
    if month == MONTH:
        clean_month("yellow", str(month), settings)


def put_json(settings: Settings, stage: str, value: Any) -> None:
    path = Path(tempfile.mkdtemp(dir=settings.home.parent)) / "value.json"
    path.write_text(json.dumps(value))
    Lake(settings.lake).publish_file(stage, "yellow", MONTH, path, "k", rows=0, suffix=".json")


def test_the_report_is_written_once(cleaned: Settings) -> None:
    done = assess_month("yellow", "2019-03", cleaned)
    page = Path(done["html"])
    assert page == cleaned.home / "reports" / "quality" / "yellow" / "2019-03.html"
    assert (done["status"], done["verdict"]) == ("done", "good")
    assert "540 of 600 rows (90.0 %) are kept." in page.read_text()
    assert Path(done["markdown"]).read_text().startswith("# Data quality: yellow 2019-03")
    assert b"\r\n" in Path(done["csv"]).read_bytes()
    written = page.stat().st_mtime_ns
    assert assess_month("yellow", "2019-03", cleaned) == done | {"status": "unchanged"}
    assert page.stat().st_mtime_ns == written


def test_a_deleted_page_comes_back_with_the_same_bytes(cleaned: Settings) -> None:
    page = Path(assess_month("yellow", "2019-03", cleaned)["html"])
    before = page.read_bytes()
    page.unlink()
    assert assess_month("yellow", "2019-03", cleaned)["status"] == "done"
    assert page.read_bytes() == before


def test_every_input_makes_the_report_new(cleaned: Settings) -> None:
    assess_month("yellow", "2019-03", cleaned)
    outcome = {"expectation": "fares", "column_name": "", "severity": "warning", "success": False, "observed": "x",
               "limit_text": "y", "unexpected_count": 1, "unexpected_percent": 0.1}  # fmt: skip
    put_json(cleaned, "quality_raw", {"outcomes": [outcome], "docs": "data_docs/a.html"})
    assert assess_month("yellow", "2019-03", cleaned)["verdict"] == "look"
    moved = {"column": "fare_usd", "segment": None, "segment_value": None, "metric": "psi", "value": 1.0, "limit": 0.2,
             "verdict": "alarm", "note": None, "rows": 600, "reference_rows": 600,
             "reference_months": 1}  # fmt: skip
    put_json(cleaned, "drift", {"results": [moved]})
    assert "the drift of fare_usd" in assess_month("yellow", "2019-03", cleaned)["sentence"]
    put_month(cleaned, MONTH.plus(-1))
    assert assess_month("yellow", "2019-03", cleaned)["status"] == "done", "the year before has another month"
    put_month(cleaned, MONTH.plus(1))
    assert assess_month("yellow", "2019-03", cleaned)["status"] == "unchanged", "later months change nothing"


def test_the_warehouse_is_told_again_even_when_nothing_changed(cleaned: Settings) -> None:
    assess_month("yellow", "2019-03", cleaned)
    with get_engine(cleaned).begin() as connection:
        connection.execute(text("DELETE FROM data_quality_metrics WHERE suite IN ('report', 'nulls')"))
    assert assess_month("yellow", "2019-03", cleaned)["status"] == "unchanged"
    with get_engine(cleaned).connect() as connection:
        suites = connection.execute(text("SELECT DISTINCT suite FROM data_quality_metrics")).scalars().all()
        made = connection.execute(text("SELECT DISTINCT validated_at FROM data_quality_metrics")).scalars().all()
    assert {"cleaning", "report", "nulls", "summary_raw", "summary_clean"} == set(suites)
    assert len(made) == 1, "figures carry the time of the data"
    assert datetime.fromisoformat(str(made[0])).replace(tzinfo=UTC) < datetime.now(UTC)


def test_a_broken_promise_is_shown_and_then_raised(cleaned: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assessing, "validate_clean_month", refusing(QualityError("speed_in_range is broken")))
    with pytest.raises(QualityError, match="speed_in_range"):
        assess_month("yellow", "2019-03", cleaned)
    assert (cleaned.home / "reports" / "quality" / "yellow" / "2019-03.html").exists()


def refusing(fault: Exception) -> Callable[..., None]:
    def step(*_: Any) -> None:
        raise fault

    return step


def test_drift_that_cannot_be_measured_is_told_and_then_raised(
    cleaned: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_json(cleaned, "drift", {"results": []})
    monkeypatch.setattr(assessing, "measure_drift", refusing(BadDataError("the profile of 2019-02 is damaged.")))
    with pytest.raises(BadDataError, match="profile of 2019-02 is damaged"):
        assess_month("yellow", "2019-03", cleaned)
    for suffix in ("html", "md"):
        text = (cleaned.home / "reports" / "quality" / "yellow" / f"2019-03.{suffix}").read_text()
        assert "Drift was not measured: the profile of 2019-02 is damaged." in text


def test_a_broken_promise_is_raised_before_a_fault_of_drift(cleaned: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assessing, "validate_clean_month", refusing(QualityError("speed_in_range is broken")))
    monkeypatch.setattr(assessing, "measure_drift", refusing(WarehouseError("the warehouse is away")))
    with pytest.raises(QualityError, match="speed_in_range"):
        assess_month("yellow", "2019-03", cleaned)
    page = cleaned.home / "reports" / "quality" / "yellow" / "2019-03.html"
    assert "Drift was not measured: the warehouse is away" in page.read_text()


def test_a_month_that_was_not_cleaned_is_named(settings: Settings) -> None:
    with pytest.raises(BadDataError, match="no landing month yellow 2019-03"):
        write_report("yellow", "2019-03", settings)


def test_other_code_makes_the_report_new(cleaned: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    assess_month("yellow", "2019-03", cleaned)
    monkeypatch.setattr(assessing, "code_hash", lambda *sources: "changed")
    assert assess_month("yellow", "2019-03", cleaned)["status"] == "done"
