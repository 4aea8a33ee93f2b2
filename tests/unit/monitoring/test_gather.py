"""What the tables say is what the gauges say, and their number does not grow with the years."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, create_engine, insert, update

from include.config import Settings
from include.monitoring.band import upper_end
from include.monitoring.gather import SHOWN_MONTHS, read_figures
from include.warehouse.metadata import INGESTION, PERFORMANCE, PROMOTIONS
from tests.unit.monitoring.rows import LOSSES, filled

MODEL = {"service": "yellow", "target": "fare_usd", "model": "nyc_taxi_yellow_fare_usd"}
NEW_YORK = ZoneInfo("America/New_York")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = create_engine(f"sqlite:///{tmp_path}/warehouse.db")
    filled(engine)
    yield engine
    engine.dispose()


def figures(engine: Engine, settings: Settings) -> dict[str, list[tuple[dict[str, str], float]]]:
    """Name -> its series."""
    return {
        family.name: [(dict(s.labels), s.value) for s in family.samples] for family in read_figures(engine, settings)
    }


def value(found: dict[str, list[tuple[dict[str, str], float]]], name: str, **labels: str) -> float:
    (one,) = [value for labelled, value in found[name] if labelled == labels]
    return one


def test_months_are_counted_by_state(engine: Engine, settings: Settings) -> None:
    found = figures(engine, settings)
    states = {labels["state"]: count for labels, count in found["taxi_months"]}
    assert states == {"passed": 5, "look": 1, "waived": 0, "blocked": 0, "unfinished": 0, "missing": 0}
    assert value(found, "taxi_newest_month_expectations", service="yellow", outcome="broken") == 1
    rows = {part: value(found, "taxi_month_rows", service="yellow", month="2019-06", part=part)
            for part in ("read", "kept", "quarantined")}  # fmt: skip
    assert rows == {"read": 1000, "kept": 990, "quarantined": 10}


def test_a_month_is_due_when_its_file_is_late(engine: Engine, settings: Settings) -> None:
    found = figures(engine, settings.model_copy(update={"source": "tlc", "late_days": 78}))
    ended = datetime(2019, 7, 1, tzinfo=NEW_YORK).timestamp()
    due = datetime(2019, 10, 18, tzinfo=NEW_YORK).timestamp()
    assert value(found, "taxi_newest_month_end_timestamp_seconds", service="yellow") == ended
    assert value(found, "taxi_next_month_due_timestamp_seconds", service="yellow") == due


def test_no_month_of_the_sample_is_ever_due(engine: Engine, settings: Settings) -> None:
    assert settings.source == "sample"
    assert figures(engine, settings)["taxi_next_month_due_timestamp_seconds"] == []


def test_a_month_that_was_only_ingested_is_not_the_newest(engine: Engine, settings: Settings) -> None:
    with engine.begin() as connection:
        connection.execute(insert(INGESTION), [{"service": "yellow", "month": "2019-07", "rows_read": 5}])
    found = figures(engine, settings)
    assert value(found, "taxi_months", service="yellow", state="unfinished") == 1
    assert value(found, "taxi_champion_age_months", **MODEL) == 5
    assert not [
        labels for labels, _ in found["taxi_month_rows"] if labels["month"] == "2019-07" and labels["part"] != "read"
    ]


def test_a_champion_has_version_age_and_the_errors_that_its_users_met(engine: Engine, settings: Settings) -> None:
    found = figures(engine, settings)
    assert value(found, "taxi_champion_version", **MODEL) == 1
    assert value(found, "taxi_champion_is_baseline", **MODEL) == 0
    assert value(found, "taxi_champion_age_months", **MODEL) == 5
    assert value(found, "taxi_champion_stale_after_months") == settings.stale_months
    assert value(found, "taxi_prospective_loss", **MODEL) == LOSSES["2019-06"]
    assert value(found, "taxi_prospective_loss_bound", **MODEL) == upper_end([4.0, 4.2, 4.1])
    assert value(found, "taxi_baseline_loss", **MODEL) == 5.0
    assert value(found, "taxi_prospective_coverage", **MODEL) == 0.79
    assert value(found, "taxi_prospective_loss_by_month", **MODEL, month="2019-04") == LOSSES["2019-04"]


def test_what_is_not_known_has_no_series(engine: Engine, settings: Settings) -> None:
    with engine.begin() as connection:
        connection.execute(update(PROMOTIONS).values(version_after=None))
        connection.execute(PERFORMANCE.delete().where(PERFORMANCE.c.month < "2019-05"))
    found = figures(engine, settings)
    assert found["taxi_champion_version"] == found["taxi_champion_age_months"] == []
    assert found["taxi_prospective_loss_bound"] == []
    assert value(found, "taxi_prospective_loss", **MODEL) == LOSSES["2019-06"]


def test_drift_is_that_of_the_newest_month(engine: Engine, settings: Settings) -> None:
    found = figures(engine, settings)
    assert value(found, "taxi_drift", service="yellow", column="fare_usd", metric="psi") == 0.05
    assert value(found, "taxi_drift_limit", service="yellow", column="fare_usd", metric="psi") == 0.1
    verdicts = {labels["verdict"]: count for labels, count in found["taxi_drift_comparisons"]}
    assert verdicts == {"ok": 1, "known": 0, "warning": 1, "alarm": 1, "insufficient_history": 0}
    assert value(found, "taxi_drifted_columns_by_month", service="yellow", month="2019-05", verdict="warning") == 1


def test_the_number_of_series_does_not_grow_with_the_years(engine: Engine, settings: Settings) -> None:
    years = [{"service": "yellow", "month": f"{year}-{month:02d}", "rows_read": 1}
             for year in range(2010, 2019) for month in range(1, 13)]  # fmt: skip
    with engine.begin() as connection:
        connection.execute(insert(INGESTION), years)
    found = figures(engine, settings)
    assert {labels["month"] for labels, _ in found["taxi_month_rows"]} == {
        *(f"2018-{month:02d}" for month in range(7, 13)), *(f"2019-0{month}" for month in range(1, 7)),
    }  # fmt: skip
    assert SHOWN_MONTHS == 12


def test_a_warehouse_without_tables_has_no_months(settings: Settings, tmp_path: Path) -> None:
    found = figures(create_engine(f"sqlite:///{tmp_path}/none.db"), settings)
    assert found.pop("taxi_champion_stale_after_months")
    assert set(map(tuple, found.values())) == {()}
    assert not (tmp_path / "none.db").exists()
