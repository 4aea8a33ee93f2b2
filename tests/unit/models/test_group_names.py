"""Names: the traits that stand out most, no name twice."""

from __future__ import annotations

import numpy as np

from include.models.group_names import Trait, name_groups

TRAITS = (Trait("km", "long", "short"), Trait("night", "at night"), Trait("constant", "never said", "nor this"))
ROWS = np.array([[0.0, 0.0, 1.0], [10.0, 1.0, 1.0], [5.0, 0.5, 1.0], [5.0, 0.5, 1.0]])


def test_a_group_is_called_by_what_sets_it_apart() -> None:
    centres = np.array([[10.0, 0.5, 1.0], [0.0, 1.0, 1.0], [5.0, 0.0, 1.0]])
    assert name_groups(centres, ROWS, TRAITS) == ["long", "short, at night", "like the whole city"]


def test_no_two_groups_share_a_name() -> None:
    centres = np.array([[10.0, 0.5, 1.0], [9.9, 0.5, 1.0], [5.0, 0.5, 1.0]])
    assert name_groups(centres, ROWS, TRAITS) == ["long 1", "long 2", "like the whole city"]
