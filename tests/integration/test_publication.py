"""The first task of a run against a web server that publishes like TLC's: what it answers, and what it waits for."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from include.config import Settings, load_settings
from include.ingestion.ingest_data import land_month
from tests.servers.http import Fault, TripServer

pytestmark = pytest.mark.integration
MONTH, WITNESS = "2019-03", "yellow_tripdata_2019-01.parquet"
AT_ONCE = datetime(2019, 1, 1, tzinfo=UTC).isoformat()


@pytest.fixture(scope="module")
def waiting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The module under test; Airflow reads its home when it is first imported."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AIRFLOW_HOME", os.environ.get("AIRFLOW_HOME") or str(tmp_path_factory.mktemp("airflow")))
        from taxi_airflow import publication

        yield publication


@pytest.fixture
def tlc(trip_server: TripServer, settings: Settings, waiting: Any, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """TAXI_SOURCE=tlc at the server, which has one old file; the month is not late, and looks follow fast."""
    trip_server.publish(f"trip-data/{WITNESS}", b"PAR1")
    chosen = {"home": settings.home, "source": "tlc", "tlc_base_url": f"{trip_server.url}/trip-data",
              "download_attempts": 1, "look_every_s": 0.02, "late_days": 365, "give_up_days": 730}  # fmt: skip
    return use(load_settings(chosen), waiting, monkeypatch, day=40)


def use(settings: Settings, waiting: Any, monkeypatch: pytest.MonkeyPatch, day: int) -> Settings:
    """The settings that operator and trigger read, and a clock that says so many days after the month's end."""
    now = datetime(2019, 4, 1, 12, tzinfo=UTC) + timedelta(days=day)

    def look(service: str, month: str, chosen: Settings) -> Any:
        from include.ingestion.publication import look as asked

        return asked(service, month, chosen, now)

    monkeypatch.setattr(waiting, "get_settings", lambda: settings)
    monkeypatch.setattr(waiting, "look", look)
    monkeypatch.setattr(waiting, "unseen", partial(waiting.unseen, now=now))
    return settings


class Store(dict[str, Any]):
    """The state of a task that Airflow keeps over its tries."""

    def set(self, key: str, value: Any, retention: Any = None) -> None:
        self[key] = value


def context(run_type: str) -> dict[str, Any]:
    return {"dag_run": SimpleNamespace(run_type=run_type), "task_state_store": Store()}


def task(waiting: Any) -> Any:
    return waiting.AwaitPublication(task_id="await_publication", service="green", month=MONTH)


def fire(trigger: Any, meanwhile: Any = None) -> dict[str, Any]:
    """The trigger's event; `meanwhile` runs in its event loop, which a look must not hold up."""

    async def first() -> dict[str, Any]:
        side = asyncio.create_task(meanwhile()) if meanwhile else None
        async for event in trigger.run():
            if side:
                await side
            return dict(event.payload)
        raise AssertionError("the trigger ended without an event")

    return asyncio.run(asyncio.wait_for(first(), 30))


def anew(trigger: Any) -> Any:
    """The trigger as another triggerer makes it."""
    _, kwargs = trigger.serialize()
    return type(trigger)(**kwargs)


def deferred(waiting: Any, given: dict[str, Any], **event: Any) -> Any:
    """The trigger that the task hands over to, at its start or after an event."""
    from airflow.sdk.exceptions import TaskDeferred

    with pytest.raises(TaskDeferred) as raised:
        task(waiting).looked(given, event) if event else task(waiting).execute(given)
    assert raised.value.method_name == "looked"
    return raised.value.trigger


def publish(server: TripServer, body: bytes = b"PAR1 a month") -> None:
    server.publish(f"trip-data/green_tripdata_{MONTH}.parquet", body)


def test_a_month_that_is_there_needs_no_trigger(waiting: Any, tlc: Settings, trip_server: TripServer) -> None:
    publish(trip_server)
    for run_type in ("scheduled", "manual", "backfill"):
        assert task(waiting).execute(context(run_type))["state"] == "published"


def test_who_asks_for_an_absent_month_is_answered_at_once(waiting: Any, tlc: Settings, trip_server: TripServer) -> None:
    from airflow.sdk.exceptions import AirflowFailException

    with pytest.raises(AirflowFailException, match=r"green 2019-03 is not published: it is day 40 .*HTTP 403, while"):
        task(waiting).execute(context("manual"))
    trip_server.throttled = 429
    with pytest.raises(Exception, match="answered HTTP 429") as raised:
        task(waiting).execute(context("backfill"))
    assert not isinstance(raised.value, AirflowFailException)  # tried again


