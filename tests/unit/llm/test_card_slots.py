"""A card's figures are those of the facts, template and code name the same slots, and what is absent says so."""

from __future__ import annotations

import pytest

from include.llm.card_figures import FIGURES
from include.llm.card_page import template_slots
from include.llm.card_prose import SECTIONS
from include.llm.card_scores import directions_of, gain_over
from include.llm.card_slots import slots_of
from include.llm.card_texts import TEXTS
from tests.unit.llm.versions import NOTHING, decided, metadata, metrics, month, score

TARGETS = tuple(TEXTS)


@pytest.mark.parametrize("target", TARGETS)
def test_the_template_names_what_the_code_fills_and_nothing_else(target: str) -> None:
    prose = {f"prose_{name}" for name in SECTIONS}
    assert template_slots() == {*slots_of(metadata(target), metrics(target)), *prose, *FIGURES, "how_written"}


def test_figures_are_those_of_the_facts() -> None:
    slots = slots_of(metadata(), metrics())
    assert (slots["test_loss"], slots["baseline_loss"], slots["baseline_gain"]) == ("2.00 USD", "4.00 USD", "50.0 %")
    assert (slots["worst_slice"], slots["worst_loss"], slots["worst_rows"]) == ("airport trips", "4.00 USD", "400")
    assert (slots["best_slice"], slots["best_loss"]) == ("night trips (0 to 5 h)", "1.00 USD")
    assert (slots["rows_read"], slots["rows_rejected"], slots["rejected_share"]) == ("2,000", "40", "2.00 %")
    assert slots["sources"] == "https://tlc.example/yellow_tripdata_(month).parquet"
    assert "| takes back another row | 45 |" in slots["table_rejects"]
    assert "| 2019-04 | 1,000 | 980 | good | 40 comparisons; speed_mph (warning) |" in slots["table_months"]
    assert (slots["expectations"], slots["broken"]) == ("300", "3")


def test_the_month_that_tunes_and_calibrates_is_not_said_to_have_fitted() -> None:
    slots = slots_of(metadata(), metrics())
    assert (slots["train_months"], slots["fit_months"]) == ("2019-03 to 2019-04", "2019-03")
    assert (slots["tune_days"], slots["calibration_days"]) == ("the odd days of 2019-04", "the even days of 2019-04")
    alone = metadata()
    alone["bundle"] |= {"months": {"earlier": ["2019-04"], "gaps": [], "test": ["2019-05"]}}
    slots = slots_of(alone, metrics())
    assert slots["fit_months"] == "the first 20 days of 2019-04"
    assert slots["tune_days"] == "the odd days of 2019-04 after the first 20"


def test_a_part_with_few_trips_is_shown_and_not_ranked() -> None:
    slots = slots_of(metadata(), metrics())
    assert "| trips from Queens to Bronx | 31 | 18.00 USD | 22.50 USD |" in slots["table_slices"]
    assert "Queens" not in slots["worst_slice"]


def test_parts_below_thirty_trips_are_counted_only() -> None:
    few = score("challenger", 2.0, slices={"airport": {"loss": 1.0, "rows": 29}})
    assert "Parts with fewer than 30 trips are left out: 1." in slots_of(metadata(), metrics(own=few))["table_slices"]


def test_what_nobody_measured_is_said_as_absent_and_never_as_a_number() -> None:
    unknown = month("2019-05", origin=None, rows_read=None, rows_kept=None, rejects=None, meanings={}, verdict=None,
                    drift=None, expectations=None, broken=None)  # fmt: skip
    bare = metadata(decision=None, history=[], months=[unknown])
    slots = slots_of(bare, metrics() | NOTHING)
    for name in ("test_loss", "worst_slice", "coverage", "baseline_gain", "tune_loss", "decision_reason", "rows_read",
                 "test_origin", "test_verdict", "test_drift", "broken", "table_slices", "table_contest", "errors_note",
                 "age_note", "bundle_size", "train_rows", "prospective_loss"):  # fmt: skip
        assert slots[name].startswith("not measured: "), name


def test_the_sample_is_called_what_it_is() -> None:
    made_up = [month("2019-05", origin="embedded sample of yellow 2019-05")]
    assert "nobody drove them" in slots_of(metadata(months=made_up), metrics())["sample_note"]
    assert "nobody drove them" not in slots_of(metadata(), metrics())["sample_note"]


def test_the_gate_and_people_are_told_apart_and_vetoes_are_named() -> None:
    kept = decided(decision="keep", rule="veto", actor="ana", summary={"version": 3, "vetoes": ["airport"]})
    slots = slots_of(metadata(decision=kept), metrics())
    assert (slots["decision"], slots["decision_by"]) == ("registered, not promoted", "ana")
    assert slots["vetoes"] == "Parts that stood against it: airport trips."
    assert "Without a champion" in slots_of(metadata(decision=decided(rule="first")), metrics())["vetoes"]


def test_later_months_are_weighed_by_their_trips() -> None:
    later = [score("prospective", 2.0, month="2019-06", rows_scored=100),
             score("prospective", 3.0, month="2019-07", rows_scored=300)]  # fmt: skip
    slots = slots_of(metadata(), metrics(prospective=later))
    assert (slots["prospective_months"], slots["prospective_loss"]) == ("2019-06 to 2019-07", "2.75 USD")
    assert slots["prospective_rows"] == "400"


def test_directions_follow_the_figures() -> None:
    assert directions_of(metadata(), metrics()) == {"worst_slice": "up", "best_slice": "down", "baseline_gain": "down"}
    own = score("challenger", 5.0, slices={"airport": {"loss": 1.0, "rows": 400}})
    worse = metrics(own=own, contest={"challenger": own, "baseline": score("baseline", 4.0)})
    assert directions_of(metadata(), worse) == {"baseline_gain": "up"}
    assert directions_of(metadata(), metrics() | NOTHING) == {}


def test_a_baseline_gains_nothing_over_itself() -> None:
    floor = score("baseline", 4.0)
    itself = metrics(own=floor, contest={"baseline": floor, "challenger": score("challenger", 5.0)})
    assert gain_over(itself, "baseline") is None
    assert slots_of(metadata(is_baseline=True), itself)["baseline_loss"] == "it is the baseline itself"


def test_text_from_outside_is_shown_and_not_obeyed() -> None:
    wild = month("2019-05", origin="https://ana:secret@host/a|b\n# [x](http://evil) <script>")
    shown = slots_of(metadata(months=[month("2019-04"), wild]), metrics())["test_origin"]
    assert "secret" not in shown
    assert "\n" not in shown
    assert r"a\|b \# \[x\](http://evil) \<script\>" in shown
    signed = month("2019-05", origin="https://host/yellow.parquet?sig=secret&exp=1")
    assert "https://host/yellow.parquet?..., 1,000" in slots_of(metadata(months=[signed]), metrics())["test_origin"]
