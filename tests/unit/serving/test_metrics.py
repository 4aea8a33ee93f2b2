"""Figures are those of one application, and their number does not grow with what clients send."""

from __future__ import annotations

import re

from fastapi.testclient import TestClient

from include.config import Settings
from include.serving.api import create_app
from include.serving.guard.access_log import Finished
from include.serving.log.rows import Told
from include.serving.metrics import Metrics
from tests.answers import answered


def value(text: str, series: str) -> float:
    """The value of one series in Prometheus' text format."""
    found = re.search(rf"^{re.escape(series)} (\S+)$", text, re.MULTILINE)
    assert found, f"{series} is not in\n{text}"
    return float(found[1])


def test_requests_are_counted_by_template_and_status(settings: Settings) -> None:
    with TestClient(create_app(settings)) as client:
        for number in range(3):
            client.get(f"/made-up/{number}")
        client.get("/model-cards/made-up/champion")
        client.post("/predict", json={"service": "green", "pickup_zone": 74, "dropoff_zone": 75})
        text = client.get("/prometheus").text
    assert value(text, 'taxi_requests_total{method="GET",route="unmatched",status="404"}') == 3
    assert value(text, 'taxi_requests_total{method="GET",route="/model-cards/{name}/{version}",status="422"}') == 1
    assert value(text, 'taxi_requests_total{method="POST",route="/predict",status="404"}') == 1
    assert value(text, 'taxi_request_seconds_count{route="/predict"}') == 1
    assert "made-up" not in text


def test_predictions_are_counted_by_target_and_whether_something_stood_in() -> None:
    metrics = Metrics()
    metrics.told(Told(0.0, 0.0, "", [answered(1), answered(2), answered(3, degraded=True, high_tip=None)]))
    text = metrics.text().decode()
    assert value(text, 'taxi_predictions_total{degraded="false",service="yellow",target="duration_min"}') == 2
    assert value(text, 'taxi_predictions_total{degraded="true",service="yellow",target="duration_min"}') == 1
    assert value(text, 'taxi_predictions_total{degraded="false",service="yellow",target="high_tip"}') == 2
    assert 'target="fare_usd"' not in text


def test_two_applications_do_not_mix() -> None:
    first, second = Metrics(), Metrics()
    first.finished(Finished(0.0, "r", "GET", "/health", 200, 0.1, ""))
    assert "/health" in first.text().decode()
    assert "/health" not in second.text().decode()


def test_drops_of_the_log_are_shown(settings: Settings) -> None:
    app = create_app(settings)
    app.state.serving.recorder.state.dropped_spool = 7
    with TestClient(app) as client:
        text = client.get("/prometheus").text
        health = client.get("/health").json()
    assert value(text, 'taxi_log_dropped_rows_total{reason="spool"}') == 7
    assert health["dependencies"]["prediction_log"]["status"] == "degraded"
    assert "7 answers are in no log" in health["dependencies"]["prediction_log"]["detail"]
