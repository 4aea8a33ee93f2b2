"""Months through Airflow's own backfills: submitted, joined, waited for, resumed."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx

from include.config import Settings
from include.errors import TaxiError
from include.trips.month import Month, contiguous, month_range
from scripts.platform_airflow import PAGE, START_SECONDS, console, dag_id, wait

MONTH_SECONDS = 1200
MOST_RUNS = 10_000
FINISHED = {"success", "failed"}
Runs = dict[str, dict[str, Any]]
"""Month -> its newest run, as Airflow's API shows it."""


def resume(settings: Settings, airflow: httpx.Client) -> Runs:
    """TAXI_MONTHS, each with a run that ended: those that are not done yet, and the newest one, which trains.

    A backfill that is still under way in Airflow is waited for first. When every month is done and nothing was under
    way, all of them are looked at again: what is unchanged is not done twice.
    """
    months = settings.months
    joined = _join(settings, airflow)
    known = newest_runs(airflow, dag_id(settings), {str(month) for month in months})
    states = {month: str(run["state"]) for month, run in known.items()}
    again = months_to_do(months, states)
    console.print(f"{settings.service} {_range(months)}: {found(months, states)}", soft_wrap=True)
    if joined and not unfinished(months, states):
        return known
    return known | backfill(settings, airflow, again)


def months_to_do(months: tuple[Month, ...], states: Mapping[str, str]) -> tuple[Month, ...]:
    """The months that have no run that ended well, and the newest: it trains on them. All, when all have one."""
    undone = unfinished(months, states)
    return tuple(sorted({*undone, months[-1]})) if undone else months


def unfinished(months: Collection[Month], states: Mapping[str, str]) -> list[Month]:
    """The months whose newest run did not end well, or that have none."""
    return [month for month in months if states.get(str(month)) != "success"]


def found(months: Collection[Month], states: Mapping[str, str]) -> str:
    """One sentence on how far the months are."""
    counts = {"done": 0, "failed": 0, "under way": 0, "without a run": 0}
    for month in months:
        state = states.get(str(month), "")
        kind = {"success": "done", "failed": "failed", "": "without a run"}.get(state, "under way")
        counts[kind] += 1
    told = ", ".join(f"{count} {kind}" for kind, count in counts.items() if count)
    return f"{told}; all are looked at again" if counts["done"] == len(months) else told


def backfill(settings: Settings, airflow: httpx.Client, months: tuple[Month, ...]) -> Runs:
    """One Airflow backfill per run of months without a gap; the newest of TAXI_MONTHS trains, the others do not.

    Gives month -> its run, ended. TaxiError for a month that another run is at work on.
    """
    _refuse_taken(newest_runs(airflow, dag_id(settings), {str(month) for month in months}))
    runs: Runs = {}
    for first, last in contiguous(months):
        body = {
            "dag_id": dag_id(settings), "from_date": f"{first}-01T00:00:00Z", "to_date": f"{last}-28T00:00:00Z",
            "max_active_runs": settings.backfill_runs, "reprocess_behavior": "completed",
            "dag_run_conf": {"train": "newest", "newest_month": str(settings.months[-1])},
        }  # fmt: skip
        with _cancelled_when_left(airflow, _submit(airflow, body)):
            runs |= wait_for_runs(settings, airflow, month_range(first, last))
    return runs


def _refuse_taken(known: Runs) -> None:
    """A backfill makes no run of a month that has one under way, so nothing would come of waiting for it."""
    for month, run in sorted(known.items()):
        if run["state"] not in FINISHED and run["run_type"] != "backfill":
            raise TaxiError(
                f"{month} is under way in the {run['run_type']} run {run['dag_run_id']}: let it end, or mark it failed "
                "in Airflow, then call again, or leave the month out of TAXI_MONTHS."
            )


