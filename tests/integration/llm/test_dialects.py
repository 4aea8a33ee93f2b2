"""A measure is the same figure whichever database has the rows: SQLite and MySQL read the SQL of `measures/`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, Table, insert, text

from include.llm.ask.figures.queries import figures, read_only
from include.llm.ask.meanings.measure import Measure
from include.llm.ask.meanings.measures import measures
from include.llm.ask.trips.asked import Aggregate
from include.llm.ask.trips.atoms import Condition
from include.llm.ask.trips.rows import AXES, Rows, kinds_of_rows, measured
from include.warehouse.engine import engine_for, is_mysql
from include.warehouse.metadata import (
    DRIFT,
    FEATURE_STATISTICS,
    INGESTION,
    LOADS,
    PERFORMANCE,
    PREDICTIONS,
    QUALITY,
    STALENESS,
    TOTALS,
)
from include.warehouse.schema import init_db
from include.warehouse.tables import FEATURE_ROWS, PROCESSED
from tests.unit.llm.conftest import small_rows

AT = datetime(2026, 1, 2, 3, 4, 5)
MONTH = {"service": "yellow", "month": "2019-03"}
PARTITIONED = (TOTALS, PROCESSED, FEATURE_ROWS)
Filters = dict[str, tuple[str, ...]]


@pytest.fixture
def both(mysql_database: str, tmp_path: Path) -> Iterator[tuple[Engine, Engine]]:
    """A SQLite and a MySQL warehouse of the same rows."""
    engines = engine_for(f"sqlite:///{tmp_path}/w.db"), engine_for(mysql_database)
    for engine in engines:
        init_db(engine)
        with engine.begin() as connection:
            for table in PARTITIONED if is_mysql(engine) else ():
                connection.execute(text(f"ALTER TABLE {table.name} REMOVE PARTITIONING"))
            for table, rows in (*small_rows().items(), *_more_rows().items()):
                connection.execute(insert(table), rows)
    yield engines
    for engine in engines:
        engine.dispose()


def test_every_measure_is_the_same_by_every_dimension(both: tuple[Engine, Engine]) -> None:
    lite, mysql = both
    found = 0
    for measure in measures().values():
        for role in measure.source.roles or ("",):
            for group, filters in (
                *((group, _column(measure)) for group in _groups(measure)),
                *_other_columns(measure),
            ):
                expected = _figures(lite, measure, filters, group, role)
                assert _figures(mysql, measure, filters, group, role) == expected, (measure.name, role, group, filters)
                found += len(expected)
    assert found > 500


def test_every_source_has_a_row_that_tells(both: tuple[Engine, Engine]) -> None:
    """Else the comparison above would compare nothing with nothing."""
    told = {m.source.name for m in measures().values() if any(row["value"] for row in figures(both[0], m, _column(m)))}
    assert {measure.source.name for measure in measures().values()} - told == set()


def test_a_quotient_of_whole_numbers_keeps_its_digits(both: tuple[Engine, Engine]) -> None:
    """MySQL divides whole numbers as decimals, to four digits: rounded twice, 1/3 would stay right and 0.04545 not."""
    for engine in both:
        (kept,) = figures(engine, measures()["kept_share"], {"service": ("yellow",), "month": ("2019-03",)})
        assert kept["value"] == pytest.approx(100 / 110, abs=1e-12)
        (mean,) = figures(engine, measures()["passengers"], {})
        assert mean["value"] == pytest.approx(4 / 3, abs=1e-12)
        (degraded,) = figures(engine, measures()["degraded"], {})
        assert degraded["value"] == pytest.approx(1 / 3, abs=1e-12)


def test_nothing_is_written_while_a_question_is_answered(both: tuple[Engine, Engine]) -> None:
    for engine in both:
        with engine.connect() as connection:
            with read_only(connection), pytest.raises(Exception, match=r"(?i)read.?only"):
                connection.execute(text("DELETE FROM promotion_log"))
            connection.rollback()
            assert connection.execute(text("SELECT COUNT(*) FROM promotion_log")).scalar() == 1


def _groups(measure: Measure) -> list[tuple[str, ...]]:
    """No dimension, and each alone; a column that is put into the expression is none to group by."""
    put_in = {"column"} if measure.source.expressions else set()
    return [(), *((name,) for name in measure.source.dimensions if name not in put_in)]


def _column(measure: Measure) -> Filters:
    """What has to be said of a measure that is taken of a column: here of the first one."""
    return {"column": (next(iter(measure.source.expressions)),)} if measure.source.expressions else {}


def _other_columns(measure: Measure) -> list[tuple[tuple[str, ...], Filters]]:
    """The other columns, without a dimension."""
    return [((), {"column": (name,)}) for name in list(measure.source.expressions)[1:]]


def _figures(engine: Engine, measure: Measure, filters: Filters, group: tuple[str, ...], role: str) -> list[Any]:
    """Rows in an order of their own, floats to ten digits: sums depend on the order in which rows are read."""
    rows = [{name: float(f"{v:.10g}") if isinstance(v, bool | int | float) else v for name, v in row.items()}
            for row in figures(engine, measure, filters, group, role)]  # fmt: skip
    return sorted((sorted(row.items()) for row in rows), key=repr)


def _more_rows() -> dict[Table, list[dict[str, Any]]]:
    """A row or three of each table that `small_rows` leaves empty."""
    quality = MONTH | {"severity": "warning", "success": True, "unexpected_count": 3, "unexpected_percent": 1 / 3,
                       "observed": '{"mean": 1.25}', "limit_text": "good"}  # fmt: skip
    summarized = [quality | {"suite": suite, "expectation": name} for suite, name in (
        ("yellow_raw", "a"), ("report", "verdict"), ("nulls", "fare_usd"), ("outliers", "fare_usd"),
        ("summary_clean", "tip_usd"), ("summary_raw", "tip_usd"),
    )]  # fmt: skip
    hours = {"grain": "hour", "pickup_zone": 0, "dropoff_zone": 0, "revenue_usd": 1.5, "fare_usd": 1.25,
             "distance_mi": 2.5, "minutes": 7.5, "moving_minutes": 7.5}  # fmt: skip
    profile = {"columns": {"pickup_zone": {"nulls": 2, "distinct": 3, "min": 1, "max": 265}}, "unreadable_lines": 1}
    return {
        INGESTION: [{"service": "yellow", "month": "2018-12", "origin": "sample", "vintage": "{}", "file_sha256": "f",
                     "rows_read": 9, "unknown_columns": "", "absent_columns": "", "profile": profile,
                     "status": "ingested", "ingested_at": AT}],
        LOADS: [{"table_name": table, "service": "yellow", "month": "2018-12", "sha256": "a", "row_count": 5,
                 "loaded_at": AT + timedelta(seconds=place)}
                for place, table in enumerate(("trip_totals", "trip_features"))],
        QUALITY: [*summarized, quality | {"suite": "nulls", "expectation": "ehail_usd", "unexpected_percent": 100.0},
                  quality | {"suite": "yellow_raw", "expectation": "b", "success": False}],
        TOTALS: [MONTH | hours | {"hour_of_week": hour, "trips": hour + 1} for hour in (0, 23, 167)],
        DRIFT: [MONTH | {"column_name": "fare_usd", "segment": "month", "segment_value": "", "metric": "psi",
                         "value": 0.3, "limit_value": 0.2, "verdict": "alarm", "rows_compared": 7,
                         "reference_rows": 21, "reference_months": 3}],
        FEATURE_STATISTICS: [MONTH | {"column_name": name, "row_count": 7, "null_count": 1, "mean_value": 1 / 3,
                                      "p50": 0.1} for name in ("high_tip", "is_airport")],
        STALENESS: [{"service": "yellow", "target": "duration_min", "family": "ridge", "trained_to": "2019-02",
                     "month": "2019-03", "age_months": 1, "months_trained": 1, "rows_scored": 9, "loss": 4.5,
                     "cell_key": "c", "scored_at": AT}],
        PERFORMANCE: [{"model_name": "nyc_taxi_yellow_duration_min", "version": 1, "month": "2019-04",
                       "role": "prospective", "rows_scored": 9, "mae": 4.5, "loss": 4.5, "scored_at": AT}],
        PREDICTIONS: [{"asked_at": AT, "answer_key": "k", "place": place, "service": "yellow", "pickup_zone": 132,
                       "degraded": place == 0} for place in range(3)],
        FEATURE_ROWS: [MONTH | {"source_row": row, "duration_min": 7.5 + row, "haversine_km": 1.5, "is_weekend": 1,
                                "is_airport": row % 2, "same_zone": 1, "high_tip": row % 2} for row in range(3)],
        PROCESSED: [MONTH | {"source_row": row, "pickup_at": datetime(2019, 3, 1 + row, 8),
                                        "passenger_count": 1 + row // 2, "fare_usd": 9.5, "total_usd": 12.25,
                                        "distance_mi": 1.5, "payment_type": 1, "pickup_zone": 132,
                                        "dropoff_zone": 237} for row in range(3)],
    }  # fmt: skip


def test_a_figure_of_trips_is_the_same_by_every_key_and_condition(both: tuple[Engine, Engine]) -> None:
    lite, mysql = both
    found = 0
    for name, rows in kinds_of_rows().items():
        for figure in _trip_figures(rows):
            for conditions, group in _told_apart(rows, name):
                expected = _measured(lite, rows, figure, conditions, group)
                assert _measured(mysql, rows, figure, conditions, group) == expected, (name, figure, conditions, group)
                found += len(expected)
    assert found > 500


def _trip_figures(rows: Rows) -> list[Aggregate]:
    columns = [column for column in rows.columns if column != "moving_min"]
    functions = ("sum", "mean") if rows.name == "totals" else ("sum", "mean", "max", "min", "median")
    found = [Aggregate("count"), *(Aggregate(fn, column) for fn in functions for column in columns)]
    found += [Aggregate("ratio", "fare_usd", "distance_mi"), Aggregate("percentile", "fare_usd", number=0.9)]
    if rows.name != "raw":
        found.append(Aggregate("speed", "speed"))
    if rows.name == "totals":
        return [figure for figure in found if figure.fn != "percentile"]
    return [*found, Aggregate("per_day"), Aggregate("per_hour", "fare_usd")]


def _told_apart(rows: Rows, name: str) -> list[tuple[tuple[Condition, ...], tuple[str, ...]]]:
    """Each key alone, and what conditions can say."""
    keys = [key for key in rows.keys if name != "totals" or key in AXES]
    conditions = [
        Condition("limit", ("distance_mi",), ">", (1.0,), ""),
        Condition("x", ("pickup_zone",), "in", (1, 132), "", True),
    ]
    conditions += [Condition("x", ("pickup_zone", "dropoff_zone"), "in", (1, 132), "")]
    usable = [c for c in conditions if set(c.keys) <= set(rows.keys)]
    return [((), ()), *(((), (key,)) for key in keys), *(((c,), ()) for c in usable)]


def _measured(
    engine: Engine, rows: Rows, figure: Aggregate, conditions: tuple[Condition, ...], group: tuple[str, ...]
) -> list[list[str]]:
    grouped = () if figure.fn in ("median", "percentile") else group
    found = measured(engine, rows, figure, conditions, grouped)
    return sorted([_alike(value) for value in row.values()] for row in found)


def _alike(value: Any) -> str:
    try:
        return f"{float(value):.6f}"
    except (TypeError, ValueError):
        return str(value)
