"""Whose turn it is to train among the months of a backfill, read off run ids and the states of one task each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from include.trips.month import Month

BACKFILL_RUN = re.compile(r"backfill__.+__(\d{4}-\d{2})__\w+")
"""The id that Airflow gives a backfill's run of a partition: when it was due, its partition, a random text."""
ENDED = frozenset({"success", "failed", "upstream_failed", "skipped", "removed"})

States = Mapping[str, Mapping[str, str | None]]
"""Run id -> task id -> state, as the Task SDK's `get_task_states` tells."""


@dataclass(frozen=True, order=True)
class Run:
    """A backfill's run of one month."""

    month: Month
    run_id: str


def unfinished(states: States, task_id: str) -> list[Run]:
    """The backfill runs in which the task has not ended, by month. Other runs of the DAG are nobody's turn."""
    return sorted(
        Run(Month.parse(found[1]), run_id)
        for run_id, tasks in states.items()
        if (found := BACKFILL_RUN.fullmatch(run_id)) and tasks.get(task_id) not in ENDED
    )


def before(runs: Iterable[Run], month: Month, window: int | None = None) -> list[Run]:
    """The runs of earlier months; only those of the `window` months before it where that is given."""
    first = Month(0, 1) if window is None else month.plus(-window)
    return [run for run in runs if first <= run.month < month]


def trains(month: Month, train: str, newest_month: str) -> bool:
    """Whether the month may train, as far as the backfill alone can tell."""
    return train == "always" or (train == "newest" and not (newest_month and month < Month.parse(newest_month)))


def named(runs: Iterable[Run]) -> str:
    """`2018-04, 2018-05`, for messages."""
    return ", ".join(sorted({str(run.month) for run in runs}))
