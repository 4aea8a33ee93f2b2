"""A person's consent to a promotion, as a task that awaits an answer under Required Actions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.providers.standard.operators.hitl import ApprovalOperator, HITLOperator
from airflow.sdk import Context, Param
from airflow.sdk.exceptions import AirflowSkipException

from include.config import Settings


class PromotionApproval(ApprovalOperator):
    """Asks when there is something to ask, and hands the answer on: a decline has to be written down by what follows.

    Airflow's own operator skips what follows a Reject. Silence until the time-out is a Reject by nobody.
    """

    def execute(self, context: Context) -> Any:
        """Awaits the answer; skipped with an empty text."""
        if not self.body:
            raise AirflowSkipException("The gate would promote nothing, so there is nothing to approve.")
        return super().execute(context)

    def execute_complete(self, context: Context, event: dict[str, Any]) -> dict[str, Any]:
        """The answer for `include.models.approval.Answer`; `by` is "" when nobody gave it in time."""
        HITLOperator.execute_complete(self, context, event)
        person = event["responded_by_user"] or {}
        return {
            "approved": event["chosen_options"] == [self.APPROVE],
            "by": "" if event.get("timedout") else str(person.get("name") or person.get("id") or "somebody"),
            "comment": str((event["params_input"] or {}).get("comment") or ""),
        }


def approval(service: str, month: str, text: Any, settings: Settings) -> PromotionApproval:
    """The task `approve`; `text` is the comparison, as a task before it found it."""
    return PromotionApproval(
        task_id="approve", subject=f"Promote the new champions of {service} {month}?", body=text,
        defaults=PromotionApproval.REJECT, response_timeout=timedelta(days=settings.approval_days), pool="light",
        params={"comment": Param("", type=["string", "null"], title="Comment", description="kept with the decision")},
        doc_md="The champion moves only when a person approves; Reject, or silence, keeps the one that stands.",
    )  # fmt: skip
