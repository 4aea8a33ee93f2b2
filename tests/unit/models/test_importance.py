"""Importance: what a feature is worth, by its absence."""

from __future__ import annotations

import numpy as np
import pytest

from include.models.importance import permutation_importance

X = np.random.default_rng(5).normal(size=(800, 3)).astype(np.float32)


def test_the_feature_that_decides_comes_first_and_an_unused_one_is_worth_nothing() -> None:
    ranked = permutation_importance(lambda x: 3 * x[:, 1] + x[:, 0], X, 3 * X[:, 1] + X[:, 0], "fare_usd", "abc")
    assert [row["feature"] for row in ranked] == ["b", "a", "c"]
    assert ranked[0]["importance"] == pytest.approx(3 * 2 / np.pi**0.5, rel=0.1)  # mean |difference| of two normals
    assert ranked[2]["importance"] == 0


def test_the_trips_are_left_as_they_were() -> None:
    before = X.copy()
    permutation_importance(lambda x: x[:, 0], X, X[:, 0], "fare_usd", "abc")
    assert (before == X).all()


def test_a_probability_is_judged_by_log_loss() -> None:
    actual = (X[:, 0] > 0).astype(np.float32)
    ranked = permutation_importance(lambda x: np.where(x[:, 0] > 0, 0.9, 0.1), X, actual, "high_tip", "abc")
    assert ranked[0]["feature"] == "a"
    assert ranked[0]["importance"] == pytest.approx(0.5 * np.log(9), rel=0.1)  # half the pairs turn from 0.9 to 0.1
