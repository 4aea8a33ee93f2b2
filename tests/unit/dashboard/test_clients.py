"""What pages ask other services, and what is said when they are away or refuse."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from include.dashboard import mlflow, prometheus
from include.dashboard.airflow import Airflow
from include.dashboard.api import Api, as_curl
from include.dashboard.faults import AwayError, NothingYetError, RefusedError
from include.dashboard.pages.operations import rates_between

Answer = Callable[[httpx.Request], httpx.Response]


def away(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("refused", request=request)


def api(answer: Answer, key: str = "") -> Api:
    return Api("http://api.test", key, httpx.MockTransport(answer))


def problem(status: int, detail: str) -> Answer:
    return lambda _: httpx.Response(status, json={"detail": detail})


def test_the_key_goes_with_every_request_and_into_no_command() -> None:
    seen: list[str | None] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers.get("x-api-key"))
        return httpx.Response(200, json={"predictions": [{"fare_usd": None}]})

    assert api(answer, "s3cret").predict_batch([{"pickup_zone": 4}]) == [{"fare_usd": None}]
    api(answer).post("/predict", {})
    assert seen == ["s3cret", None]
    told = as_curl("http://api.test", {"service": "yellow"}, with_key=True)
    assert "$TAXI_API_KEY" in told
    assert '-d \'{"service": "yellow"}\'' in told


@pytest.mark.parametrize("key", ["schl\u00fcssel", "two\nlines", "\u20ac"])
def test_a_key_that_cannot_be_sent_is_refused_before(key: str) -> None:
    with pytest.raises(RefusedError, match="type or paste it again"):
        api(away, key).get("/health")


@pytest.mark.parametrize(
    ("answer", "fault", "said"),
    [(away, AwayError, "http://api.test does not answer"),
     (problem(503, "the warehouse is away"), AwayError, "503.*the warehouse is away"),
     (problem(401, "API key missing."), RefusedError, "API key missing. Type a key"),
     (problem(404, "service 'green' has no champion"), NothingYetError, "no champion.*make run"),
     (problem(422, "pickup_zone=0"), RefusedError, "pickup_zone=0"),
     (lambda _: httpx.Response(500, text="<html>"), AwayError, "500"),
     (lambda _: httpx.Response(200, text="<html>"), AwayError, "is not the API")],
)  # fmt: skip
def test_every_refusal_says_what_to_do(answer: Answer, fault: type[Exception], said: str) -> None:
    with pytest.raises(fault, match=said):
        api(answer).predict({})


def airflow(answer: Answer) -> Airflow:
    return Airflow("http://airflow.test", "admin", "admin", httpx.MockTransport(answer))


def runs_and_tasks(request: httpx.Request) -> httpx.Response:
    if request.url.path == "/auth/token":
        return httpx.Response(201, json={"access_token": "t"})
    assert request.headers["authorization"] == "Bearer t"
    if request.url.path.endswith("/dagRuns"):
        run = {"dag_run_id": "r1", "partition_key": "2019-06", "state": "success", "run_type": "backfill",
               "start_date": "2026-01-01T00:00:00Z", "end_date": "2026-01-01T00:03:00Z"}  # fmt: skip
        return httpx.Response(200, json={"dag_runs": [run]})
    task = {"state": "success", "map_index": -1, "end_date": "2026-01-01T00:02:00Z"}
    fit = {"task_id": "train.fit", "start_date": "2026-01-01T00:01:00Z", "map_index": 0, "rendered_map_index": "ridge"}
    return httpx.Response(200, json={"task_instances": [
        task | fit, task | {"task_id": "ingest.land", "start_date": "2026-01-01T00:00:00Z"},
        task | {"task_id": "register.best", "start_date": None},
    ]})  # fmt: skip


def test_runs_and_their_phases_come_from_airflow() -> None:
    (run,) = airflow(runs_and_tasks).runs("yellow")
    assert (run["month"], run["minutes"], run["kind"]) == ("2019-06", 3.0, "backfill")
    tasks = airflow(runs_and_tasks).tasks("yellow", "r1")
    assert [(t["task"], t["phase"], t["begin"], t["minutes"]) for t in tasks] == [
        ("land", "ingest", 0.0, 2.0), ("fit ridge", "train", 1.0, 1.0)]  # fmt: skip


def test_airflow_away_and_a_wrong_login_are_told_apart() -> None:
    with pytest.raises(AwayError, match="does not answer"):
        airflow(away).runs("yellow")
    with pytest.raises(RefusedError, match="refuses the login"):
        airflow(lambda _: httpx.Response(401)).runs("yellow")


def test_a_run_links_into_its_experiment() -> None:
    known = httpx.MockTransport(lambda _: httpx.Response(200, json={"run": {"info": {"experiment_id": "7"}}}))
    unknown = httpx.MockTransport(lambda _: httpx.Response(404))
    assert mlflow.run_path("http://m", "abc", known) == "/#/experiments/7/runs/abc"
    assert mlflow.run_path("http://m", "abc", unknown) == "/#/experiments"
    assert mlflow.model_path("nyc_taxi_yellow_fare_usd", 3) == "/#/models/nyc_taxi_yellow_fare_usd/versions/3"
    named = httpx.MockTransport(lambda _: httpx.Response(200, json={"experiment": {"experiment_id": "7"}}))
    assert mlflow.experiment_of("http://m", "nyc_taxi_yellow_fare_usd", named) == "7"
    assert mlflow.experiment_of("http://m", "nyc_taxi_yellow_fare_usd", unknown) is None
    assert [mlflow.path_of(found, "abc") for found in ("7", None)] == [
        "/#/experiments/7/runs/abc", "/#/experiments"]  # fmt: skip
    with pytest.raises(AwayError, match="names a store"):
        mlflow.run_path("", "abc")
    with pytest.raises(AwayError, match="there are no links"):
        mlflow.run_path("http://m", "abc", httpx.MockTransport(away))


FIGURES = """# TYPE taxi_requests counter
taxi_requests_total{route="/predict",method="POST",status="200"} 90
taxi_requests_total{route="/predict",method="POST",status="500"} 1
taxi_requests_total{route="/predict",method="POST",status="422"} 9
taxi_requests_total{route="/health",method="GET",status="200"} 1000
# TYPE taxi_request_seconds histogram
taxi_request_seconds_bucket{route="/predict",le="0.001"} 50
taxi_request_seconds_bucket{route="/predict",le="0.002"} 100
taxi_request_seconds_bucket{route="/predict",le="+Inf"} 100
# TYPE taxi_predictions counter
taxi_predictions_total{service="yellow",target="fare_usd",degraded="true"} 1
taxi_predictions_total{service="yellow",target="fare_usd",degraded="false"} 3
"""


def test_the_apis_figures_are_of_its_users() -> None:
    samples = prometheus.samples_of(FIGURES)
    assert prometheus.requests_of(samples) == {"all": 100, "failed": 1, "refused": 9}
    assert prometheus.predictions_of(samples) == {"all": 4, "degraded": 1}
    (route,) = prometheus.latencies_of(samples)
    assert route["requests"] == 100
    assert (route["p50"], route["p95"]) == (pytest.approx(1.0), pytest.approx(1.9))


def test_beyond_the_last_bound_is_that_bound() -> None:
    assert prometheus.quantile([(1.0, 1), (float("inf"), 10)], 0.95) == 1.0


def test_a_rate_is_between_two_looks_and_a_restart_is_none() -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    seen = [(start + timedelta(seconds=10 * place), count) for place, count in enumerate((100.0, 120.0, 5.0))]
    assert [row["rate"] for row in rates_between(seen)] == [2.0, 0.0]


def test_api_answers_are_what_was_sent() -> None:
    def echo(request: httpx.Request) -> httpx.Response:
        told: dict[str, Any] = {"path": request.url.path}
        return httpx.Response(200, json=told)

    assert api(echo).get("/health") == {"path": "/health"}
