"""Airflow's REST API as the operations page reads it: runs of a service's DAG, and the phases of one run."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import httpx

from include.dashboard.faults import AwayError, RefusedError

SECONDS = 8.0
RUNS = 15


class Airflow:
    """A signed-in client. AwayError when nobody answers, RefusedError for a wrong login or a DAG that is not there."""

    def __init__(self, base: str, user: str, password: str, transport: httpx.BaseTransport | None = None) -> None:
        self.base = base.rstrip("/")
        self._login = {"username": user, "password": password}
        self._transport = transport

    def runs(self, service: str) -> list[dict[str, Any]]:
        """The last runs, the newest first: id, month, state, begin, minutes, kind."""
        path = f"/api/v2/dags/{dag_id(service)}/dagRuns"
        found = self._get(path, {"limit": RUNS, "order_by": "-run_after"})["dag_runs"]
        return [
            {"run": run["dag_run_id"], "month": run.get("partition_key") or "", "state": run["state"],
             "begin": run.get("start_date"), "minutes": minutes_between(run.get("start_date"), run.get("end_date")),
             "kind": run.get("run_type", "")}
            for run in found
        ]  # fmt: skip

    def tasks(self, service: str, run: str) -> list[dict[str, Any]]:
        """The run's tasks that have begun, in order: name, phase, state, minutes since the first one, how long."""
        path = f"/api/v2/dags/{dag_id(service)}/dagRuns/{run}/taskInstances"
        begun = [task for task in self._get(path, {"limit": 200})["task_instances"] if task.get("start_date")]
        begun.sort(key=lambda task: task["start_date"])
        return [
            {"task": task_label(task), "phase": task["task_id"].partition(".")[0], "state": task["state"],
             "begin": minutes_between(begun[0]["start_date"], task["start_date"]) or 0.0,
             "minutes": minutes_between(task["start_date"], task.get("end_date")) or 0.0}
            for task in begun
        ]  # fmt: skip

    def _get(self, path: str, params: dict[str, Any]) -> dict[str, Any]:
        try:
            with httpx.Client(
                base_url=self.base, timeout=SECONDS, transport=self._transport, trust_env=False
            ) as client:
                signed = client.post("/auth/token", json=self._login)
                if signed.is_error:
                    raise RefusedError(
                        signed.status_code, f"Airflow at {self.base} refuses the login: type another one."
                    )
                token = {"Authorization": f"Bearer {signed.json()['access_token']}"}
                answer = client.get(path, params=params, headers=token)
        except httpx.HTTPError as fault:
            raise AwayError(f"Airflow at {self.base} does not answer ({type(fault).__name__}).") from None
        if answer.is_error:
            raise RefusedError(answer.status_code, f"Airflow refused {path} ({answer.status_code}).")
        return dict(answer.json())


def dag_id(service: str) -> str:
    """The DAG of a service."""
    return f"nyc_taxi_{service}_monthly"


def task_label(task: dict[str, Any]) -> str:
    """The task's name within its phase; a mapped one with what it was mapped to."""
    name = task["task_id"].partition(".")[2] or task["task_id"]
    mapped = task.get("rendered_map_index") or ("" if task.get("map_index", -1) < 0 else str(task["map_index"]))
    return f"{name} {mapped}".strip()


def minutes_between(begin: str | None, end: str | None) -> float | None:
    """Between two ISO times; None while one is not there."""
    if not begin or not end:
        return None
    parsed = (datetime.fromisoformat(text.replace("Z", "+00:00")) for text in (begin, end))
    first, last = parsed
    return (last - first).total_seconds() / 60
