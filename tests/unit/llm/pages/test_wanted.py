"""A question looks for its own words and for what the pages call them."""

from __future__ import annotations

from pathlib import Path

from include.llm.pages.passages import documents, passages_of
from include.llm.pages.stems import stem, stems_of
from include.llm.pages.thesaurus import thesaurus
from include.llm.pages.wanted import GAP, wanted


def test_a_word_is_found_by_another_that_says_the_same() -> None:
    word = next(word for word in wanted("undo it").words if word.stem == "undo")
    assert "make_rollback" in word.ways
    assert word.ways["undo"] > word.ways["make_rollback"]


def test_words_may_stand_between_those_of_a_phrase() -> None:
    near = wanted("please put the old one back")
    far = wanted(f"put {'very ' * (GAP + 3)} back")
    assert any("make_rollback" in ways for ways in near.phrases)
    assert not far.phrases


def test_slips_are_put_right_and_empty_words_left_out() -> None:
    assert [word.stem for word in wanted("what is the champoin?").words] == [stem("champion")]
    assert not wanted("what is it?").words


def test_what_the_thesaurus_means_stands_in_the_pages() -> None:
    """A word that no page has would widen nothing."""
    held = frozenset().union(
        *(stems_of(f"{p.heading} {p.path} {p.text}") for path in documents() for p in passages_of(path))
    )
    meant = frozenset().union(*thesaurus().means.values())
    assert meant <= held, f"nowhere in the pages: {sorted(meant - held)}"


def test_no_word_of_the_thesaurus_is_empty() -> None:
    assert all(said and meant for said, meant in thesaurus().means.items())


def test_pages_of_another_root_mend_by_their_own_words(pages: Path) -> None:
    assert [word.stem for word in wanted("lighthuose", pages).words] == [stem("lighthouse")]