def test_who_asks_for_a_damaged_month_is_answered_at_once(
    waiting: Any, tlc: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from airflow.sdk.exceptions import AirflowFailException

    (tmp_path / f"green_tripdata_{MONTH}.parquet").write_bytes(b"PAR1 the first half of a month")
    use(tlc.model_copy(update={"source": str(tmp_path)}), waiting, monkeypatch, day=40)
    with pytest.raises(AirflowFailException, match=rf"green_tripdata_{MONTH}.parquet .*not a whole Parquet file"):
        task(waiting).execute(context("backfill"))
    assert deferred(waiting, context("scheduled"))


def test_a_scheduled_run_waits_until_the_month_is_published(
    waiting: Any, tlc: Settings, trip_server: TripServer
) -> None:
    given = context("scheduled")
    trigger = anew(deferred(waiting, given))

    async def publication() -> None:
        while len(trip_server.seen) < 8:  # a month's and a witness's request a look
            await asyncio.sleep(0.01)
        publish(trip_server)

    event = fire(trigger, meanwhile=publication)
    assert event["state"] == "published"
    assert task(waiting).looked(given, event)["day"] == 40
    assert {seen.status for seen in trip_server.seen} == {200, 403}


@pytest.mark.parametrize("status", [429, 503])
def test_a_throttled_source_is_waited_for_and_its_own_wait_is_kept(
    status: int, waiting: Any, tlc: Settings, trip_server: TripServer
) -> None:
    publish(trip_server)
    trip_server.refuses_head = True
    trip_server.faults.append(Fault(status=status, retry_after="3600"))
    trigger = deferred(waiting, context("scheduled"))
    first = datetime.fromisoformat(trigger.first_look) - datetime.now(UTC)
    assert timedelta(minutes=59) < first < timedelta(minutes=67)
    trigger.first_look = AT_ONCE  # the hour has passed
    assert fire(anew(trigger))["state"] == "published"


def test_a_block_is_not_an_absence(waiting: Any, tlc: Settings, trip_server: TripServer) -> None:
    trip_server.throttled = 403
    trigger = deferred(waiting, context("scheduled"))

    async def relents() -> None:
        while len(trip_server.seen) < 8:
            await asyncio.sleep(0.01)
        trip_server.throttled = 0
        publish(trip_server)

    trigger.first_look = AT_ONCE
    assert fire(anew(trigger), meanwhile=relents)["state"] == "published"


def test_a_month_published_again_is_told_with_what_differs(
    waiting: Any, tlc: Settings, trip_server: TripServer
) -> None:
    from tests.integration.ingestion.test_land_http import published

    publish(trip_server, published(1))
    land_month("green", MONTH, tlc)
    publish(trip_server, published(2))
    found = task(waiting).execute(context("backfill"))
    assert found["state"] == "republished"
    assert "etag" in found["message"]


def test_a_late_month_is_told_once_and_then_given_up(
    waiting: Any, tlc: Settings, trip_server: TripServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from airflow.sdk.exceptions import AirflowFailException

    told: list[str] = []
    monkeypatch.setattr(waiting, "tell", lambda subject, text: told.append(f"{subject}: {text}"))
    given, strict = context("scheduled"), tlc.model_copy(update={"late_days": 78, "give_up_days": 120})
    use(strict, waiting, monkeypatch, day=77)
    trigger = deferred(waiting, given)
    use(strict, waiting, monkeypatch, day=78)
    event = fire(anew(trigger))
    assert event["state"] == "late"
    assert told == []  # a triggerer may start anew: the task tells
    trigger = deferred(waiting, given, **event)
    assert [text.partition(":")[0] for text in told] == ["green 2019-03 is late"]
    deferred(waiting, given)  # another try of the same task
    assert len(told) == 1
    use(strict, waiting, monkeypatch, day=120)
    with pytest.raises(AirflowFailException, match=r"has not come 120 days .* trigger the month again"):
        task(waiting).looked(given, fire(anew(trigger)))


def test_a_look_holds_up_no_other_trigger(waiting: Any, tlc: Settings, trip_server: TripServer) -> None:
    trigger = waiting.MonthTrigger("green", MONTH, AT_ONCE, False)
    publish(trip_server)
    beats, slow = [], waiting.look

    def slowly(*asked: Any) -> Any:
        import time

        time.sleep(0.3)
        return slow(*asked)

    waiting.look = slowly

    async def heart() -> None:
        for _ in range(5):
            beats.append(len(trip_server.seen))
            await asyncio.sleep(0.01)

    fire(trigger, meanwhile=heart)
    assert beats == [0] * 5  # all before the look came to its request


def test_a_look_that_fails_does_not_end_the_wait(
    waiting: Any, tlc: Settings, trip_server: TripServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(trip_server)
    seen, asked = [], waiting.look

    def away_once(*args: Any) -> Any:
        seen.append(args)
        if len(seen) == 1:
            raise OSError("the lake does not answer")
        return asked(*args)

    monkeypatch.setattr(waiting, "look", away_once)
    assert fire(waiting.MonthTrigger("green", MONTH, AT_ONCE, False))["state"] == "published"
    assert len(seen) == 2
