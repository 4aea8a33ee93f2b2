"""The gate with numbers: who becomes champion, by which rule."""

from __future__ import annotations

from dataclasses import replace
from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.config import Settings
from include.models.gate import Comparison, Evidence, Incumbent, Rules, SliceLoss, age_months, choose, vetoes

RULES = Rules(min_gain=0.01, veto_loss=0.03, veto_rows=300, stale_months=6, stale_margin=0.005)
GOOD, LUCK = Comparison(0.05, 0.02), Comparison(0.05, -0.01)
FRESH = Incumbent("2019-08", False, "2019-07")
OLD = Incumbent("2019-03", False, "2019-02")
BAD_SLICE = SliceLoss("airport", 300, 0.06, 0.0301)


def meets(duel: Comparison, champion: Incumbent = FRESH, slices: tuple[SliceLoss, ...] = ()) -> Evidence:
    """A challenger that beats the baseline, on the test month 2019-09."""
    return Evidence("2019-09", GOOD, duel, champion, slices)


@pytest.mark.parametrize(
    ("evidence", "action", "rule"),
    [
        # nobody to meet
        (Evidence("2019-09", GOOD), "promote", "first"),
        (Evidence("2019-09", Comparison(0.0001, 0.00001)), "promote", "first"),
        (Evidence("2019-09", Comparison(0.05, 0.0)), "promote_baseline", "stand_in"),
        (Evidence("2019-09", LUCK), "promote_baseline", "stand_in"),
        (Evidence("2019-09", Comparison(nan, nan)), "promote_baseline", "stand_in"),
        (Evidence("2019-09", Comparison(0.5, -inf)), "promote_baseline", "stand_in"),
        (Evidence("2019-09", GOOD, None, replace(FRESH, trained_to="")), "promote", "first"),
        (Evidence("2019-09", LUCK, None, replace(FRESH, trained_to="")), "promote_baseline", "stand_in"),
        # large enough and not luck
        (meets(GOOD), "promote", "gain"),
        (meets(Comparison(0.01, 0.0001)), "promote", "gain"),
        (meets(Comparison(0.00999, 0.005)), "keep", "small_gain"),
        (meets(Comparison(0.05, 0.0)), "keep", "luck"),
        (meets(LUCK), "keep", "luck"),
        (meets(Comparison(nan, nan)), "keep", "small_gain"),
        (meets(Comparison(0.05, nan)), "keep", "luck"),
        (meets(Comparison(0.05, -inf)), "keep", "luck"),
        (meets(Comparison(-inf, -inf)), "keep", "small_gain"),
        (replace(meets(GOOD), floor=Comparison(0.05, 0.0)), "keep", "floor"),
        (replace(meets(GOOD), floor=Comparison(nan, nan)), "keep", "floor"),
        # a champion that learnt until 2019-02 is seven months old on 2019-09, one until 2019-03 is six
        (meets(Comparison(-0.002, -0.0049), OLD), "promote", "stale"),
        (meets(Comparison(-0.002, -0.005), OLD), "keep", "small_gain"),
        (meets(Comparison(-0.002, -0.0049), replace(OLD, trained_to="2019-03")), "keep", "small_gain"),
        (meets(Comparison(0.05, -0.004), OLD), "promote", "stale"),
        (meets(Comparison(nan, nan), OLD), "keep", "small_gain"),
        (replace(meets(Comparison(0.0, 0.0), OLD), floor=LUCK), "keep", "floor"),
        # parts of the month
        (meets(GOOD, slices=(BAD_SLICE,)), "keep", "veto"),
        (meets(Comparison(0.0, 0.0), OLD, (BAD_SLICE,)), "keep", "veto"),
        (meets(GOOD, slices=(replace(BAD_SLICE, rows=299),)), "promote", "gain"),
        (meets(GOOD, slices=(replace(BAD_SLICE, lower_bound=0.03),)), "promote", "gain"),
        (meets(GOOD, slices=(replace(BAD_SLICE, lower_bound=-inf),)), "promote", "gain"),
        (meets(GOOD, slices=(replace(BAD_SLICE, lower_bound=nan),)), "promote", "gain"),
        (meets(LUCK, slices=(BAD_SLICE,)), "keep", "luck"),
        (Evidence("2019-09", GOOD, slices=(BAD_SLICE,)), "promote", "first"),
        # months
        (meets(GOOD, replace(FRESH, since="2019-09")), "promote", "gain"),
        (meets(GOOD, replace(FRESH, since="2019-10")), "keep", "older_month"),
        (Evidence("2019-09", GOOD, None, replace(FRESH, since="2019-10")), "keep", "older_month"),
        (meets(GOOD, Incumbent("2019-09", True, "2019-06")), "keep", "rolled_back"),
        (meets(GOOD, Incumbent("2019-08", True, "2019-06")), "promote", "gain"),
    ],
)  # fmt: skip
def test_every_rule_at_its_boundary(evidence: Evidence, action: str, rule: str) -> None:
    decision = choose(evidence, RULES)
    assert (decision.action, decision.rule) == (action, rule)
    assert len(decision.reason) > 20


