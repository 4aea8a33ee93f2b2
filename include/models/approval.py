"""A promotion that a person has to agree to: what is asked, and what the answer makes of the gate's decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from include.config import Settings, get_settings
from include.errors import ApprovalError, BadDataError, BundleError
from include.features.trip_features import targets_of
from include.models.bundle import model_name
from include.models.contest import Contest, hold_contest
from include.models.gate import Decision, Rules
from include.models.history import known_decision, standing
from include.models.scoring import labelled_trips
from include.models.train_all import Rows, load_rows
from include.models.verdict import contest_markdown
from include.utils.hashing import fingerprint

NOBODY = "time-out"
"""Who decided when no answer came in time."""


@dataclass(frozen=True)
class Answer:
    """What a person said to one question. `asked` is target -> what was compared there (`proposal`), `by` who answered,
    "" when nobody did in time."""

    approved: bool
    by: str = ""
    comment: str = ""
    asked: Mapping[str, str] = field(default_factory=dict)


def proposal(contest: Contest) -> str:
    """Names what a promotion would put in whose place: an answer holds for exactly that."""
    replaced = contest.champion.uri if contest.champion else ""
    return fingerprint(contest.chosen["uri"], replaced, contest.decision.action)


def follow_answer(contest: Contest, target: str, answer: Answer | None, days: float) -> Contest:
    """The contest with the decision that the answer leaves. What the gate keeps needs none; a decline becomes a `keep`.

    ApprovalError when nobody was asked about this very comparison: nothing may move then.
    """
    if contest.decision.action == "keep":
        return contest
    if answer is None or target not in answer.asked:
        raise ApprovalError(
            f"{target}: {contest.decision.reason}; TAXI_APPROVAL demands a person's consent, and nobody was asked. In "
            "Airflow register.approve asks (clear register.compare to ask again); with TAXI_APPROVAL=false the gate "
            "decides alone."
        )
    if answer.asked[target] != proposal(contest):
        raise ApprovalError(
            f"{target}: the champion has changed since the question was asked, so the answer is to another comparison "
            "and nothing moves. Clear register.compare in Airflow to compare and ask again."
        )
    by = answer.by or NOBODY
    return replace(contest, decision=_decided(contest.decision, answer, by, days), decided_by=by)


def _decided(decision: Decision, answer: Answer, by: str, days: float) -> Decision:
    said = f": {answer.comment.strip()}" if answer.comment.strip() else ""
    if answer.approved:
        return replace(decision, reason=f"{decision.reason}; approved by {by}{said}")
    silent = "" if answer.by else f", nobody answered within {days:g} days"
    return Decision("keep", "declined", f"declined by {by}{silent}{said}; the gate: {decision.reason}")


def compare(
    plan: dict[str, Any], fitted: list[list[dict[str, Any]]], settings: Settings | None = None
) -> dict[str, Any]:
    """Step: what the register phase would decide, as a question -> `asked` by target, and `text` for a person.

    Nothing is registered or moved. A target that was decided before, or whose champion would stay, is not asked about;
    one without a contest is told of, and left to the register phase to raise. Nothing to ask: `text` is "".
    """
    settings = settings or get_settings()
    candidates = [candidate for family in fitted for candidate in family]
    test, asked, sections = load_rows(plan["uris"][plan["month"]], plan["service"]), {}, []
    for target in targets_of(plan["service"]):
        mine = [candidate for candidate in candidates if candidate["target"] == target]
        told, contest = _meet(plan, target, mine, test, settings)
        sections.append(f"### {target}\n{told}")
        if contest and contest.decision.action != "keep":
            asked[target] = proposal(contest)
    return {"asked": asked, "text": question(plan, asked, sections)}


def _meet(
    plan: dict[str, Any], target: str, candidates: list[dict[str, Any]], test: Rows, settings: Settings
) -> tuple[str, Contest | None]:
    """A target's comparison as text, and its contest where one is held."""
    name = model_name(plan["service"], target)
    if known_decision(settings, name, plan["month"], plan["decision_key"]):
        return "decided before, and stays so", None
    try:
        trips = labelled_trips(test, target)
        contest = hold_contest(plan["month"], target, candidates, standing(settings, name), trips, settings)
    except (BadDataError, BundleError) as fault:
        return f"no contest: {fault}", None
    return section(contest, Rules.of(settings)), contest


def section(contest: Contest, rules: Rules) -> str:
    """One target for a person: what would happen and why, then the whole comparison."""
    decision = contest.decision
    stands = f"version {contest.champion.version}" if contest.champion else "no champion"
    happens = f"{stands} stays" if decision.action == "keep" else f"**{contest.chosen['family']}** replaces {stands}"
    return f"{happens} ({decision.rule}): {decision.reason}\n\n{contest_markdown(contest, rules)}"


def question(plan: Mapping[str, Any], asked: Mapping[str, str], sections: list[str]) -> str:
    """The text of the question in Markdown, "" when nothing is asked."""
    if not asked:
        return ""
    head = (
        f"The gate would promote for {', '.join(asked)} of {plan['service']} {plan['month']}. **Approve** moves these "
        "champions. **Reject** keeps the ones that stand, and the decision is remembered for this month."
    )
    return "\n\n".join([head, *sections])
