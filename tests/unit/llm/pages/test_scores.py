"""A section is worth what its heading, its names and its best paragraph say of the question."""

from __future__ import annotations

from collections import defaultdict

from include.llm.pages.passages import Passage
from include.llm.pages.scores import Scorer
from include.llm.pages.wanted import wanted

EVEN: defaultdict[str, float] = defaultdict(lambda: 1.0)
"""Every word tells the same."""


def section(heading: str, text: str) -> Passage:
    return Passage("document", "docs/SEA.md", heading, text)


def scores(question: str, *passages: Passage) -> list[float]:
    scored = Scorer(wanted(question), EVEN)
    return [scored(passage) for passage in passages]


def test_a_heading_counts_more_than_the_text() -> None:
    named, told = scores("lobster", section("Lobster", "Red."), section("Red", "Lobster."))
    assert named > told > 0


def test_the_name_of_a_row_counts_more_than_a_word_beside_it() -> None:
    head = "| word | meaning |\n|---|---|\n"
    named, told = scores(
        "lobster", section("Sea", f"{head}| `lobster` | red |\n"), section("Sea", f"{head}| `red` | a lobster |\n")
    )
    assert named > told


def test_one_paragraph_that_says_all_is_better_than_several_that_say_some() -> None:
    near, scattered = scores(
        "lobster anchor", section("Sea", "Lobster anchor.\n\nOther."), section("Sea", "Lobster.\n\nAnchor other.")
    )
    assert near > scattered


def test_the_nearest_paragraph_is_told_from_the_section() -> None:
    scored = Scorer(wanted("lobster anchor"), EVEN)
    assert scored.nearest(section("Sea", "Lobster anchor.")) == 1.0
    assert scored.nearest(section("Lobster", "Anchor.\n\nOther.")) == 1.0
    assert scored.nearest(section("Sea", "Lobster.\n\nAnchor.")) == 0.5
    assert scored.nearest(section("Sea", "Nothing.")) == 0.0
