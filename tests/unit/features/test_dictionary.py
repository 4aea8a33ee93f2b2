"""The declarations keep the quote-time law, and the documents are written from them."""

from __future__ import annotations

import json

import pytest

from include.features.dictionary import (
    AFTER_TRIP,
    ALL_TARGETS,
    BEGIN,
    END,
    FEATURE_NAMES,
    FEATURES,
    JSON_FILE,
    PAGE,
    SOURCES,
    create_feature_dictionary,
    dictionary_json,
    page_with_tables,
)
from include.features.trip_features import PROBABILITIES, TARGETS
from include.trips.columns import COLUMNS
from include.trips.contract import PICKUP_COLUMNS

KNOWN = {column.name: column.known for column in COLUMNS}


def test_every_source_is_known_at_pickup() -> None:
    assert set(SOURCES) == set(PICKUP_COLUMNS)


@pytest.mark.parametrize("feature", [*FEATURES, *AFTER_TRIP], ids=lambda feature: feature.name)
def test_a_feature_is_known_when_its_last_source_is(feature: object) -> None:
    late = any(KNOWN[source] == "dropoff" for source in feature.sources)  # type: ignore[attr-defined]
    assert feature.known == ("dropoff" if late else "pickup")  # type: ignore[attr-defined]


def test_names_are_unique_and_few() -> None:
    names = [row["name"] for row in create_feature_dictionary()]
    assert len(set(names)) == len(names)
    assert len(FEATURE_NAMES) <= 45


def test_labels_are_the_targets() -> None:
    labels = {f.name: f.targets for f in AFTER_TRIP if f.role == "label"}
    assert labels == {name: (name,) for name in ALL_TARGETS}
    assert set(ALL_TARGETS) == {*TARGETS, *PROBABILITIES}


def test_the_committed_documents_are_the_declarations() -> None:
    """When this fails, run `make docs` and commit what it writes."""
    assert JSON_FILE.read_text(encoding="utf-8") == dictionary_json()
    page = PAGE.read_text(encoding="utf-8")
    assert page == page_with_tables(page)
    assert [row["name"] for row in json.loads(dictionary_json())][: len(FEATURES)] == list(FEATURE_NAMES)


def test_only_the_part_between_the_marks_is_written() -> None:
    written = page_with_tables(f"before\n{BEGIN}old\n{END}after\n")
    assert written.startswith(f"before\n{BEGIN}### ")
    assert written.endswith(f"{END}after\n")
    assert "old" not in written
