"""A run's month is its partition key, and whoever has none is told why."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

pytestmark = pytest.mark.integration
DAG = "nyc_taxi_green_monthly"


@pytest.fixture
def session() -> Iterator[Session]:
    """Airflow's table of runs: a month, a run without one, and one with something else as key."""
    from airflow.models.dagrun import DagRun
    from airflow.models.tasklog import LogTemplate
    from airflow.utils.types import DagRunType

    engine = create_engine("sqlite://")
    for table in (LogTemplate, DagRun):
        table.__table__.create(engine)
    with Session(engine) as session:
        for run_id, key in (("backfill__2023-02", "2023-02"), ("manual__1", None), ("manual__2", "p <b>")):
            session.add(DagRun(dag_id=DAG, run_id=run_id, run_type=DagRunType.MANUAL, partition_key=key))
        session.flush()
        yield session


def test_a_run_has_the_month_of_its_partition_key(session: Session) -> None:
    from taxi_ui.runs import MonthOfRun, month_of

    assert month_of(DAG, "backfill__2023-02", session) == MonthOfRun("green", "2023-02")


@pytest.mark.parametrize(
    ("dag_id", "run_id", "reason"),
    [(DAG, "manual__1", "partition key is empty"), (DAG, "manual__2", "partition key is p <b>"),
     (DAG, "nobody", "has no run nobody"), ("hello", "manual__1", "hello is not one of the monthly"),
     ("nyc_taxi_pink_monthly", "manual__1", "nyc_taxi_pink_monthly is not one of")],
)  # fmt: skip
def test_who_has_no_month_is_told_why(session: Session, dag_id: str, run_id: str, reason: str) -> None:
    from taxi_ui.runs import month_of

    found = month_of(dag_id, run_id, session)
    assert found.month == ""
    assert reason in found.why
