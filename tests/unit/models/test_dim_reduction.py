"""Components: shares, orientation, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from include.errors import BadDataError
from include.models.dim_reduction import LDAReducer, PCAReducer

NAMES = ("long", "longer", "noise")


def rows(n: int = 400) -> np.ndarray:
    """Two features that move together, in units a thousand times apart, and one of its own."""
    random = np.random.default_rng(7)
    shared = random.normal(size=n)
    return np.column_stack([shared, 1000 * shared + random.normal(size=n), random.normal(size=n)]).astype(np.float32)


def test_pca_finds_what_moves_together_whatever_the_unit() -> None:
    reducer = PCAReducer(2, NAMES)
    places = reducer.fit_transform(rows())
    assert places.shape == (400, 2)
    assert reducer.explained[0] == pytest.approx(2 / 3, abs=0.05)
    assert reducer.components[0, :2] == pytest.approx([0.5**0.5] * 2, abs=0.02)
    assert set(reducer.summary()[0]["features"]) == set(NAMES)


def test_signs_do_not_depend_on_the_order_of_rows() -> None:
    one, other = PCAReducer(2, NAMES), PCAReducer(2, NAMES)
    one.fit_transform(rows())
    other.fit_transform(rows()[::-1])
    assert one.components == pytest.approx(other.components, abs=1e-9)


def test_lda_finds_what_tells_groups_apart() -> None:
    x = rows()
    groups = (x[:, 2] > 0).astype(int)
    reducer = LDAReducer(5, NAMES)
    assert reducer.fit_transform(x, groups).shape == (400, 1)
    assert np.abs(reducer.components[0]).argmax() == 2
    assert reducer.explained.sum() == pytest.approx(1)


@pytest.mark.parametrize(
    ("x", "said"),
    [
        (rows(2), "needs more than 2 rows"),
        (np.where(rows() > 2000, np.nan, rows()), "longer holds NaN or infinity"),
        (rows()[:, :2], r"expected \(n, 3\)"),
    ],
)
def test_input_that_cannot_be_reduced_is_named(x: np.ndarray, said: str) -> None:
    with pytest.raises(BadDataError, match=said):
        PCAReducer(2, NAMES).fit_transform(x)


def test_one_group_cannot_be_told_apart() -> None:
    with pytest.raises(BadDataError, match="all 400 rows are of one group"):
        LDAReducer(2, NAMES).fit_transform(rows(), np.ones(400))


def test_a_constant_feature_weighs_nothing() -> None:
    x = rows()
    x[:, 2] = 5
    reducer = PCAReducer(2, NAMES)
    reducer.fit_transform(x)
    assert reducer.components[:, 2] == pytest.approx([0, 0])


def test_the_figures_show_every_component() -> None:
    reducer = PCAReducer(2, NAMES)
    reducer.fit_transform(rows())
    assert len(reducer.plot_explained_variance().axes[0].patches) == 2
    assert [t.get_text() for t in reducer.plot_components().axes[0].get_yticklabels()] == ["component 1", "component 2"]
