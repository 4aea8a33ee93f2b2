"""People are told what failed and what to do, by whatever channel there is, and no channel breaks anything."""

from __future__ import annotations

import asyncio
import json
import logging
import socketserver
import threading
from collections.abc import Iterator
from email import message_from_string
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.sdk.exceptions import AirflowFailException
from taxi_airflow.alerts import failure_text, overdue, run_failed, task_failed, tell

from include.errors import BadDataError, SourceUnavailableError

pytestmark = pytest.mark.integration
BRACES = BadDataError("green 2023-01: 'fare' holds {{ 7 }} <b>text</b>. Ask TLC for the file again.")


@pytest.fixture
def slack() -> Iterator[tuple[int, list[dict[str, Any]]]]:
    """Port of a server that stands in for Slack's, and the messages it took."""
    took: list[dict[str, Any]] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            took.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, *_: Any) -> None:
            """Keeps the test's output quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Hook) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port, took
        server.shutdown()


@pytest.fixture
def mail() -> Iterator[tuple[int, list[str]]]:
    """Port of a mail server, and the mails it took."""
    took: list[str] = []

    class Mail(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 here\r\n")
            text: list[str] | None = None
            for line in (raw.decode().rstrip("\r\n") for raw in self.rfile):
                if text is not None and line != ".":
                    text.append(line)
                    continue
                if text is not None:
                    took.append("\n".join(text))
                text = [] if line.upper() == "DATA" else None
                self.wfile.write({"DATA": b"354 go\r\n", "QUIT": b"221 bye\r\n"}.get(line.upper(), b"250 ok\r\n"))

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Mail) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1], took
        server.shutdown()


@pytest.fixture
def channels(slack: Any, mail: Any, monkeypatch: pytest.MonkeyPatch) -> tuple[list[dict[str, Any]], list[str]]:
    """Both channels configured; what each took."""
    smtp = {"conn_type": "smtp", "host": "127.0.0.1", "port": mail[0],
            "extra": {"disable_ssl": True, "disable_tls": True, "from_email": "taxi@example.org"}}  # fmt: skip
    hook = {"conn_type": "slackwebhook", "schema": "http", "host": f"127.0.0.1:{slack[0]}", "password": "T0/B0/x"}
    monkeypatch.setenv("AIRFLOW_CONN_TAXI_SMTP", json.dumps(smtp))
    monkeypatch.setenv("AIRFLOW_CONN_TAXI_SLACK", json.dumps(hook))
    monkeypatch.setenv("AIRFLOW_VAR_TAXI_ALERT_EMAIL", "ana@example.org, ben@example.org")
    return slack[1], mail[1]


def failed(error: BaseException | str | None) -> dict[str, Any]:
    """The context of a task's last failed try."""
    task = SimpleNamespace(
        task_id="validate.clean_month", run_id="manual__1", try_number=4, max_tries=3, log_url="http://log"
    )
    return {"ti": task, "exception": error, "dag_run": SimpleNamespace(partition_key="2023-01"),
            "dag": SimpleNamespace(dag_id="nyc_taxi_green_monthly"), "run_id": "manual__1"}  # fmt: skip


def test_a_failed_task_is_told_with_month_phase_try_reason_and_next_step(channels: Any) -> None:
    task_failed(failed(BRACES))
    ((message,), (letter,)) = channels
    assert message["text"].splitlines() == [
        "*green 2023-01: validate failed*",
        "What: task validate.clean_month of run manual__1, try 4 of 4. Months that were done stay done.",
        "Why: green 2023-01: 'fare' holds {{ 7 }} &lt;b&gt;text&lt;/b&gt;. Ask TLC for the file again.",
        "Next: mend what the sentence names, then clear validate.clean_month of this run in Airflow, with what follows "
        "it.",
        "Log: http://log",
    ]
    read = message_from_string(letter)
    page = next(part for part in read.walk() if part.get_content_type() == "text/html").get_payload(decode=True)
    assert (read["Subject"], read["To"]) == ("green 2023-01: validate failed", "ana@example.org, ben@example.org")
    assert isinstance(page, bytes)
    assert b"{{ 7 }} &lt;b&gt;text" in page


def test_a_failed_fit_is_told_by_its_family(channels: Any) -> None:
    context = failed(KeyError("zone"))
    context["ti"].task_id, context["ti"].rendered_map_index = "train.fit_family", "ridge"
    task_failed(context)
    assert channels[0][0]["text"].splitlines()[1].startswith("What: task train.fit_family [ridge] of run manual__1")


@pytest.mark.parametrize(("error", "why", "next_step"), [
    (SourceUnavailableError("TLC did not answer."), "Why: TLC did not answer.", "when it can be reached again, clear"),
    (AirflowFailException("It has not come."), "Why: It has not come.", "mend what the sentence names, then clear"),
    (KeyError("month"), "Why: KeyError: 'month'", "read the log, it was not expected"),
    (MemoryError(), "Why: MemoryError: it ended without a message", "read the log, it was not expected"),
    ("heartbeat timeout", "Why: heartbeat timeout", "look at the memory"),
    (None, "Why: it ended without a message: killed, out of memory", "look at the memory"),
])  # fmt: skip
def test_the_next_step_fits_the_kind_of_error(error: Any, why: str, next_step: str) -> None:
    text = failure_text("ingest.land_month", "manual__1", "4 of 4", error)
    assert why in text
    assert next_step in text


def test_a_failed_run_is_told_also_when_its_task_could_not_tell(channels: Any) -> None:
    run_failed(failed(None) | {"reason": "task_failure"})
    run_failed({"run_id": "manual__1", "dag": SimpleNamespace(dag_id="nyc_taxi_green_monthly")})
    texts = [message["text"] for message in channels[0]]
    assert texts[0].startswith("*green 2023-01: the month is not done*")
    assert "Its last task was validate.clean_month." in texts[0]
    assert texts[1].startswith("*green manual__1: the month is not done*")


def test_a_late_run_is_told_from_a_coroutine(channels: Any) -> None:
    run = {
        "dag_run_id": "manual__1",
        "dag_id": "nyc_taxi_green_monthly",
        "partition_key": "2023-01",
        "state": "running",
    }
    asyncio.run(overdue("green", 24.0, {"dag_run": run}))
    assert channels[0][0]["text"].startswith("*green 2023-01: still not done*")
    assert "more than 24 hours ago (TAXI_DEADLINE_HOURS)" in channels[0][0]["text"]


def test_without_a_connection_the_log_alone_is_told(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "taxi_airflow.alerts"):
        assert tell("green 2023-01: late", "text") == ()
    assert "green 2023-01: late\ntext" in caplog.text


def test_a_channel_that_fails_is_logged_and_the_other_one_told(
    channels: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_TAXI_SLACK", json.dumps({"conn_type": "slackwebhook", "password": ""}))
    with caplog.at_level(logging.WARNING, "taxi_airflow.alerts"):
        assert tell("green 2023-01: late", "text") == ("email",)
    assert "the alert was not sent by slack" in caplog.text
    assert len(channels[1]) == 1
