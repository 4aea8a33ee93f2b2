"""The scale of amounts: from dark to bright without a step back."""

from __future__ import annotations

import pytest

from include.dashboard.colours import CIVIDIS, amount_steps, cividis


def brightness(colour: str) -> float:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_places_of_the_list_are_themselves_and_others_lie_between() -> None:
    assert [cividis(place / 9) for place in range(10)] == list(CIVIDIS)
    assert cividis(0.5 / 9) == "#092c5f"


@pytest.mark.parametrize("count", [2, 6, 40])
def test_more_is_brighter(count: int) -> None:
    colours = [brightness(colour) for colour in amount_steps(count)]
    assert colours == sorted(colours)
    assert len({*colours}) == count


def test_one_step_is_the_middle_and_none_is_none() -> None:
    assert amount_steps(1) == [cividis(0.5)]
    assert amount_steps(0) == []


@pytest.mark.parametrize("place", [-0.01, 1.01, float("nan")])
def test_a_place_off_the_scale_is_refused(place: float) -> None:
    with pytest.raises(ValueError, match="expected 0 to 1"):
        cividis(place)
