"""Which runs of a backfill a month waits for."""

from __future__ import annotations

import pytest
from taxi_airflow.turns import Run, States, before, named, trains, unfinished

from include.trips.month import Month

DATA = "features.validate_feature_month"
AT = "2019-01-05T00:00:00+00:00"


def states(**runs: str | None) -> States:
    """m2019_03="running" -> the states of the backfill run of 2019-03."""
    return {f"backfill__{AT}__{name[1:].replace('_', '-')}__Ab3dE": {DATA: state} for name, state in runs.items()}


def months(runs: list[Run]) -> list[str]:
    return [str(run.month) for run in runs]


def test_a_month_is_unfinished_until_its_task_has_ended_one_way_or_another() -> None:
    ended = states(m2018_01="success", m2018_02="failed", m2018_03="upstream_failed", m2018_04="skipped")
    open_ones = states(m2018_07="running", m2018_06=None, m2018_05="up_for_retry", m2018_08="deferred")
    assert months(unfinished({**ended, **open_ones}, DATA)) == ["2018-05", "2018-06", "2018-07", "2018-08"]


def test_runs_outside_a_backfill_are_nobodys_turn() -> None:
    others: States = {f"scheduled__{AT}__2018-05__Ab3dE": {DATA: None}, "manual 2018-05": {DATA: "running"}}
    assert unfinished(others, DATA) == []


def test_only_earlier_months_are_waited_for_and_only_those_of_the_window() -> None:
    runs = unfinished(states(m2017_12=None, m2018_01=None, m2018_12=None, m2019_01=None, m2019_02=None), DATA)
    assert months(before(runs, Month(2019, 1))) == ["2017-12", "2018-01", "2018-12"]
    assert months(before(runs, Month(2019, 1), window=12)) == ["2018-01", "2018-12"]
    assert named(before(runs, Month(2019, 1), window=12)) == "2018-01, 2018-12"


@pytest.mark.parametrize(
    ("train", "newest_month", "does"),
    [("newest", "", True), ("newest", "2019-01", True), ("newest", "2018-12", True), ("newest", "2019-02", False),
     ("always", "2019-02", True), ("never", "", False)],
)  # fmt: skip
def test_who_trains(train: str, newest_month: str, does: bool) -> None:
    assert trains(Month(2019, 1), train, newest_month) is does
