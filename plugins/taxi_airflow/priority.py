"""Which task takes a free slot first: that of a person's run, then of the schedule, then of a backfill."""

from __future__ import annotations

from typing import Any

from airflow.task.priority_strategy import PriorityWeightStrategy

STEP = 10
"""More than any phase weighs, so that phases order tasks within one kind of run only."""
RANKS = {"manual": 3, "scheduled": 2, "asset_triggered": 1}


class PeopleFirst(PriorityWeightStrategy):
    """A run's id begins with its kind, and is all that Airflow knows when it makes a run's tasks."""

    def get_weight(self, ti: Any) -> int:
        """Ten for each rank of the run above a backfill, and the weight of the task's phase."""
        return STEP * RANKS.get(ti.run_id.partition("__")[0], 0) + int(ti.task.priority_weight)
