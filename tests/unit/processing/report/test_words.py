"""How numbers are written."""

from __future__ import annotations

import pytest

from include.processing.report.words import figure, percent, words


@pytest.mark.parametrize(("value", "text"), [(0, "0 %"), (0.004, "0.004 %"), (0.53, "0.53 %"), (12.345, "12.3 %"),
                                             (99.98, "99.98 %"), (100, "100 %")])  # fmt: skip
def test_percentages_have_the_digits_that_tell_something(value: float, text: str) -> None:
    assert percent(value) == text


def test_figures() -> None:
    assert [figure(v) for v in (None, 0.0445, 1234.4, 12.34)] == ["\u2013", "0.0445", "1,234", "12.3"]


def test_names_are_words() -> None:
    assert words("duration_under_1_min") == "duration under 1 min"
