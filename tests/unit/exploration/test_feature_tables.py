"""Tables of a month's features say what the month says."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest

from include.exploration import feature_figures
from include.exploration.feature_tables import (
    examples,
    features_of,
    guide,
    importance,
    rank_correlations,
    twins,
    varying,
)
from include.features.dictionary import FEATURE_NAMES, FEATURES
from tests.unit.processing.months import ROWS, healthy_month


@cache
def month() -> pd.DataFrame:
    """600 trips over four days whose fare is ten dollars a borough away, and a duration that nothing tells."""
    random = np.random.default_rng(3)
    pickup = np.datetime64("2019-03-01", "us") + np.arange(ROWS) * np.timedelta64(72, "m")
    end = random.integers(1, 264, ROWS)
    minutes = random.integers(2, 60, ROWS).astype("timedelta64[m]")
    table = healthy_month(pickup_at=pickup, dropoff_at=pickup + minutes, dropoff_zone=end)
    features = features_of(table)
    return features.assign(fare_usd=10 + 10 * features["dropoff_borough"])


def test_the_guide_lists_inputs_and_what_is_known_later() -> None:
    known = guide()["known"]
    assert known[list(FEATURE_NAMES)].eq("pickup").all()
    assert known["fare_usd"] == "dropoff"


def test_examples_are_spread_by_distance_and_named() -> None:
    shown = examples(month(), 3)
    assert shown.shape[1] == 3
    assert shown.loc["haversine_km"].is_monotonic_increasing
    assert all(" to " in head and ", day " in head for head in shown.columns)


def test_what_does_not_vary_has_no_correlation() -> None:
    correlations = rank_correlations(month())
    assert "meter_base_usd" not in varying(month())
    assert "pickup_zone" not in correlations
    assert correlations.loc["dropoff_borough", "fare_usd"] == pytest.approx(1)
    assert {"hour", "minute_of_day"} in [set(pair) for pair in twins(correlations)[["feature", "nearly"]].to_numpy()]


def test_a_feature_that_tells_the_label_is_worth_most() -> None:
    added: dict[str, float] = importance(month(), "fare_usd")["added"].to_dict()  # type: ignore[assignment]
    assert added["all about pickup_zone, dropoff_zone"] > 5 > abs(added["all about pickup_at"])
    assert max(FEATURE_NAMES, key=lambda name: added[name]) == "dropoff_borough"
    assert added["nothing shuffled"] == 0
    assert month()["dropoff_borough"].nunique() > 1, "shuffling leaves the frame as it was"


def test_figures_are_of_what_varies() -> None:
    numbers = feature_figures.distributions(month(), "number")
    shown = [ax.get_title() for ax in numbers.axes if ax.axison]
    assert "haversine_km" in shown
    assert "meter_unit_usd" not in shown
    assert len(feature_figures.flags(month()).axes[0].patches) == sum(f.type == "flag" for f in FEATURES)
    panels = feature_figures.importances({"fare_usd": importance(month(), "fare_usd")}).axes
    assert [ax.get_title() for ax in panels] == ["fare_usd"]
