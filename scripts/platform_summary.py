"""What `make run` ends with: months, rows, leaderboard, champion, one prediction, addresses."""

from __future__ import annotations

import json
import time
from typing import Any

import httpx
from rich.console import Console
from rich.table import Table
from sqlalchemy import func, select

from include.config import Settings
from include.features.trip_features import targets_of
from include.lake import Lake
from include.models.bundle import model_name, read_pointer
from include.models.evaluate import loss_of
from include.trips.month import Month
from include.warehouse.engine import get_engine
from include.warehouse.load import init_db
from include.warehouse.tables import PROMOTIONS, RUNS
from scripts.platform_env import MLFLOW_HOST, platform_keys

LOAD_SECONDS = 60
"""The API looks for a new champion every TAXI_RELOAD_SECONDS."""
EXAMPLE = {"yellow": (132, 230), "green": (74, 75), "fhv": (132, 230), "fhvhv": (61, 37)}


def print_summary(settings: Settings, outcomes: dict[str, str], seconds: float) -> bool:
    """Everything a person wants to know after a run; `outcomes` is done, unchanged or failed by month.

    False when there are champions and the API does not answer with each of them.
    """
    console = Console(highlight=False, width=110)
    print_results(settings, outcomes, console)
    promoted, failed = _promoted(settings), "failed" in outcomes.values()
    answer = ask(settings, LOAD_SECONDS if promoted else 0)
    shown = json.dumps(answer) if promoted else "none, no champion answers yet"
    console.print(f"\nprediction: {shown}", soft_wrap=True)
    base = f"http://{settings.bind}"
    mlflow = settings.mlflow_tracking_uri or f"http://{MLFLOW_HOST}:{settings.mlflow_port}"
    places = f"Airflow {base}:{settings.airflow_port}   MLflow {mlflow}   API {base}:{settings.api_port}/docs"
    console.print(f"\n{places}", soft_wrap=True)
    cards = f"   model cards {base}:{settings.api_port}/model-cards/<model>/champion" if promoted else ""
    console.print(f"Data Docs {settings.home}/data_docs/index.html{cards}", soft_wrap=True, markup=False)
    ended = "ended with failed months" if failed else "done"
    console.print(f"{ended} in {seconds:.0f} s; services stay up, make stop ends them")
    answered = all(answer.get(target) for target in targets_of(settings.service))
    if promoted and not answered:
        console.print(f"[bold red]the API does not answer with every champion[/]; see {settings.home}/logs/api.log")
    return answered or not promoted


def _promoted(settings: Settings) -> bool:
    """True when every target of the service has a champion, which the API then loads within seconds."""
    names = [model_name(settings.service, target) for target in targets_of(settings.service)]
    return all(read_pointer(settings.lake, name) for name in names)


def print_results(settings: Settings, outcomes: dict[str, str], console: Console) -> None:
    """What lake and warehouse hold of the months: rows, leaderboards, verdicts."""
    console.print(_months(settings, outcomes))
    newest = str(settings.months[-1])
    for target in targets_of(settings.service):
        board = _leaderboard(settings, target, newest)
        if board.row_count:
            console.print(board)
        console.print(_verdict(settings, target, newest), soft_wrap=True)


def _months(settings: Settings, outcomes: dict[str, str]) -> Table:
    table = Table("month", "run", "rows in", "rows kept", "quarantined", "features", title=f"{settings.service} months")
    lake = Lake(settings.lake)
    for month, outcome in outcomes.items():
        held = [lake.current(stage, settings.service, Month.parse(month)) for stage in ("raw", "clean", "quarantine")]
        features = lake.current("features", settings.service, Month.parse(month))
        digest = features.sha256[:12] if features else "-"
        table.add_row(month, outcome, *(f"{m.rows:,}" if m else "-" for m in held), digest)
    return table


def _leaderboard(settings: Settings, target: str, month: str) -> Table:
    engine = get_engine(settings)
    init_db(engine)
    query = select(RUNS.c.family, func.coalesce(RUNS.c.loss_tune, RUNS.c.mae_tune), RUNS.c.fit_seconds).where(
        RUNS.c.service == settings.service, RUNS.c.month == month, RUNS.c.target == target
    )
    loss = loss_of(target).replace("_", " ")
    table = Table("family", f"{loss} on tune days", "fit s", title=f"{target}, trained for {month}")
    with engine.connect() as connection:
        for family, value, fit in sorted(connection.execute(query), key=lambda row: float(row[1])):
            table.add_row(family, f"{value:.3f}", f"{fit:.1f}")
    return table


def _verdict(settings: Settings, target: str, month: str) -> str:
    name = model_name(settings.service, target)
    query = select(PROMOTIONS.c.summary).where(PROMOTIONS.c.model_name == name, PROMOTIONS.c.test_month == month)
    with get_engine(settings).connect() as connection:
        found = connection.execute(query.order_by(PROMOTIONS.c.decided_at.desc())).scalar()
    if found is None:
        return f"{target}: not trained for {month} (it failed, was skipped, or no earlier month is there)"
    summary = json.loads(found)
    losses = summary.get("test_loss") or summary.get("test_mae") or {}  # older decisions know the error alone
    scores = ", ".join(f"{role} {loss:.3f}" for role, loss in losses.items()) or "not kept"
    verdict = f"{summary['action']}: {summary['reason']}; {loss_of(target)} on {month}: {scores}"
    return f"{target}: champion {summary['champion']}; {verdict}"


def ask(settings: Settings, seconds: float) -> dict[str, Any]:
    """One prediction over HTTP; waits until the service has loaded every champion; else the last answer."""
    pickup, dropoff = EXAMPLE[settings.service]
    trip = {"service": settings.service, "pickup_zone": pickup, "dropoff_zone": dropoff,
            "pickup_datetime": f"{settings.months[-1]}-14T18:30:00", "passenger_count": 1}  # fmt: skip
    keys = platform_keys(settings)
    answer: dict[str, Any] = {"error": "the API did not answer"}
    deadline = time.monotonic() + seconds
    while True:
        try:
            url = f"http://{settings.bind}:{settings.api_port}/predict"
            response = httpx.post(url, json=trip, headers={"X-API-Key": keys[0]} if keys else {}, timeout=10)
            answer = response.json()
            if response.status_code == httpx.codes.OK and all(answer[t] for t in targets_of(settings.service)):
                return answer
        except httpx.HTTPError as fault:
            answer = {"error": str(fault)}
        if time.monotonic() > deadline:
            return answer
        time.sleep(2)
