"""What a person's answer makes of the gate's decision, with numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from include.errors import ApprovalError
from include.models.approval import Answer, follow_answer, proposal, question, section
from include.models.contest import Contest
from include.models.gate import Comparison, Decision, Evidence, Rules, choose
from include.models.history import Move
from include.models.scoring import Score

RULES = Rules(0.01, 0.03, 300, 6, 0.005)
STANDS = Move("promote", 7, None, "2019-02", "2019-02", "2019-03-01T00:00:00+00:00", "v7", "")


def contest(gain: float, champion: Move | None = STANDS) -> Contest:
    """A challenger with this gain over the champion, or over the baseline when there is none."""
    won = Comparison(gain, gain / 2)
    evidence = Evidence("2019-03", won, won if champion else None)
    score = Score(None, {"loss": 1.0, "mae": 1.0})  # type: ignore[arg-type]
    scores = dict.fromkeys(("challenger", "baseline", *(["champion"] if champion else [])), score)
    ridge, baseline = ({"family": family, "uri": family} for family in ("ridge", "zone_pair_median"))
    return Contest(ridge, baseline, champion, scores, evidence, choose(evidence, RULES))


def answer(held: Contest, approved: bool, by: str = "ana", comment: str = "") -> Answer:
    return Answer(approved, by, comment, {"fare_usd": proposal(held)})


def test_what_the_gate_keeps_needs_no_answer() -> None:
    held = contest(0.001)
    assert held.decision.action == "keep"
    assert follow_answer(held, "fare_usd", None, 7) is held


def test_an_approved_promotion_keeps_its_rule_and_says_who_agreed() -> None:
    held = contest(0.05)
    after = follow_answer(held, "fare_usd", answer(held, True, comment="looks right"), 7)
    assert (after.decision.action, after.decision.rule, after.decided_by) == ("promote", "gain", "ana")
    assert after.decision.reason == f"{held.decision.reason}; approved by ana: looks right"


@pytest.mark.parametrize(("gain", "champion"), [(0.05, STANDS), (0.05, None), (-0.05, None)])
def test_a_decline_keeps_who_stands_whatever_was_to_be_promoted(gain: float, champion: Move | None) -> None:
    held = contest(gain, champion)
    after = follow_answer(held, "fare_usd", answer(held, False), 7)
    assert held.decision.action in ("promote", "promote_baseline")
    assert after.decision == Decision("keep", "declined", f"declined by ana; the gate: {held.decision.reason}")
    assert after.chosen["family"] == "ridge"


def test_silence_is_a_decline_that_says_so() -> None:
    held = contest(0.05)
    after = follow_answer(held, "fare_usd", answer(held, False, by=""), 7)
    assert after.decided_by == "time-out"
    assert after.decision.reason.startswith("declined by time-out, nobody answered within 7 days; the gate: 5.00%")


@pytest.mark.parametrize("given", [None, Answer(True, "ana", "", {"duration_min": "x"})])
def test_nobody_asked_is_no_consent(given: Answer | None) -> None:
    with pytest.raises(ApprovalError, match=r"fare_usd: .*TAXI_APPROVAL demands.*register\.approve asks"):
        follow_answer(contest(0.05), "fare_usd", given, 7)


@pytest.mark.parametrize("changed", ["champion", "challenger", "nobody"])
def test_an_answer_to_another_comparison_moves_nothing(changed: str) -> None:
    asked = contest(0.05)
    now: dict[str, Any] = {
        "champion": {"champion": replace(STANDS, version=8, uri="v8")},
        "challenger": {"challenger": {"family": "ridge", "uri": "another fit"}},
        "nobody": {"champion": None},
    }
    with pytest.raises(ApprovalError, match=r"the champion has changed.*Clear register\.compare"):
        follow_answer(replace(asked, **now[changed]), "fare_usd", answer(asked, True), 7)


def test_the_question_shows_each_target_with_the_gates_table() -> None:
    sections = [section(contest(0.05), RULES), section(contest(0.001), RULES)]
    text = question({"service": "green", "month": "2019-03"}, {"fare_usd": "key"}, sections)
    assert "would promote for fare_usd of green 2019-03" in text
    assert "**ridge** replaces version 7 (gain): 5.00% (lower bound 2.50%) better than the champion" in text
    assert "version 7 stays (small_gain)" in text
    assert text.count("| challenger | ridge | 1.0000 |") == 2
    assert text.count("gain over the champion +") == 2


def test_nothing_to_promote_is_no_question() -> None:
    assert question({"service": "green", "month": "2019-03"}, {}, ["### fare_usd\nversion 7 stays"]) == ""
