"""The declarations keep the quote-time law."""

from __future__ import annotations

from include.features.dictionary import FEATURE_NAMES, FEATURES
from include.trips.contract import PICKUP_COLUMNS


def test_every_source_is_known_at_pickup() -> None:
    assert {source for feature in FEATURES for source in feature.sources} == set(PICKUP_COLUMNS)


def test_names_are_unique() -> None:
    assert len(set(FEATURE_NAMES)) == len(FEATURE_NAMES)
