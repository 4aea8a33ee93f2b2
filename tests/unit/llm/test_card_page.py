"""A card is the same bytes for the same facts, and a page that loads and runs nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from include.config import Settings
from include.errors import BadDataError
from include.llm import card_store
from include.llm.card_page import fill
from include.llm.card_texts import TEXTS
from include.llm.model_card import ModelCard, generate_model_card_with_llm, save_model_card
from tests.unit.llm.versions import NAME, NOTHING, metadata, metrics, score

FIELDS = ("Model details", "Intended use", "Factors", "Metrics", "Evaluation data", "Training data",
          "Quantitative analyses", "Ethical considerations", "Caveats and recommendations", "General description",
          "Development process", "Data governance", "Monitoring, functioning and control", "Performance and limits",
          "Risk management", "Changes over the lifecycle", "Standards", "Post-market monitoring")  # fmt: skip


@pytest.fixture(params=tuple(TEXTS))
def card(request: pytest.FixtureRequest, settings: Settings) -> ModelCard:
    return generate_model_card_with_llm(metadata(request.param), metrics(request.param), settings)


def test_both_forms_have_every_field(card: ModelCard) -> None:
    for field in FIELDS:
        assert re.search(rf"^#+ {field}$", card.markdown, flags=re.M)
        assert re.search(rf"<h[23]>{field}</h[23]>", card.html)


def test_no_slot_is_left_open(card: ModelCard) -> None:
    assert not re.search(r"\{[a-z_0-9]+\}|figure-comes-here", card.markdown + card.html.partition("</style>")[2])


def test_the_page_loads_and_runs_nothing(card: ModelCard) -> None:
    assert "<script" not in card.html
    assert not re.search(r"(src|href)=\"(?!data:)", card.html)
    assert "default-src 'none'" in card.html
    assert card.html.count("<svg") >= 2


def test_equal_facts_give_equal_bytes_and_no_time_but_the_decisions(card: ModelCard, settings: Settings) -> None:
    target = card.listed["target"]
    again = generate_model_card_with_llm(metadata(target), metrics(target), settings)
    assert (again.markdown, again.html) == (card.markdown, card.html)
    assert set(re.findall(r"\d{4}-\d\d-\d\d \d\d:\d\d", card.markdown)) == {"2019-06-02 03:04"}


def test_a_version_that_nobody_measured_has_a_card_too(settings: Settings) -> None:
    card = generate_model_card_with_llm(metadata(decision=None, history=[]), metrics() | NOTHING, settings)
    assert card.markdown.count("not measured: ") > 15
    assert "<svg" not in card.html


def test_error_by_age_is_drawn_when_it_was_measured(settings: Settings) -> None:
    cells = [{"age_months": age, "loss": 2.0 + age, "rows_scored": 10, "family": "lightgbm"} for age in (1, 2, 2)]
    card = generate_model_card_with_llm(metadata(), metrics(age=cells), settings)
    assert "2 months: 4.00, 2 models" in card.html
    assert "make staleness" in card.markdown


def test_a_group_that_is_too_small_is_not_drawn(settings: Settings) -> None:
    card = generate_model_card_with_llm(metadata(), metrics(), settings)
    assert "Queens: 3.00, 400 trips" in card.html
    assert "Bronx: 9.00" not in card.html


def test_a_value_is_not_filled_a_second_time() -> None:
    assert fill("{a} {b}", {"a": "{b}", "b": "x"}) == "{b} x"
    with pytest.raises(KeyError):
        fill("{c}", {})


def test_a_card_is_saved_by_the_ending_of_its_name(settings: Settings, tmp_path: Path) -> None:
    card = generate_model_card_with_llm(metadata(), metrics(), settings)
    assert save_model_card(card, tmp_path / "new" / "card.md").read_text() == card.markdown
    assert save_model_card(card, str(tmp_path / "card.html")).read_text() == card.html
    with pytest.raises(BadDataError, match=r"\.md nor \.html"):
        save_model_card(card, tmp_path / "card.pdf")


def test_the_store_gives_back_what_it_was_given(settings: Settings) -> None:
    card = generate_model_card_with_llm(metadata(), metrics(), settings)
    assert not card_store.holds(settings.lake, card)
    card_store.save(settings.lake, card)
    assert card_store.holds(settings.lake, card)
    assert card_store.read(settings.lake, card.name, 3) == card.markdown
    assert card_store.read(settings.lake, card.name, 3, "html") == card.html
    assert card_store.read(settings.lake, card.name, 4) is None
    (listed,) = card_store.list_cards(settings.lake)
    assert (listed["name"], listed["version"], listed["family"]) == (NAME["fare_usd"], 3, "lightgbm")


def test_another_text_takes_the_place_of_a_versions_card(settings: Settings) -> None:
    first = generate_model_card_with_llm(metadata(), metrics(), settings)
    card_store.save(settings.lake, first)
    later = metrics(prospective=[score("prospective", 2.2, month="2019-06")])
    second = generate_model_card_with_llm(metadata(), later, settings)
    assert not card_store.holds(settings.lake, second)
    card_store.save(settings.lake, second)
    assert "2019-06" in str(card_store.read(settings.lake, first.name, 3))


@pytest.mark.parametrize("name", ["..", "../bundles", "a/b", "", "A", "a.b", "/etc", "a" * 65, "%2e%2e"])
def test_a_name_that_leads_elsewhere_is_refused(settings: Settings, name: str) -> None:
    with pytest.raises(BadDataError, match="no name of a registered model"):
        card_store.read(settings.lake, name, 1)


def test_a_damaged_entry_is_left_out_of_the_list(settings: Settings) -> None:
    card = generate_model_card_with_llm(metadata(), metrics(), settings)
    card_store.save(settings.lake, card)
    shelf = Path(settings.lake, "model_cards", card.name)
    whole = (shelf / "v3.json").read_text()
    wrong = (whole.replace('"family": "lightgbm"', '"family": null'), whole.replace('"version": 3', '"version": "3"'))
    for version, text in enumerate(("{", "[]", '{"name": "../x", "version": 9}', *wrong), 7):
        (shelf / f"v{version}.json").write_text(text)
    assert [listed["version"] for listed in card_store.list_cards(settings.lake)] == [3]
