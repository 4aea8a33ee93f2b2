"""The question is asked when there is one, and every answer is handed on to the registration."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from airflow.providers.standard.operators.hitl import ApprovalOperator
from airflow.sdk.exceptions import AirflowSkipException, TaskAwaitingInput
from taxi_airflow.approval import PromotionApproval, approval

from include.config import Settings
from include.models.approval import Answer

pytestmark = pytest.mark.integration
NOW = datetime(2026, 11, 24, tzinfo=UTC)


def asking(settings: Settings, text: str = "### fare_usd") -> PromotionApproval:
    return approval("green", "2023-02", text, settings)


def event(option: str, by: Any, comment: str = "", timedout: bool = False) -> dict[str, Any]:
    """What Airflow resumes the task with."""
    return {"chosen_options": [option], "params_input": {"comment": comment}, "responded_at": NOW,
            "responded_by_user": by, "timedout": timedout}  # fmt: skip


def test_an_empty_question_is_not_asked(settings: Settings) -> None:
    with pytest.raises(AirflowSkipException, match="nothing to approve"):
        asking(settings, "").execute({})


def test_a_question_awaits_an_answer_for_so_many_days(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Any] = {}
    monkeypatch.setattr(
        "airflow.providers.standard.operators.hitl.upsert_hitl_detail", lambda **given: asked.update(given)
    )
    task = asking(settings.model_copy(update={"approval_days": 3.0}))
    with pytest.raises(TaskAwaitingInput) as waiting:
        task.execute({"task_instance": type("TI", (), {"id": "1"})})  # type: ignore[typeddict-item]
    assert waiting.value.timeout == timedelta(days=3)
    assert (asked["body"], asked["subject"]) == ("### fare_usd", "Promote the new champions of green 2023-02?")
    assert (asked["options"], asked["defaults"]) == (["Approve", "Reject"], ["Reject"])


@pytest.mark.parametrize(("given", "expected"), [
    (event("Approve", {"id": "1", "name": "ana"}, "fine"), Answer(True, "ana", "fine")),
    (event("Reject", {"id": "1", "name": "ana"}), Answer(False, "ana", "")),
    (event("Reject", None, timedout=True), Answer(False, "", "")),
    (event("Approve", {"id": "7", "name": None}), Answer(True, "7", "")),
])  # fmt: skip
def test_an_answer_is_handed_on_and_a_decline_skips_nothing(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, given: dict[str, Any], expected: Answer
) -> None:
    task = asking(settings)
    monkeypatch.setattr(ApprovalOperator, "skip", lambda *_, **__: pytest.fail("something was skipped"))
    assert Answer(**task.execute_complete({}, given)) == expected
