"""What a repeated or interrupted backfill does, against a scripted Airflow."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from include.config import Settings
from include.errors import TaxiError
from include.trips.month import Month, parse_months
from scripts.platform_backfill import backfill, found, months_to_do, resume

DONE = {"2018-01": "success", "2018-02": "success", "2018-03": "success", "2018-04": "success"}
MONTHS = parse_months("2018-01:2018-04")


def test_what_is_not_done_is_done_and_then_the_newest_month_trains() -> None:
    assert months_to_do(MONTHS, DONE | {"2018-02": "failed"}) == (Month(2018, 2), Month(2018, 4))
    assert months_to_do(MONTHS, {"2018-01": "success"}) == parse_months("2018-02:2018-04")
    assert months_to_do(MONTHS, DONE | {"2018-04": "failed"}) == (Month(2018, 4),)


def test_when_all_is_done_all_is_looked_at_again() -> None:
    assert months_to_do(MONTHS, DONE) == MONTHS
    assert found(MONTHS, DONE) == "4 done; all are looked at again"


def test_what_was_found_is_told() -> None:
    states = {"2018-01": "success", "2018-02": "failed", "2018-03": "running"}
    assert found(MONTHS, states) == "1 done, 1 failed, 1 under way, 1 without a run"


class Airflow:
    """Answers as Airflow does: a submitted backfill's runs end well the next time they are asked for."""

    def __init__(self, states: dict[str, str], backfills: list[dict[str, Any]]) -> None:
        self.runs = [
            {"partition_key": m, "state": s, "dag_run_id": m, "run_type": "backfill"} for m, s in states.items()
        ]
        self.backfills, self.submitted, self.put = backfills, list[dict[str, Any]](), list[str]()

    def client(self) -> httpx.Client:
        return httpx.Client(base_url="http://airflow", transport=httpx.MockTransport(self.answer))

    def answer(self, request: httpx.Request) -> httpx.Response:
        if request.method == "PUT":
            self.put.append(request.url.path)
            return httpx.Response(200, json={})
        if request.method == "POST":
            body = json.loads(request.content)
            self.submitted.append(body)
            for month in parse_months(f"{body['from_date'][:7]}:{body['to_date'][:7]}"):
                again = {"partition_key": str(month), "dag_run_id": f"{month} again", "run_type": "backfill"}
                self.runs.insert(0, again | {"state": "success"})
            return httpx.Response(200, json={"id": 7})
        if request.url.path.endswith("/dagRuns"):
            page = httpx.Response(200, json={"dag_runs": self.runs})
            for run in self.runs:  # what is under way has ended by the next look
                run["state"] = "success" if run["state"] in ("running", "queued") else run["state"]
            return page
        return httpx.Response(200, json={"backfills": self.backfills})


@pytest.fixture
def four(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setattr("scripts.platform_airflow.time.sleep", lambda _: None)
    return settings.model_copy(update={"months": MONTHS, "backfill_runs": 5})


def asked(airflow: Airflow) -> list[tuple[str, str]]:
    return [(body["from_date"][:7], body["to_date"][:7]) for body in airflow.submitted]


def test_a_fresh_backfill_is_one_with_several_months_at_once(four: Settings) -> None:
    airflow = Airflow({}, [])
    runs = resume(four, airflow.client())
    assert asked(airflow) == [("2018-01", "2018-04")]
    assert airflow.submitted[0]["max_active_runs"] == 5
    assert airflow.submitted[0]["dag_run_conf"] == {"train": "newest", "newest_month": "2018-04"}
    assert sorted(runs) == [str(month) for month in MONTHS]


def test_a_failed_month_is_done_again_and_the_newest_after_it(four: Settings) -> None:
    airflow = Airflow(DONE | {"2018-02": "failed"}, [])
    runs = resume(four, airflow.client())
    assert asked(airflow) == [("2018-02", "2018-02"), ("2018-04", "2018-04")]
    assert (runs["2018-01"]["dag_run_id"], runs["2018-02"]["dag_run_id"]) == ("2018-01", "2018-02 again")


def test_a_backfill_under_way_is_waited_for_and_not_submitted_again(four: Settings) -> None:
    under_way = {"id": 3, "from_date": "2018-01-01T00:00:00Z", "to_date": "2018-04-28T00:00:00Z",
                 "completed_at": None, "is_paused": True}  # fmt: skip
    airflow = Airflow(DONE | {"2018-03": "running", "2018-04": "queued"}, [under_way])
    runs = resume(four, airflow.client())
    assert asked(airflow) == []
    assert airflow.put == ["/api/v2/backfills/3/unpause"]
    assert {run["state"] for run in runs.values()} == {"success"}


def test_a_backfill_that_airflow_only_keeps_open_is_not_under_way(four: Settings) -> None:
    ended = {"id": 3, "from_date": "2018-01-01T00:00:00Z", "to_date": "2018-04-28T00:00:00Z", "completed_at": None,
             "is_paused": False}  # fmt: skip
    airflow = Airflow(DONE, [ended])
    resume(four, airflow.client())
    assert asked(airflow) == [("2018-01", "2018-04")]


def test_a_month_that_the_schedule_is_at_work_on_is_refused_by_name(four: Settings) -> None:
    airflow = Airflow(DONE, [])
    airflow.runs[1] |= {"state": "running", "run_type": "scheduled", "dag_run_id": "scheduled__2018-02"}
    with pytest.raises(TaxiError, match=r"2018-02 is under way in the scheduled run scheduled__2018-02"):
        backfill(four, airflow.client(), MONTHS)
    assert asked(airflow) == []
