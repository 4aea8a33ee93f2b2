"""No prose gets past the guard that could say something false; the code's own prose does."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.llm.guard import COMPARING, JUDGING, PROSE, claims, number_words, place_words, refusals
from include.trips.zones import BOROUGHS, zone_rows

SLOTS = ("test_loss", "worst_slice", "best_slice", "baseline_gain")
WAYS = {"worst_slice": "up", "best_slice": "down"}
GOOD = ("The error is largest for {worst_slice}, as riders will see; for {best_slice} it is smaller. Its error "
        "on the month kept apart was {test_loss}, read from the registry.")  # fmt: skip
MARKUP = ["<b>", "<script>", "&lt;", "[here](x)", "http://x", "https://x.org", "www.tlc.com", "a/b", "`x`", "**x**",
          "# x", "|", "javascript:x", "mail@x", '"', "\\", "\u200b", "\u0430"]  # fmt: skip
NAMES = sorted({*BOROUGHS[1:], *(row["zone"] for row in zone_rows()), "JFK", "LaGuardia", "airports", "evening"})
PLACES = st.integers(0, GOOD.count(" ") - 1)


def refused(text: str, draft: str = GOOD) -> list[str]:
    return refusals(text, draft, WAYS)  # type: ignore[arg-type]


def with_word(place: int, word: str) -> str:
    """The good text with a word put between two others, outside of placeholders."""
    words = GOOD.split(" ")
    return " ".join([*words[: place + 1], word, *words[place + 1 :]])


def test_prose_of_placeholders_and_checked_comparisons_is_taken() -> None:
    assert refused("This was found. " + GOOD) == []


@given(PLACES, st.characters(categories=["Nd", "Nl", "No"]))
def test_no_digit_of_any_script_gets_in(place: int, digit: str) -> None:
    assert refused(with_word(place, f"x{digit}"))


@given(PLACES, st.integers(0, 99_999_999), st.sampled_from(["{:d}", "{:,d}", "({:d})", "{:d}.", "~{:d}"]))
def test_no_number_gets_in_however_it_is_written(place: int, number: int, form: str) -> None:
    assert refused(with_word(place, form.format(number)))


@given(PLACES, st.lists(st.sampled_from(["one", "two", "twelve", "nineteen", "forty", "hundred", "million", "half",
                                         "third", "dozen", "percent", "twice", "double"]), min_size=1, max_size=3),
       st.sampled_from(["-", "", " "]), st.booleans())  # fmt: skip
def test_no_number_in_words_gets_in(place: int, parts: list[str], joint: str, capital: bool) -> None:
    word = joint.join(parts)
    assert any(
        told.startswith("a number in words") for told in refused(with_word(place, word.title() if capital else word))
    )


@pytest.mark.parametrize("word", ["%", "$", "€", "XII", "tenfold", "twentyone", "halves", "fifths", "per cent"])
def test_signs_roman_numerals_and_glued_words_are_numbers_too(word: str) -> None:
    assert refused(with_word(3, word))


def test_words_that_only_contain_a_number_are_none() -> None:
    assert number_words("Someone often tends to phone a weighty boneless tenant; it listens") == []


@given(PLACES, st.text("az_09", max_size=12).map("s{}".format))
def test_an_unknown_placeholder_is_refused_by_name(place: int, name: str) -> None:
    assert f"unknown placeholder {name}" in refused(with_word(place, f"{{{name}}}"))


@given(st.sampled_from(SLOTS[:3]))
def test_a_missing_placeholder_is_refused_by_name(name: str) -> None:
    assert f"missing placeholder {name}" in refused(GOOD.replace(f"{{{name}}}", "that"))


@given(PLACES, st.sampled_from(["{", "}", "{{test_loss}}", "{ test_loss }", "{TEST_LOSS}", "{test-loss}", "{}"]))
def test_a_stray_brace_is_no_placeholder(place: int, brace: str) -> None:
    assert refused(with_word(place, brace))


@given(PLACES, st.sampled_from(MARKUP))
def test_markup_links_and_letters_of_other_scripts_are_refused(place: int, markup: str) -> None:
    assert refused(with_word(place, markup))


@given(PLACES, st.sampled_from(NAMES))
def test_no_place_or_time_is_named_but_by_a_placeholder(place: int, name: str) -> None:
    assert refused(with_word(place, name))


@pytest.mark.parametrize("text", [
    "The error is smallest for {worst_slice}, and riders will see it.",
    "The error is largest for {best_slice}, and riders will see it.",
    "For {worst_slice} and for {best_slice} the error is larger than before.",
    "The error is larger on long trips, and {test_loss} is what it came to.",
    "For {worst_slice} the error is more of a burden and it is larger.",
    "The error of {test_loss} is lower than that of the baseline by {baseline_gain}.",
    "Its error of {test_loss} has improved and it drops with each month.",
])  # fmt: skip
def test_a_comparison_that_the_facts_do_not_carry_is_refused(text: str) -> None:
    assert any(told.startswith("a comparison that the facts do not carry") for told in refused(text))


@pytest.mark.parametrize("word", ["fair", "never", "not", "reliable", "significant", "always", "accurate", "unbiased"])
def test_verdicts_and_negations_are_refused(word: str) -> None:
    assert f"a verdict or a negation: {word}" in refused(with_word(2, word))


@given(st.text(max_size=300))
def test_whatever_is_taken_holds_no_digit_and_no_markup(text: str) -> None:
    if not refused(text):
        assert not re.search(r"[\d<>\[\]`|%$@/\\]", re.sub(r"\{[a-z_]+\}", "", text))


def test_words_that_prose_needs_name_no_place() -> None:
    assert not {"the", "new", "and", "for", "not", "park", "hall"} & place_words()
    assert {"manhattan", "queens", "jfk", "harlem", "airport"} <= place_words()


def test_the_words_that_are_free_are_none_of_those_that_are_watched() -> None:
    assert not PROSE & (COMPARING | JUDGING | place_words())
    assert number_words(" ".join(PROSE)) == []


def test_a_claim_is_what_a_clause_says_without_its_free_words() -> None:
    told = claims(
        "It was trained on {n} trips of {m}; there the error was {loss}. It is here. The baseline had {floor}."
    )
    assert told == [["fitted", "{n} trips", "{m}"], ["error", "{loss}"], ["baseline", "{floor}"]]


@pytest.mark.parametrize(("said", "instead"), [
    ("There its error was {test_loss}.", "The error that it showed there has come to {test_loss}."),
    ("It was fitted on", "This is trained with"), ("and tested on", "and it was evaluated on"),
    ("That error is lower than", "Lower is that error than"), ("{floor} on these trips", "{floor} for these trips"),
])  # fmt: skip
def test_the_same_in_other_plain_words_is_taken(said: str, instead: str) -> None:
    assert said in DRAFT
    assert refusals(DRAFT.replace(said, instead), DRAFT, {"gain": "down"}) == []


DRAFT = ("It was fitted on {train_rows} trips of {fit_months}, and tested on {test_month}. There its error was "
         "{test_loss}. That error is lower than that of the baseline by {gain}. The baseline had {floor} on these "
         "trips; {read} rows were read and {left} were set aside.")  # fmt: skip


@pytest.mark.parametrize(("said", "instead"), [
    ("There its error was {test_loss}.", "There the baseline had {test_loss}."),
    ("{test_loss}", "{floor}"),
    ("fitted on {train_rows} trips of {fit_months}, and tested on {test_month}",
     "tested on {train_rows} trips of {fit_months}, and fitted on {test_month}"),
    ("of {fit_months}, and tested on {test_month}", "of {test_month}, and tested on {fit_months}"),
    ("{read} rows were read and {left}", "{left} rows were read and {read}"),
    ("{read} rows", "{read} days"), ("{train_rows} trips", "{train_rows} months of trips"),
    ("{test_loss}", "{test_loss} trips"),
    ("That error is lower than that of the baseline", "That of the baseline is lower than that error"),
    ("That error is lower than that of", "That error is lower for"),
    ("on these trips", "on trips of its own"), ("There its error", "There the error of its riders"),
    ("There its error", "There the share of trips with an error"), ("were set aside", "were set aside by riders"),
    ("That error is lower", "What people report is lower"), ("There its error was", "There its error will be"),
    ("There its error", "In later months its error"), ("There its error", "On unseen cities its error"),
    ("There its error was", "There its error wasn't"), ("There its error was", "There its error isn\u2019t"),
    ("There its error was", "There its error may have been"), ("There its error was", "There its error cannot be"),
    ("There its error was", "There its error lacks"), ("was {test_loss}", "was a fraction of {test_loss}"),
    ("was {test_loss}", "was halved to {test_loss}"), ("was {test_loss}", "was up to {test_loss}"),
    ("was {test_loss}", "was a record {test_loss}, unbeaten"), ("was {test_loss}", "was {test_loss}, which wins"),
    ("was {test_loss}", "was {test_loss} for many riders"), ("was {test_loss}", "was {test_loss} citywide"),
    ("was {test_loss}", "was {test_loss}, a couple of minutes"), ("was {test_loss}", "was {test_loss}, xii in sum"),
    ("on these trips", "on these made up trips"), ("were set aside", "were deleted"),
    ("on these trips", "on new trips"),
    ("There its error", "It is certified and legal. There its error"),
    ("There its error", "The baseline is what stands. There its error"),
    ("There its error", "Regulators approved it. There its error"),
    ("set aside.", "set aside. The figures are lies."), ("set aside.", "set aside. It excels and dominates."),
    ("set aside.", "set aside. Drivers were trusted with it."), ("set aside.", "set aside. It increased and rose."),
    ("set aside.", "set aside. Each of them agreed with it."), ("set aside.", "set aside. It is &lt;b&gt; here."),
])  # fmt: skip
def test_what_the_draft_does_not_say_is_refused(said: str, instead: str) -> None:
    ways = {"gain": "down"}
    assert refusals(DRAFT, DRAFT, ways) == []  # type: ignore[arg-type]
    assert said in DRAFT
    assert refusals(DRAFT.replace(said, instead), DRAFT, ways)  # type: ignore[arg-type]
