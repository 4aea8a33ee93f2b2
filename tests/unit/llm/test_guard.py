"""No prose gets past the guard that could say something false; the code's own prose does."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.llm.guard import foreign_numbers, number_words, place_words, refusals
from include.trips.zones import BOROUGHS, zone_rows

SLOTS = ("test_loss", "worst_slice", "best_slice", "baseline_gain")
WAYS = {"worst_slice": "up", "best_slice": "down"}
GOOD = ("The error is largest for {worst_slice}, as later riders will see; for {best_slice} it is smaller. Its error "
        "on the month kept apart was {test_loss}, read from the registry.")  # fmt: skip
MARKUP = ["<b>", "<script>", "&lt;", "[here](x)", "http://x", "https://x.org", "www.tlc.com", "a/b", "`x`", "**x**",
          "# x", "|", "javascript:x", "mail@x", '"', "\\", "\u200b", "\u0430"]  # fmt: skip
NAMES = sorted({*BOROUGHS[1:], *(row["zone"] for row in zone_rows()), "JFK", "LaGuardia", "airports", "evening"})
PLACES = st.integers(0, GOOD.count(" ") - 1)


def refused(text: str, needed: tuple[str, ...] = ()) -> list[str]:
    return refusals(text, SLOTS, needed, WAYS)  # type: ignore[arg-type]


def with_word(place: int, word: str) -> str:
    """The good text with a word put between two others, outside of placeholders."""
    words = GOOD.split(" ")
    return " ".join([*words[: place + 1], word, *words[place + 1 :]])


def test_prose_of_placeholders_and_checked_comparisons_is_taken() -> None:
    assert refused(GOOD, needed=SLOTS[:3]) == []


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


@given(PLACES, st.from_regex(r"[a-z][a-z0-9_]{0,12}", fullmatch=True).filter(lambda name: name not in SLOTS))
def test_an_unknown_placeholder_is_refused_by_name(place: int, name: str) -> None:
    assert f"unknown placeholder {name}" in refused(with_word(place, f"{{{name}}}"))


@given(st.sampled_from(SLOTS[:3]))
def test_a_missing_placeholder_is_refused_by_name(name: str) -> None:
    assert f"missing placeholder {name}" in refused(GOOD.replace(f"{{{name}}}", "that"), needed=SLOTS[:3])


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


def test_numbers_of_an_answer_are_held_against_what_it_cites() -> None:
    facts = ["mae 3.80 minutes", "19,675 trips", "month 2019-03"]
    assert foreign_numbers("In 2019-03 it was 3.8 minutes over 19675 trips.", facts) == []
    assert foreign_numbers("It was 3.81 minutes over 19,676 trips, or two of them.", facts) == ["19,676", "3.81", "two"]
