"""`POST /ask` as clients meet it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import BoundedSemaphore, Event

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import insert

from include.llm.ask.answering import Answer, unknown
from include.serving.api import create_app
from include.serving.log.recording import NoRecorder
from include.warehouse.engine import engine_for
from include.warehouse.metadata import INGESTION, TOTALS
from include.warehouse.schema import init_db
from tests.homes import settings_of

MONTH = {"service": "yellow", "month": "2019-03"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    settings = settings_of(tmp_path_factory.mktemp("ask") / "home", api_keys="a-key-of-some-length")
    engine = engine_for(settings.warehouse)
    init_db(engine)
    with engine.begin() as connection:
        connection.execute(insert(INGESTION), [MONTH | {"rows_read": 12, "status": "ingested"}])
        totals = {"grain": "month", "pickup_zone": 0, "dropoff_zone": 0, "hour_of_week": -1, "trips": 10}
        connection.execute(insert(TOTALS), [MONTH | totals])
    with TestClient(create_app(settings, NoRecorder()), headers={"x-api-key": "a-key-of-some-length"}) as made:
        yield made
    engine.dispose()


def test_a_figure_comes_with_its_facts_and_source(client: TestClient) -> None:
    answer = client.post("/ask", json={"question": "How many yellow trips were kept in March 2019?"})
    assert answer.status_code == 200
    told = answer.json()
    assert told["facts"][0] | {"value": 10, "unit": "trips", "shown": "10 trips"} == told["facts"][0]
    assert told["citations"][0]["source"] == "trip_totals"
    assert (told["kind"], told["abstained"], told["written_by"]) == ("number", False, "rules")
    assert told["request_id"] == answer.headers["x-request-id"]


def test_not_knowing_is_an_answer(client: TestClient) -> None:
    told = client.post("/ask", json={"question": "How many yellow trips were kept in May 2031?"})
    assert told.status_code == 200
    assert told.json()["abstained"] is True


def test_a_page_is_cited_by_its_heading(client: TestClient) -> None:
    told = client.post("/ask", json={"question": "How do I roll back a champion?"}).json()
    assert {"source": "README.md", "heading": "Champions"} in [
        {"source": cited["source"], "heading": cited["where"].get("heading")} for cited in told["citations"]
    ]


@pytest.mark.parametrize(
    "body", [{}, {"question": ""}, {"question": "x" * 501}, {"question": "x", "service": "bus"}, {"question": 1}]
)
def test_what_is_no_question_is_refused(client: TestClient, body: dict[str, object]) -> None:
    answer = client.post("/ask", json=body)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_body_that_is_no_json_is_called_so(client: TestClient) -> None:
    answer = client.post("/ask", content=b"x=1", headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["detail"]) == (422, "body='x=1': JSON is expected: Expecting value")


def test_bytes_that_are_no_text_are_refused_as_documented(client: TestClient) -> None:
    answer = client.post("/ask", content=b"s=\xff", headers={"content-type": "application/json"})
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
    assert "400" in client.get("/openapi.json").json()["paths"]["/ask"]["post"]["responses"]


def test_a_key_is_needed(client: TestClient) -> None:
    assert client.post("/ask", json={"question": "x"}, headers={"x-api-key": "wrong"}).status_code == 401


def test_questions_leave_threads_to_the_others(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("include.serving.routers.ask._turns", BoundedSemaphore(1))
    asked, going_on = Event(), Event()

    class Slow:
        def query(self, *_: object) -> Answer:
            asked.set()
            assert going_on.wait(30)
            return unknown("Nobody knows.")

    monkeypatch.setattr(client.app.state.serving, "_assistant", Slow())  # type: ignore[attr-defined]
    with ThreadPoolExecutor(1) as other:
        first = other.submit(client.post, "/ask", json={"question": "who?"})
        assert asked.wait(30)
        refused = client.post("/ask", json={"question": "who?"})
        going_on.set()
        assert first.result().status_code == 200
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "2")
    assert client.post("/ask", json={"question": "who?"}).status_code == 200


def test_without_a_warehouse_figures_wait_and_pages_answer(tmp_path: Path) -> None:
    away = "mysql+pymysql://taxi:taxi@127.0.0.1:25001/taxi"
    settings = settings_of(tmp_path / "home", warehouse_url=away, prediction_log=False)
    with TestClient(create_app(settings, NoRecorder())) as client:
        page = client.post("/ask", json={"question": "How do I roll back a champion?"})
        assert (page.status_code, page.json()["kind"]) == (200, "howto")
        figure = client.post("/ask", json={"question": "How many yellow trips were kept in March 2019?"})
        assert figure.status_code == 503
        assert figure.headers["content-type"] == "application/problem+json"
