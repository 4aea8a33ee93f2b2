"""A month of a backfill trains after the earlier months that the same backfill is at work on.

A month waits for earlier ones only, and only while their run is running: months start in order, so whatever is waited
for goes on, and nobody waits in a circle. A run that was cancelled, cleared or has not started counts as absent.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

from airflow.sdk import BaseOperator
from airflow.sdk.execution_time.task_runner import RuntimeTaskInstance
from airflow.triggers.base import BaseTrigger, TriggerEvent

from include.config import get_settings
from include.trips.month import Month
from taxi_airflow.turns import Run, before, named, trains, unfinished

LOOK_SECONDS = 3.0


class EarlierMonths(BaseOperator):
    """Returns the newest month that a backfill is at work on (or `newest_month`, where that is named); "" for none.

    Where the month trains (`train`), it first waits: with `newest` until `data_task` has ended in the runs of the
    training window's months, with `always` until `last_task` has in those of all earlier months, so that each meets
    the champion that the one before left. Waiting is deferred: no worker and no slot of a pool is held.
    """

    template_fields: Sequence[str] = ("month", "train", "newest_month")

    def __init__(
        self, *, month: str, train: str, newest_month: str, data_task: str, last_task: str, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.month, self.train, self.newest_month = month, train, newest_month
        self.data_task, self.last_task = data_task, last_task

    def execute(self, context: Any) -> str:
        """A run outside a backfill waits for nobody."""
        if context["dag_run"].run_type != "backfill":
            return self.newest_month
        month, always = Month.parse(self.month), self.train == "always"
        newest = self.newest_month or self._newest(month)
        if not trains(month, self.train, newest):
            self.log.info("%s does not train (train=%s); the newest month of this backfill is %s", month, self.train,
                          newest or "not known")  # fmt: skip
            return newest
        task = self.last_task if always else self.data_task
        ahead = before(_unfinished(self.dag_id, task), month, None if always else get_settings().window_months)
        ahead = [run for run in ahead if _is(self.dag_id, run, "running")]
        if ahead:
            self.log.info("%s trains when %s have ended in the runs of %s", month, task, named(ahead))
            trigger = RunsEnded(dag_id=self.dag_id, run_ids=[run.run_id for run in ahead], task=task)
            self.defer(trigger=trigger, method_name="go_on", kwargs={"newest": newest})
        return newest

    def go_on(self, context: Any, event: Any, newest: str) -> str:  # noqa: ARG002 - the signature is Airflow's
        """The months waited for have ended, well or not; those that left no features are gaps of the training."""
        return newest

    def _newest(self, month: Month) -> str:
        """The latest month after this one that a backfill has yet to finish: this one does not train then."""
        for run in reversed(_unfinished(self.dag_id, self.data_task)):
            if run.month > month and _is(self.dag_id, run, "queued", "running"):
                return str(run.month)
        return ""


class RunsEnded(BaseTrigger):
    """Fires when a task has ended in every one of the runs, or the run itself is no longer running."""

    def __init__(self, dag_id: str, run_ids: list[str], task: str, look_seconds: float = LOOK_SECONDS) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.dag_id, self.run_ids, self.task_ended, self.look_seconds = dag_id, run_ids, task, look_seconds

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """All that another triggerer needs to go on waiting."""
        waited = {"dag_id": self.dag_id, "run_ids": self.run_ids, "task": self.task_ended}
        return "taxi_airflow.earlier_months.RunsEnded", waited | {"look_seconds": self.look_seconds}

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """One event, once nothing is left to wait for."""
        seen = ""
        while left := await asyncio.to_thread(self.left):
            if named(left) != seen:
                seen = named(left)
                self.log.info("waiting for %s in the runs of %s", self.task_ended, seen)
            await asyncio.sleep(self.look_seconds)
        yield TriggerEvent("ended")  # type: ignore[no-untyped-call]

    def left(self) -> list[Run]:
        """Runs that are still at work before the task; asks Airflow, so not for the event loop."""
        runs = _unfinished(self.dag_id, self.task_ended, self.run_ids)
        return [run for run in runs if _is(self.dag_id, run, "running")]


def _unfinished(dag_id: str, task_id: str, run_ids: list[str] | None = None) -> list[Run]:
    states = RuntimeTaskInstance.get_task_states(dag_id=dag_id, task_ids=[task_id], run_ids=run_ids)
    return unfinished(states, task_id)


def _is(dag_id: str, run: Run, *states: str) -> bool:
    return RuntimeTaskInstance.get_dagrun_state(dag_id, run.run_id) in states
