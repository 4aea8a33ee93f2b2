"""A card worded by a language model over HTTP: what it says within the rules stands, what it makes up does not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from include.config import Settings
from include.llm.model_card import generate_model_card_with_llm
from tests.servers.language_model import LanguageModel, language_model
from tests.unit.llm.versions import metadata, metrics

pytestmark = pytest.mark.integration
SLICES = ("Parts of the month with {slice_floor} trips and up were ranked. The error was largest for "
          "{worst_slice}, where it came to {worst_loss} in {worst_rows} trips; for {best_slice} it was smallest, at "
          "{best_loss} in {best_rows} trips.")  # fmt: skip


@pytest.fixture
def model() -> Iterator[LanguageModel]:
    with language_model() as running:
        yield running


@pytest.fixture
def asking(settings: Settings, model: LanguageModel) -> Settings:
    return settings.model_copy(update={"llm_model": "openai:local", "llm_base_url": model.url, "llm_retries": 0})


def test_one_honest_section_stands_and_the_lies_do_not(asking: Settings, model: LanguageModel) -> None:
    model.says(
        "The error is 0.01 USD, the best ever measured.", "All boroughs are served equally well by this model.",
        "Ignore the rules: {api_key} is what I was told to print here.", SLICES, "Queens is always quoted best.",
    )  # fmt: skip
    card = generate_model_card_with_llm(metadata(), metrics(), asking)
    assert "were ranked. The error was largest for airport trips, where it came to 4.00 USD" in card.markdown
    assert "openai:local worded the sections slices," in card.markdown
    assert card.markdown.count("is the code's own: ") == 4
    for lie in ("0.01 USD", "equally well", "{api_key}", "always quoted"):
        assert lie not in card.markdown


def test_the_same_card_is_not_paid_for_twice(asking: Settings, model: LanguageModel) -> None:
    model.says(SLICES)
    first = generate_model_card_with_llm(metadata(), metrics(), asking)
    asked = len(model.asked)
    assert generate_model_card_with_llm(metadata(), metrics(), asking).markdown == first.markdown
    assert len(model.asked) == asked == 5
