"""Tells people: in the log always, and by Slack and e-mail where Airflow has a connection for them.

Slack needs the connection `taxi_slack` (Slack Incoming Webhook), e-mail `taxi_smtp` and addresses in the Airflow
variable `taxi_alert_email`, which TAXI_ALERT_EMAIL fills. A notifier that fails is logged and breaks nothing.
"""

from __future__ import annotations

import html
import logging
from collections.abc import Callable
from typing import Any

from airflow.sdk.exceptions import AirflowFailException

from include.errors import TaxiError

SLACK, SMTP, ADDRESSES = "taxi_slack", "taxi_smtp", "taxi_alert_email"
SECONDS = 10
NO_MESSAGE = "it ended without a message: killed, out of memory, or its machine went away"
log = logging.getLogger("taxi_airflow.alerts")


def tell(subject: str, text: str) -> tuple[str, ...]:
    """Logs a warning and sends it wherever it can be sent; the names of the channels that took it.

    Never raises. In a coroutine call it through `asgiref.sync.sync_to_async`: it asks Airflow for connections.
    """
    log.warning("%s\n%s", subject, text)
    channels: dict[str, Callable[[str, str], bool]] = {"slack": _slack, "email": _email}
    return tuple(name for name, send in channels.items() if _sent(name, send, subject, text))


def _sent(name: str, send: Callable[[str, str], bool], subject: str, text: str) -> bool:
    try:
        return send(subject, text)
    except Exception as fault:  # noqa: BLE001 - whatever a notifier raises, its alert must not break what it tells of
        log.warning("the alert was not sent by %s: %s: %s", name, type(fault).__name__, fault)
        return False


def _slack(subject: str, text: str) -> bool:
    if not _connected(SLACK):
        return False
    from airflow.providers.slack.notifications.slack_webhook import SlackWebhookNotifier

    # Slack takes <...> for links and calls to everybody. `notify`, not a call: a call would render the text as a
    # template, and an error may hold braces.
    message = f"*{html.escape(subject, quote=False)}*\n{html.escape(text, quote=False)}"
    notifier = SlackWebhookNotifier(slack_webhook_conn_id=SLACK, text=message, timeout=SECONDS)
    notifier.notify({})  # type: ignore[no-untyped-call]
    return True


def _email(subject: str, text: str) -> bool:
    from airflow.sdk import Variable

    addresses = [address.strip() for address in Variable.get(ADDRESSES, default="").split(",") if address.strip()]
    if not addresses or not _connected(SMTP):
        return False
    from airflow.providers.smtp.notifications.smtp import SmtpNotifier

    page = f"<pre>{html.escape(text)}</pre>"
    SmtpNotifier(to=addresses, subject=subject, html_content=page, smtp_conn_id=SMTP).notify({})
    return True


def _connected(conn_id: str) -> bool:
    from airflow.sdk import Connection
    from airflow.sdk.exceptions import AirflowNotFoundException

    try:
        Connection.get(conn_id)
    except AirflowNotFoundException:
        return False
    return True


def task_failed(context: Any) -> None:
    """A task's last try failed: which month, phase, task (and family) and try, what it said, and what to do.

    Airflow calls it in the task's process, or in the DAG processor when the scheduler finds a task without a heartbeat;
    for a process that was killed under its supervisor nobody calls it, and `run_failed` is what tells.
    """
    task, error = context["ti"], context.get("exception")
    phase, mapped = task.task_id.partition(".")[0], getattr(task, "rendered_map_index", None)
    name = f"{task.task_id} [{mapped}]" if mapped else task.task_id
    tries = f"{task.try_number} of {task.max_tries + 1}"
    text = failure_text(name, task.run_id, tries, error, getattr(task, "log_url", ""))
    tell(f"{_month(context)}: {phase} failed", text)


def failure_text(task_id: str, run_id: str, tries: str, error: BaseException | str | None, log_url: str = "") -> str:
    """Four lines: what failed, why in the error's own words, what to do next, where the log is."""
    said = (str(error).strip() if error else "") or NO_MESSAGE
    if isinstance(error, BaseException) and not isinstance(error, TaxiError | AirflowFailException):
        said = f"{type(error).__name__}: {said}"
    return "\n".join([
        f"What: task {task_id} of run {run_id}, try {tries}. Months that were done stay done.",
        f"Why: {said}",
        f"Next: {next_step(task_id, error)}",
        f"Log: {log_url or 'in Airflow, on the task'}",
    ])  # fmt: skip


def next_step(task_id: str, error: BaseException | str | None) -> str:
    """What a person does, by the kind of error; an operator of ours raises AirflowFailException where a person must."""
    again = f"clear {task_id} of this run in Airflow, with what follows it"
    if isinstance(error, AirflowFailException) or (isinstance(error, TaxiError) and not error.retryable):
        return f"mend what the sentence names, then {again}."
    if isinstance(error, TaxiError):
        return f"when it can be reached again, {again}."
    if isinstance(error, BaseException):
        return f"read the log, it was not expected; then {again}."
    return f"look at the memory of the machine and the slots of the pools; then {again}."


def run_failed(context: Any) -> None:
    """A run ended as failed; the DAG processor calls it, whatever became of the task's process."""
    task = context.get("ti")
    last = f" Its last task was {task.task_id}." if task else ""
    tell(f"{_month(context)}: the month is not done", "\n".join([
        f"What: run {context['run_id']} has failed ({context.get('reason', 'unknown')}).{last}",
        "Why: a red task's log says so; one without a message was killed.",
        "Next: clear the red tasks of the run in Airflow, with what follows them. The champion that stood answers on.",
    ]))  # fmt: skip


def _month(context: Any) -> str:
    """`green 2023-01`, as far as the context knows it."""
    run, dag = context.get("dag_run"), context.get("dag")
    service = getattr(dag, "dag_id", "").removeprefix("nyc_taxi_").partition("_")[0]
    return f"{service} {getattr(run, 'partition_key', None) or context.get('run_id', '')}".strip()


async def overdue(service: str, hours: float, context: Any) -> None:
    """A run has not ended by its deadline; `context` holds the run as the REST API shows it."""
    from asgiref.sync import sync_to_async

    run = context["dag_run"]
    month = run.get("partition_key") or run.get("dag_run_id") or run.get("run_id")
    text = "\n".join([
        f"What: run {run.get('dag_run_id') or run.get('run_id')} of {run.get('dag_id')} has not ended.",
        f"Why: it could begin more than {hours:g} hours ago (TAXI_DEADLINE_HOURS), and is {run.get('state')}.",
        "Next: open the run in Airflow. A task that awaits an answer is listed under Required Actions; one that is "
        "scheduled waits for a slot of its pool; one that hangs ends by its time-out and is tried again.",
    ])  # fmt: skip
    await sync_to_async(tell)(f"{service} {month}: still not done", text)
