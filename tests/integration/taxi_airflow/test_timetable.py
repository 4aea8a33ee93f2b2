"""The month of a run: the same key for the schedule, a person and a backfill."""

from __future__ import annotations

from datetime import datetime

import pendulum
import pytest
from airflow.exceptions import InvalidPartitionKeyError
from airflow.serialization.encoders import coerce_to_core_timetable
from airflow.timetables.base import TimeRestriction
from nyc_taxi_monthly import monthly

from include.config import Settings

pytestmark = pytest.mark.integration


def at(year: int, month: int, day: int) -> pendulum.DateTime:
    return pendulum.datetime(year, month, day, tz="UTC")


@pytest.fixture
def timetable(settings: Settings) -> object:
    """That of a monthly DAG, as the scheduler has it."""
    return coerce_to_core_timetable(monthly("green", settings).timetable)


def test_the_run_of_5_november_is_septembers(timetable: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("airflow.timetables.trigger.utcnow", lambda: at(2026, 11, 5))
    free = TimeRestriction(earliest=at(2026, 1, 1), latest=None, catchup=False)
    run = timetable.next_dagrun_info_v2(last_dagrun_info=None, restriction=free)  # type: ignore[attr-defined]
    assert (run.run_after, run.partition_key) == (at(2026, 11, 5), "2026-09")
    monkeypatch.setattr("airflow.timetables.trigger.utcnow", lambda: at(2026, 11, 20))
    after = timetable.next_dagrun_info_v2(last_dagrun_info=run, restriction=free)  # type: ignore[attr-defined]
    assert (after.run_after, after.partition_key) == (at(2026, 12, 5), "2026-10")


def test_a_home_made_today_does_not_run_the_month_before(timetable: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("airflow.timetables.trigger.utcnow", lambda: at(2026, 11, 20))
    made = TimeRestriction(earliest=at(2026, 11, 20), latest=None, catchup=False)
    run = timetable.next_dagrun_info_v2(last_dagrun_info=None, restriction=made)  # type: ignore[attr-defined]
    assert (run.run_after, run.partition_key) == (at(2026, 12, 5), "2026-10")


def test_a_backfill_is_given_months_and_the_ends_count(timetable: object) -> None:
    keys = [run.partition_key for run in timetable.iter_partition_dagrun_infos(  # type: ignore[attr-defined]
        earliest=at(2018, 11, 1), latest=at(2019, 2, 28))]  # fmt: skip
    assert keys == ["2018-11", "2018-12", "2019-01", "2019-02"]
    early = [run.partition_key for run in timetable.iter_partition_dagrun_infos(  # type: ignore[attr-defined]
        earliest=at(2018, 11, 1), latest=at(2019, 2, 4))]  # fmt: skip
    assert early[-1] == "2019-01"  # a month is reached on the schedule's day


def test_a_person_may_only_name_a_month(timetable: object) -> None:
    assert timetable._decode_partition_date("2019-07") == datetime(2019, 7, 1, tzinfo=pendulum.UTC)  # type: ignore[attr-defined]
    with pytest.raises(InvalidPartitionKeyError, match="July"):
        timetable._decode_partition_date("July")  # type: ignore[attr-defined]
