"""A month of a backfill against what Airflow says of the other runs of its DAG."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

pytestmark = pytest.mark.integration
DATA, LAST = "features.validate_feature_month", "register.report_registered"


@pytest.fixture(scope="module")
def waiting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The module under test; Airflow reads its home when it is first imported."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AIRFLOW_HOME", os.environ.get("AIRFLOW_HOME") or str(tmp_path_factory.mktemp("airflow")))
        from taxi_airflow import earlier_months

        yield earlier_months


class Runs:
    """What the Task SDK tells; month -> (state of the run, state of its data phases, state of its last task)."""

    def __init__(self, **months: tuple[str, str | None, str | None]) -> None:
        self.months = {name[1:].replace("_", "-"): states for name, states in months.items()}
        self.asked = 0

    def get_task_states(self, dag_id: str, task_ids: list[str], run_ids: list[str] | None = None) -> Any:
        self.asked += 1
        every = {f"backfill__2019-01-05T00:00:00+00:00__{month}__Ab3dE": {DATA: data, LAST: last}
                 for month, (_, data, last) in self.months.items()}  # fmt: skip
        return {
            run: {task: states[task] for task in task_ids} for run, states in every.items() if run in (run_ids or every)
        }

    def get_dagrun_state(self, dag_id: str, run_id: str) -> str:
        return self.months[run_id.split("__")[2]][0]


def months_of(trigger: Any) -> list[str]:
    return [run_id.split("__")[2] for run_id in trigger.run_ids]


def turn(waiting: Any, runs: Runs, month: str, train: str, newest: str = "", run_type: str = "backfill") -> Any:
    """What the task returns, or the trigger that it hands over to."""
    from airflow.sdk import DAG
    from airflow.sdk.exceptions import TaskDeferred

    waiting.RuntimeTaskInstance = runs
    with DAG("nyc_taxi_yellow_monthly", schedule=None):
        task = waiting.EarlierMonths(
            task_id="await_earlier_months",
            month=month,
            train=train,
            newest_month=newest,
            data_task=DATA,
            last_task=LAST,
        )
    try:
        return task.execute({"dag_run": SimpleNamespace(run_type=run_type)})
    except TaskDeferred as deferred:
        return deferred.trigger


BUSY = ("running", None, None)
DONE = ("success", "success", "skipped")


def test_the_newest_month_waits_for_the_data_phases_of_its_window(waiting: Any) -> None:
    runs = Runs(
        m2017_01=BUSY, m2018_11=DONE, m2018_12=BUSY, m2019_01=("running", "failed", "upstream_failed"), m2019_02=BUSY
    )
    assert months_of(turn(waiting, runs, "2019-02", "newest")) == ["2018-12"]


def test_an_older_month_leaves_training_to_the_newest_and_waits_for_nobody(waiting: Any) -> None:
    runs = Runs(m2018_12=BUSY, m2019_01=BUSY, m2019_02=("queued", None, None), m2019_03=("queued", None, None))
    assert turn(waiting, runs, "2019-01", "newest") == "2019-03"
    assert turn(waiting, runs, "2019-01", "newest", newest="2019-02") == "2019-02"
    assert turn(waiting, runs, "2019-01", "never") == "2019-03"


def test_a_later_month_that_was_cancelled_does_not_keep_this_one_from_training(waiting: Any) -> None:
    assert turn(waiting, Runs(m2019_01=BUSY, m2019_02=("failed", None, None)), "2019-01", "newest") == ""


def test_always_waits_for_the_whole_run_of_every_earlier_month(waiting: Any) -> None:
    runs = Runs(m2016_01=("running", "success", None), m2018_12=("running", "success", "running"), m2019_01=DONE,
                m2019_02=BUSY, m2019_03=BUSY)  # fmt: skip
    assert months_of(turn(waiting, runs, "2019-02", "always")) == ["2016-01", "2018-12"]


def test_who_has_not_started_is_not_waited_for(waiting: Any) -> None:
    """It may be waiting for the active run that this one holds."""
    assert turn(waiting, Runs(m2018_12=("queued", None, None), m2019_01=BUSY), "2019-01", "always") == ""


def test_a_run_outside_a_backfill_waits_for_nobody(waiting: Any) -> None:
    runs = Runs(m2018_12=BUSY, m2019_02=BUSY)
    assert turn(waiting, runs, "2019-01", "always", newest="2019-01", run_type="manual") == "2019-01"


def test_the_wait_ends_with_the_last_run_and_survives_another_triggerer(waiting: Any) -> None:
    runs = Runs(m2018_11=BUSY, m2018_12=BUSY, m2019_01=BUSY)
    path, kwargs = turn(waiting, runs, "2019-01", "newest").serialize()
    assert path == "taxi_airflow.earlier_months.RunsEnded"
    trigger = waiting.RunsEnded(**{**kwargs, "look_seconds": 0.01})

    async def ends() -> list[Any]:
        waits = asyncio.create_task(events(trigger))
        runs.months["2018-11"] = ("success", "success", "skipped")
        asked = runs.asked
        while runs.asked < asked + 3:
            await asyncio.sleep(0.01)
        assert not waits.done()
        runs.months["2018-12"] = ("failed", None, None)  # killed with its data phases open
        return await asyncio.wait_for(waits, 10)

    assert asyncio.run(ends()) == ["ended"]


async def events(trigger: Any) -> list[Any]:
    return [event.payload async for event in trigger.run()]