def _join(settings: Settings, airflow: httpx.Client) -> bool:
    """Waits for the months that a backfill of this DAG is still at work on; False when there is none."""
    query: dict[str, str | int] = {"dag_id": dag_id(settings), "order_by": "-id", "limit": 1}
    latest = airflow.get("/api/v2/backfills", params=query).raise_for_status().json()["backfills"]
    if not latest or latest[0]["completed_at"]:
        return False
    first, last = (Month.parse(latest[0][date][:7]) for date in ("from_date", "to_date"))
    ours = tuple(month for month in month_range(first, last) if month in settings.months)
    states = {m: r["state"] for m, r in newest_runs(airflow, dag_id(settings), {str(m) for m in ours}).items()}
    if not ours or set(states.values()) <= FINISHED:
        return False  # Airflow keeps a backfill open for half a minute after its last run.
    console.print(f"backfill {latest[0]['id']} ({first}:{last}) is under way: {found(ours, states)}; waiting for it")
    if latest[0]["is_paused"]:
        airflow.put(f"/api/v2/backfills/{latest[0]['id']}/unpause").raise_for_status()
    wait_for_runs(settings, airflow, ours)
    return True


@contextmanager
def _cancelled_when_left(airflow: httpx.Client, backfill_id: int) -> Iterator[None]:
    """A backfill that nobody waits for any more starts no further month."""
    try:
        yield
    except (KeyboardInterrupt, TaxiError):
        airflow.put(f"/api/v2/backfills/{backfill_id}/cancel")
        console.print(f"backfill {backfill_id} is cancelled; a month that has begun ends by itself")
        raise


def _submit(airflow: httpx.Client, body: dict[str, Any]) -> int:
    """The backfill's number. Airflow takes one a DAG at a time, and keeps a finished one open for half a minute."""
    made: list[int] = []

    def accepted() -> bool:
        answer = airflow.post("/api/v2/backfills", json=body)
        if answer.status_code in (httpx.codes.CONFLICT, httpx.codes.SERVICE_UNAVAILABLE):
            return False
        if answer.status_code >= 400:
            raise TaxiError(f"Airflow refused the backfill of {body['dag_id']}: {answer.text[:500]}")
        made.append(int(answer.json()["id"]))
        return True

    wait(accepted, START_SECONDS, f"Another backfill of {body['dag_id']} is running; see Airflow's Backfills")
    return made[0]


def wait_for_runs(settings: Settings, airflow: httpx.Client, months: tuple[Month, ...]) -> Runs:
    """month -> its newest run, once all have ended; shows each change of state while it waits."""
    runs: Runs = {}
    seen: set[tuple[str, str]] = set()

    def ended() -> bool:
        runs.update(newest_runs(airflow, dag_id(settings), {str(month) for month in months}, run_type="backfill"))
        held = {str(m): runs[str(m)]["state"] for m in months if str(m) in runs}
        for month, state in sorted(held.items()):
            if (month, state) not in seen and state != "queued":
                seen.add((month, state))
                console.print(f"  {time.strftime('%H:%M:%S')}  {dag_id(settings)}  {month} {state}")
        return len(held) == len(months) and set(held.values()) <= FINISHED

    wait(ended, MONTH_SECONDS * len(months), "Some months have no finished run; see Airflow", pause=2)
    return {str(month): runs[str(month)] for month in months}


def newest_runs(airflow: httpx.Client, dag: str, months: set[str], run_type: str = "") -> Runs:
    """month -> its newest run, of the type if one is given; Airflow gives at most a hundred a page, newest first."""
    runs: Runs = {}
    for offset in range(0, MOST_RUNS, PAGE):
        query: dict[str, str | int] = {"limit": PAGE, "offset": offset, "order_by": "-id"}
        query |= {"run_type": run_type} if run_type else {}
        page = airflow.get(f"/api/v2/dags/{dag}/dagRuns", params=query).raise_for_status().json()["dag_runs"]
        for run in page:
            if run["partition_key"] in months:
                runs.setdefault(run["partition_key"], run)
        if len(page) < PAGE or len(runs) == len(months):
            break
    return runs


def _range(months: tuple[Month, ...]) -> str:
    return ", ".join(str(first) if first == last else f"{first}:{last}" for first, last in contiguous(months))
