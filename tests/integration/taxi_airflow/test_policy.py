"""Which errors are tried again, and when."""

from __future__ import annotations

from datetime import timedelta

import pytest
from airflow.sdk.definitions.retry_policy import RetryAction
from taxi_airflow.policy import AWAY, PHASES, RETRIES, SOON, ByKindOfError

from include.errors import ApprovalError, BadDataError, LakeError, SourceUnavailableError, WarehouseError

pytestmark = pytest.mark.integration
MINUTES = [timedelta(minutes=m) for m in (1, 4, 16)]


def caused(by: BaseException) -> Exception:
    """A library's own error, raised while another one was handled."""
    try:
        try:
            raise by
        except type(by):
            raise ValueError("the request to the registry failed")  # noqa: B904 - as libraries do
    except ValueError as error:
        return error


@pytest.mark.parametrize("kind", [BadDataError, ApprovalError, LakeError])
@pytest.mark.parametrize("tried", [1, 2])
def test_what_needs_a_person_is_never_tried_again(kind: type[Exception], tried: int) -> None:
    decision = ByKindOfError().evaluate(kind("no"), tried, RETRIES)
    assert decision.action == RetryAction.FAIL
    assert "needs a person" in str(decision.reason)


@pytest.mark.parametrize("error", [
    SourceUnavailableError("throttled"), WarehouseError("away"), ConnectionRefusedError(), TimeoutError(),
    caused(ConnectionResetError()),
])  # fmt: skip
def test_what_is_away_is_waited_for_longer_each_time(error: Exception) -> None:
    decisions = [ByKindOfError().evaluate(error, tried, RETRIES) for tried in (1, 2, 3)]
    assert {decision.action for decision in decisions} == {RetryAction.RETRY}
    assert [decision.retry_delay for decision in decisions] == MINUTES == list(AWAY)


def test_libraries_errors_are_known_by_name_without_importing_them() -> None:
    import requests
    from sqlalchemy.exc import OperationalError

    for error in (requests.exceptions.ConnectionError("x"), OperationalError("SELECT 1", {}, Exception())):
        assert ByKindOfError().evaluate(error, 1, RETRIES).retry_delay == MINUTES[0]


def test_the_unexpected_is_tried_once_more_and_soon() -> None:
    first, second = (ByKindOfError().evaluate(KeyError("month"), tried, RETRIES) for tried in (1, 2))
    assert (first.action, first.retry_delay) == (RetryAction.RETRY, SOON)
    assert second.action == RetryAction.FAIL


def test_a_cleared_task_is_as_patient_as_a_new_one() -> None:
    """Airflow counts its tries on, and raises their limit: cleared after its second try, it may come to its sixth."""
    third, fourth = (ByKindOfError().evaluate(KeyError("month"), tried, RETRIES + 2) for tried in (3, 4))
    assert (third.action, fourth.action) == (RetryAction.RETRY, RetryAction.FAIL)
    away = [ByKindOfError().evaluate(WarehouseError("away"), tried, RETRIES + 2) for tried in (3, 4, 5)]
    assert [decision.retry_delay for decision in away] == list(AWAY)


def test_there_is_a_delay_for_every_retry_and_celery_gives_no_task_out_twice() -> None:
    assert len(AWAY) == RETRIES
    assert max(phase.timeout for phase in PHASES.values()) < timedelta(hours=4)
