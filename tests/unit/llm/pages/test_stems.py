"""Forms of a word are one word, and names are found by their parts."""

from __future__ import annotations

import pytest

from include.llm.pages.stems import stem, stems_in


@pytest.mark.parametrize(
    "forms",
    [
        ("promote", "promoted", "promotes", "promotion"),
        ("calibrate", "calibrated", "calibration"),
        ("approve", "approval", "approved"),
        ("recover", "recovery"),
        ("stop", "stopped", "stopping"),
        ("die", "died", "dies"),
        ("choose", "chosen", "chose"),
        ("month", "monthly"),
        ("tune", "tuned", "tuning"),
        ("add", "added", "adding"),
        ("pay", "paying"),
    ],
)
def test_forms_of_a_word_have_one_stem(forms: tuple[str, ...]) -> None:
    assert len({stem(form) for form in forms}) == 1


@pytest.mark.parametrize(("one", "other"), [("trip", "tip"), ("train", "trial"), ("pass", "past"), ("fall", "fail")])
def test_other_words_have_another(one: str, other: str) -> None:
    assert stem(one) != stem(other)


def test_names_come_with_their_parts() -> None:
    assert stems_in("TAXI_MIN_GAIN") == ("taxi_min_gain", "taxi", "min", "gain")
    assert {"taxidegrad", "degrad"} <= set(stems_in("TaxiDegraded"))
    assert "make_db_shell" in stems_in("make db-shell opens it")