def test_a_veto_names_the_part_and_its_numbers() -> None:
    reason = choose(meets(GOOD, slices=(BAD_SLICE,)), RULES).reason
    assert all(part in reason for part in ("airport", "+6.0%", "+3.0%", "300 trips"))


def test_age_counts_from_the_last_month_that_was_learnt() -> None:
    assert age_months(meets(GOOD, OLD)) == 7
    assert age_months(meets(GOOD, Incumbent("2019-01", False, "2018-12"))) == 9
    assert age_months(Evidence("2019-09", GOOD)) == 0


def test_thresholds_come_from_the_settings(settings: Settings) -> None:
    assert Rules.of(settings) == RULES
    assert Rules.of(settings.model_copy(update={"veto_loss": 0.1})).veto_loss == 0.1


numbers = st.floats(allow_nan=True, allow_infinity=True)
comparisons = st.builds(Comparison, numbers, numbers)
months = st.sampled_from([f"201{year}-{month:02d}" for year in (8, 9) for month in range(1, 13)])
incumbents = st.builds(Incumbent, months, st.booleans(), st.one_of(st.just(""), months))
slices = st.lists(st.builds(SliceLoss, st.text(), st.integers(0, 10**6), numbers, numbers), max_size=4).map(tuple)


@st.composite
def evidences(draw: st.DrawFn) -> Evidence:
    """Anything that a contest can show: a duel only with an incumbent whose training is known."""
    incumbent = draw(st.one_of(st.none(), incumbents))
    duel = draw(comparisons) if incumbent and incumbent.trained_to else None
    return Evidence(draw(months), draw(comparisons), duel, incumbent, draw(slices))


@given(evidences())
def test_an_older_month_never_moves_the_alias(evidence: Evidence) -> None:
    if evidence.incumbent and evidence.test_month < evidence.incumbent.since:
        assert choose(evidence, RULES).action == "keep"


@given(evidences())
def test_what_a_person_put_back_stands_until_a_later_month(evidence: Evidence) -> None:
    incumbent = evidence.incumbent
    if incumbent and incumbent.rolled_back and evidence.test_month <= incumbent.since:
        assert choose(evidence, RULES).action == "keep"


@given(evidences())
def test_a_veto_never_promotes(evidence: Evidence) -> None:
    if evidence.duel and vetoes(evidence.slices, RULES):
        assert choose(evidence, RULES).action == "keep"


@given(evidences())
def test_nothing_but_the_baseline_goes_below_the_floor(evidence: Evidence) -> None:
    if choose(evidence, RULES).action == "promote":
        assert evidence.floor.lower_bound > 0


@given(evidences())
def test_a_champion_that_can_be_met_is_never_replaced_by_the_baseline(evidence: Evidence) -> None:
    if evidence.duel:
        assert choose(evidence, RULES).action != "promote_baseline"


@given(evidences(), st.floats(0, 1), st.floats(0, 1))
def test_a_larger_gain_never_costs_the_promotion(evidence: Evidence, more: float, surer: float) -> None:
    if evidence.duel is None or choose(evidence, RULES).action != "promote":
        return
    better = Comparison(evidence.duel.gain + more, evidence.duel.lower_bound + surer)
    assert choose(replace(evidence, duel=better), RULES).action == "promote"


@given(evidences(), slices)
def test_parts_of_the_month_stop_promotions_and_make_none(evidence: Evidence, more: tuple[SliceLoss, ...]) -> None:
    if choose(evidence, RULES).action == "keep":
        assert choose(replace(evidence, slices=evidence.slices + more), RULES).action == "keep"


@given(evidences(), slices)
def test_a_small_or_unsure_part_decides_nothing(evidence: Evidence, more: tuple[SliceLoss, ...]) -> None:
    quiet = tuple(s for s in more if s.rows < RULES.veto_rows or not s.lower_bound > RULES.veto_loss)
    assert choose(replace(evidence, slices=evidence.slices + quiet), RULES).action == choose(evidence, RULES).action
