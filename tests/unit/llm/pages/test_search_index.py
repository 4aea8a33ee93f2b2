"""The index is whole, holds its sources as they are now, and is built where it can be."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from include.llm import card_store
from include.llm.pages import documented
from include.llm.pages.index_place import index_file
from include.llm.pages.passages import Passage, documents, passages_of
from include.llm.pages.search_index import SearchIndex
from include.llm.pages.sources import card_sources, document_sources
from tests.homes import settings_of


def build(index: SearchIndex, root: Path) -> bool:
    sources = document_sources(root)
    return index.refresh({s.name: s.hash for s in sources}, {s.name: s.read for s in sources})


def test_a_changed_page_is_read_again_and_an_unchanged_one_is_not(pages: Path, tmp_path: Path) -> None:
    index = SearchIndex(tmp_path / "i.db")
    assert build(index, pages)
    assert not build(index, pages)
    (pages / "docs/SEA.md").write_text("# The sea\n\n## Waves\n\nWaves are combed by the wind.\n")
    assert build(index, pages)
    assert [found.heading for found in index.search("waves")] == ["Waves"]
    assert not index.search("tide")
    assert [found.heading for found in index.search("boat")] == ["Boats"]


def test_a_page_that_is_gone_is_forgotten(pages: Path, tmp_path: Path) -> None:
    index = SearchIndex(tmp_path / "i.db")
    build(index, pages)
    (pages / "docs/SEA.md").unlink()
    assert build(index, pages)
    assert not index.search("tide")


def test_a_damaged_file_is_made_again(pages: Path, tmp_path: Path) -> None:
    index = SearchIndex(tmp_path / "i.db")
    index.file.write_bytes(b"no database at all" * 100)
    assert index.hashes() == {}
    assert build(index, pages)
    assert index.search("tide")


def test_many_at_once_see_a_whole_index(pages: Path, tmp_path: Path) -> None:
    index = SearchIndex(tmp_path / "i.db")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: build(index, pages), range(8)))
        found = list(pool.map(lambda _: len(index.search("tide")), range(16)))
    assert set(found) == {1}
    assert not list(tmp_path.glob(".*.tmp"))


def test_a_home_that_cannot_be_written_has_its_index_beside_the_bundles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_of(tmp_path / "home", model_cache=str(tmp_path / "cache"))
    monkeypatch.setattr("include.llm.pages.index_place._may_write", lambda folder: "cache" in folder.parts)
    assert index_file(settings, tmp_path).parent == tmp_path / "cache" / "assistant"


@pytest.mark.parametrize(
    "text", ['" OR 1=1', "NEAR(a b)", "a* -b ^c", "'; DROP TABLE passages; --", "AND OR NOT", "", "\x00"]
)
def test_search_syntax_in_a_question_is_words(pages: Path, tmp_path: Path, text: str) -> None:
    index = SearchIndex(tmp_path / "i.db")
    build(index, pages)
    index.search(text)
    with sqlite3.connect(index.file) as connection:
        assert connection.execute("SELECT COUNT(*) FROM passages").fetchone()[0] == 3


def test_every_heading_of_the_documentation_is_a_passage() -> None:
    found = [passage for path in documents() for passage in passages_of(path)]
    assert {"README.md", "docs/MODELS.md", "docs/feature_dictionary.json"} <= {p.source for p in found}
    assert all(isinstance(p, Passage) and p.text.strip() for p in found)
    assert ("docs/MODELS.md", "Families") in {(p.source, p.heading) for p in found}


def test_cards_are_found_apart_from_the_pages(tmp_path: Path, pages: Path) -> None:
    from include.llm.model_card import ModelCard

    lake = str(tmp_path / "lake")
    listed = {"service": "yellow", "target": "fare_usd", "family": "ridge", "test_month": "2019-03", "written_at": "x"}
    text = "# Card\n\n## Limits\n\nThe tide of fares is not known to this model.\n"
    card_store.save(lake, ModelCard("nyc_taxi_yellow_fare_usd", 1, listed, text, "<p></p>", "code"))
    index = SearchIndex(tmp_path / "index.db")
    sources = [*document_sources(pages), *card_sources(lake)]
    index.refresh({s.name: s.hash for s in sources}, {s.name: s.read for s in sources})
    found = documented.answer_from_cards(index, "Does the card tell of the tide?", ["_yellow_", "fare_usd"], pages)
    assert found is not None
    assert [(c.kind, c.source, c.where["heading"]) for c in found.citations] == [
        ("card", "nyc_taxi_yellow_fare_usd/1", "Limits")
    ]
    assert (
        documented.answer_from_cards(index, "Does the card tell of the tide?", ["_green_", "fare_usd"], pages) is None
    )
    assert {found.kind for found in index.search("tide")} == {"document"}
