"""How tasks run: pool, time-out and weight by phase, and which errors are tried again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from airflow.sdk import RetryDecision, RetryPolicy, TaskGroup

from include.errors import TaxiError
from taxi_airflow.alerts import task_failed

RETRIES = 3
SOON = timedelta(seconds=15)
"""Before a killed task or an unexpected error is tried again."""
AWAY = (timedelta(minutes=1), timedelta(minutes=4), timedelta(minutes=16))
"""Before the second, third and fourth try of what could not be reached: 21 minutes in all."""
UNEXPECTED_TRIES = 2
AWAY_ERRORS = frozenset({
    "builtins.ConnectionError", "builtins.TimeoutError", "requests.exceptions.ConnectionError",
    "requests.exceptions.Timeout", "httpx.TransportError", "httpcore.NetworkError", "urllib3.exceptions.HTTPError",
    "sqlalchemy.exc.OperationalError", "pymysql.err.OperationalError",
})  # fmt: skip
"""Names, not classes: a policy is made when a DAG is parsed, and importing them would import their libraries."""


@dataclass(frozen=True)
class Phase:
    """What the tasks of a group share. A later phase weighs more, so that months that have begun come to an end."""

    pool: str
    timeout: timedelta
    weight: int


PHASES = {
    "ingest": Phase("data", timedelta(hours=2), 1),
    "validate": Phase("data", timedelta(hours=2), 2),
    "features": Phase("data", timedelta(hours=1), 3),
    "train": Phase("training", timedelta(hours=3), 4),
    "register": Phase("register", timedelta(hours=1), 5),
    "report": Phase("training", timedelta(hours=3), 1),
}
"""Every time-out is shorter than the four hours after which Redis would hand a Celery task to a second worker."""


class ByKindOfError(RetryPolicy):
    """Bad data is never tried again, what is away is after 1, 4 and 16 minutes, an unexpected error once and soon.

    ExceptionRetryPolicy does not do: its rules know one delay each, and import the classes that they name. A killed
    process leaves no exception, so no policy is asked: the task's own `retry_delay` and `retries` hold.
    """

    def evaluate(
        self, exception: BaseException, try_number: int, max_tries: int, context: Any = None,  # noqa: ARG002 - Airflow's
    ) -> RetryDecision:  # fmt: skip
        """The decision for one failed try. `try_number` counts from 1, and a cleared task counts on; `max_tries` grows
        with it, so the tries since then are told by both."""
        tried = max(try_number - max(max_tries - RETRIES, 0), 1)
        if isinstance(exception, TaxiError) and not exception.retryable:
            return RetryDecision.fail(f"{type(exception).__name__} needs a person, another try gives the same")
        if isinstance(exception, TaxiError) or is_away(exception):
            delay = AWAY[min(tried, len(AWAY)) - 1]
            return RetryDecision.retry(delay, f"{type(exception).__name__} may pass, next try in {delay}")
        if tried < UNEXPECTED_TRIES:
            return RetryDecision.retry(SOON, "unexpected, once more")
        return RetryDecision.fail(f"{type(exception).__name__} was not expected, and this was try {tried}")


def is_away(exception: BaseException) -> bool:
    """True when it, or what caused it, says that something could not be reached."""
    return any(f"{kind.__module__}.{kind.__qualname__}" in AWAY_ERRORS
               for error in _causes(exception) for kind in type(error).__mro__)  # fmt: skip


def _causes(exception: BaseException) -> Iterator[BaseException]:
    found: BaseException | None = exception
    while found is not None:
        yield found
        found = found.__cause__ or found.__context__


def task_defaults() -> dict[str, Any]:
    """What every task of a DAG has unless its phase says otherwise."""
    return {
        "owner": "smart-analytics", "retries": RETRIES, "retry_delay": SOON, "retry_policy": ByKindOfError(),
        "execution_timeout": timedelta(minutes=10), "pool": "light", "on_failure_callback": [task_failed],
        "weight_rule": "taxi_airflow.priority.PeopleFirst",
    }  # fmt: skip


def phase(name: str) -> TaskGroup:
    """The task group of a phase."""
    chosen = PHASES[name]
    defaults = {"pool": chosen.pool, "execution_timeout": chosen.timeout, "priority_weight": chosen.weight}
    return TaskGroup(name, default_args=defaults)  # type: ignore[arg-type]
