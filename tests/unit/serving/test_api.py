"""The endpoints over champions of the sample: what they answer, and how they refuse."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from include.config import Settings
from include.serving.api import create_app
from include.serving.schemas import PredictionResponse
from include.serving.web.csv_trips import ANSWER_COLUMNS
from tests.champions import DURATION, TRIP

HEAVY = {"airflow", "pandas", "torch", "xgboost", "lightgbm", "sklearn", "mlflow", "pyarrow", "sqlalchemy", "shapely",
         "great_expectations", "alembic", "matplotlib"}  # fmt: skip
MIDTOWN = {"dropoff_latitude": 40.7577, "dropoff_longitude": -73.9857}


@pytest.fixture(scope="module")
def client(champions: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(champions), raise_server_exceptions=False) as made:
        yield made


def test_health_endpoint(client: TestClient) -> None:
    found = client.get("/health").json()
    assert (found["status"], found["live"], found["ready"]) == ("ok", True, True)
    assert found["models"][DURATION] == f"{DURATION}/1"
    assert {"champions", "cache", "warehouse", "prediction_log"} <= set(found["dependencies"])
    assert client.get("/health/live").status_code == client.get("/health/ready").status_code == 200


def test_a_service_without_champions_lives_and_is_not_ready(settings: Settings) -> None:
    with TestClient(create_app(settings)) as empty:
        assert empty.get("/health").json()["status"] == "no_champion"
        assert empty.get("/health/live").status_code == 200
        assert empty.get("/health/ready").status_code == 503


def test_predict_endpoint(client: TestClient) -> None:
    answer = client.post("/predict", json=TRIP, headers={"x-request-id": "mine-1"})
    body = answer.json()
    PredictionResponse.model_validate(body)
    for target in ("duration_min", "fare_usd"):
        assert body[target]["p10"] <= body[target]["value"] <= body[target]["p90"]
        assert body[target]["model"] == f"nyc_taxi_yellow_{target}/1"
    assert 0 < body["high_tip"]["probability"] < 1
    certain = sum(item["usd"] for item in body["surcharges"] if item["certain"])
    assert body["total_usd"]["value"] == pytest.approx(body["fare_usd"]["value"] + certain)
    assert body["degraded"] is False
    assert body["request_id"] == answer.headers["x-request-id"] == "mine-1"


def test_coordinates_are_quoted_as_their_zone(client: TestClient) -> None:
    placed = {key: value for key, value in TRIP.items() if key != "dropoff_zone"} | MIDTOWN
    answer = client.post("/predict", json=placed).json()
    assert answer["trip"]["dropoff_zone"] == 230
    assert answer["duration_min"] == client.post("/predict", json=TRIP).json()["duration_min"]


def test_a_place_outside_the_city_is_refused_by_name(client: TestClient) -> None:
    placed = {"service": "yellow", "pickup_latitude": 41.2, "pickup_longitude": -74.5, "dropoff_zone": 230}
    answer = client.post("/predict", json=placed)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "pickup_latitude"
    assert "pickup_zone 265" in answer.json()["detail"]


def test_model_info_endpoint(client: TestClient) -> None:
    found = client.get("/model-info").json()
    assert [model["name"] for model in found] == [
        f"nyc_taxi_yellow_{t}" for t in ("duration_min", "fare_usd", "high_tip")
    ]
    assert {model["trained_to"] for model in found} == {"2019-02"}


def test_metrics_endpoint(client: TestClient) -> None:
    assert client.get("/metrics").json() == {"prospective": [], "contests": []}
    assert client.get("/metrics?service=purple").status_code == 422
    assert client.get("/experiments").json() == {"total": 0, "offset": 0, "experiments": []}
    assert client.get("/data-quality?service=yellow&month=2019-01").status_code == 404


def test_invalid_input_handling(client: TestClient) -> None:
    answer = client.post("/predict", json=TRIP | {"pickup_zone": 999})
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert answer.json()["errors"][0] == {
        "field": "pickup_zone", "value": "999", "expected": "Input should be less than or equal to 265"
    }  # fmt: skip
    missing = client.post("/predict", json={"service": "yellow", "pickup_zone": 132})
    assert "dropoff_zone is expected, or dropoff_latitude" in missing.json()["detail"]


@pytest.mark.parametrize(
    ("method", "path", "options", "status"),
    [
        ("GET", "/nowhere", {}, 404),
        ("GET", "/predict", {}, 405),
        ("POST", "/predict", {"content": b"a=b", "headers": {"content-type": "text/plain"}}, 415),
        ("POST", "/predict", {"json": TRIP | {"service": "green"}}, 404),
        ("POST", "/predict", {"json": TRIP | {"service": "limousine"}}, 422),
        ("POST", "/predict/batch", {"json": {"trips": [TRIP]}, "headers": {"accept": "image/png"}}, 406),
        ("POST", "/predict/batch", {"json": {"trips": []}}, 422),
        ("POST", "/predict/batch", {"content": b"", "headers": {"content-type": "text/csv"}}, 422),
    ],
)
def test_error_responses(client: TestClient, method: str, path: str, options: dict[str, Any], status: int) -> None:
    answer = client.request(method, path, **options)
    problem = answer.json()
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert problem["status"] == status
    assert problem["request_id"] == answer.headers["x-request-id"]
    assert problem["detail"]


def test_a_csv_of_trips_is_answered_as_csv_or_json(client: TestClient) -> None:
    sent = "service,pickup_zone,dropoff_zone,pickup_datetime\r\nyellow,132,230,2019-06-14T18:30:00\r\nyellow,999,1,\r\n"
    headers = {"content-type": "text/csv", "accept": "text/csv"}
    answer = client.post("/predict/batch", content=sent.encode(), headers=headers)
    good, bad = csv.DictReader(io.StringIO(answer.text))
    single = client.post("/predict", json=TRIP).json()
    assert tuple(good) == ANSWER_COLUMNS
    assert float(good["duration_min"]) == single["duration_min"]["value"]
    assert float(good["total_usd"]) == single["total_usd"]["value"]
    assert (good["error"], bad["duration_min"]) == ("", "")
    assert bad["error"].startswith("pickup_zone=999")
    as_json = client.post("/predict/batch", content=sent.encode(), headers={"content-type": "text/csv"}).json()
    assert as_json["predictions"][0]["fare_usd"] == single["fare_usd"]


@pytest.mark.parametrize("cell", ["--5", "-", "5-", "²", "1234567890", "1e1"])
def test_a_cell_that_is_no_number_is_a_fault_of_its_row_alone(client: TestClient, cell: str) -> None:
    sent = f"service,pickup_zone,dropoff_zone\nyellow,{cell},230\nyellow,132,230\n"
    answer = client.post("/predict/batch", content=sent.encode(), headers={"content-type": "text/csv"})
    bad, good = answer.json()["predictions"]
    assert bad["error"][0]["field"] == "pickup_zone"
    assert good["fare_usd"]


def test_one_trip_and_many_are_answered_alike(client: TestClient) -> None:
    rows = [
        TRIP | {"dropoff_zone": zone, "pickup_datetime": f"2019-06-14T{zone % 24:02}:30:00"} for zone in range(1, 264)
    ]
    many = client.post("/predict/batch", json={"trips": rows}).json()["predictions"]
    for row, answer in list(zip(rows, many, strict=True))[::9]:
        one = client.post("/predict", json=row).json()
        assert {**one, "request_id": ""} == {**answer, "request_id": ""}


def test_a_champion_that_is_lost_leaves_a_degraded_answer(lake: Settings) -> None:
    shutil.rmtree(lake.home / "lake" / "bundles" / DURATION / "v1")
    with TestClient(create_app(lake)) as client:
        answer, health = client.post("/predict", json=TRIP).json(), client.get("/health").json()
    assert answer["degraded"] is True
    assert answer["duration_min"]["model"] == f"{DURATION}/fallback"
    assert (health["status"], health["ready"]) == ("degraded", True)
    assert "v1" in health["problems"][0]


def test_the_openapi_document_describes_bodies_answers_and_refusals(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    predict = document["paths"]["/predict"]["post"]
    assert predict["requestBody"]["content"]["application/json"]["schema"]["$ref"].endswith("/PredictionRequest")
    assert {"200", "401", "404", "408", "413", "415", "422", "429"} <= set(predict["responses"])
    assert set(document["paths"]["/predict/batch"]["post"]["requestBody"]["content"]) == {
        "application/json",
        "text/csv",
    }
    named = set(document["components"]["schemas"])
    assert {
        "PredictionRequest",
        "PredictionResponse",
        "ModelInfo",
        "HealthResponse",
        "MetricsResponse",
        "Problem",
    } <= named


def test_a_prediction_needs_no_heavy_library(champions: Settings) -> None:
    code = (
        "import sys\nfrom datetime import datetime\nfrom include.config import load_settings\n"
        "from include.serving.api import create_app\nfrom include.serving.quotes.quote import quote\n"
        "from include.serving.quotes.trips import Trip\n"
        f"app = create_app(load_settings({{'home': {str(champions.home)!r}}}))\n"
        "loader = app.state.serving.loader\nloader.refresh()\n"
        "quote(loader, [('', Trip('yellow', 132, 230, datetime(2019, 6, 14)))])\n"
        f"print({HEAVY!r} & set(sys.modules))"
    )
    outcome = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert outcome.stdout.splitlines()[-1] == "set()", outcome.stderr
