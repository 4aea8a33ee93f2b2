"""A copy of a card goes where it was asked for, or a sentence says why it does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from include.config import Settings
from include.errors import BadDataError
from include.llm import card_store
from scripts import generate_model_card


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> list[int]:
    """Versions whose card was written."""
    versions: list[int] = []

    def write(_: Settings, _name: str, version: int) -> dict[str, str]:
        versions.append(version)
        return {}

    monkeypatch.setattr(generate_model_card, "get_settings", lambda: settings)
    monkeypatch.setattr(generate_model_card, "write_card", write)
    monkeypatch.setattr(card_store, "read", lambda *_: "a card")
    return versions


def test_a_copy_is_written_and_named(written: list[int], tmp_path: Path) -> None:
    copy = tmp_path / "card.md"
    told = generate_model_card._write("nyc_taxi_yellow_fare_usd", 3, copy)
    assert told["file"] == str(copy)
    assert told["page"].endswith("/model_cards/nyc_taxi_yellow_fare_usd/v3.html")
    assert (written, copy.read_text()) == ([3], "a card")


def test_a_form_that_no_card_has_is_refused_before_anything_is_written(written: list[int], tmp_path: Path) -> None:
    with pytest.raises(BadDataError, match=r"neither \.md nor \.html"):
        generate_model_card._write("nyc_taxi_yellow_fare_usd", 3, tmp_path / "card.pdf")
    assert written == []


def test_a_copy_that_cannot_be_written_is_told_of(written: list[int], tmp_path: Path) -> None:
    with pytest.raises(BadDataError, match=r"its copy .* cannot be written: No such file or directory"):
        generate_model_card._write("nyc_taxi_yellow_fare_usd", 3, tmp_path / "nowhere" / "card.md")
    assert written == [3]


@pytest.mark.parametrize("name", ["", "nyc_taxi_yellow_fare"])
def test_a_model_without_a_champion_is_named_beside_those_that_have_one(written: list[int], name: str) -> None:
    with pytest.raises(BadDataError, match=rf"^MODEL='{name}' has no champion; models that have one: none\."):
        generate_model_card._write(name, None, None)
    assert written == []
