"""How and what are answered out of the documentation: an excerpt of the best section, with its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from pathlib import Path

from include.llm.ask.answering import Answer, Citation, Kind
from include.llm.pages.excerpts import excerpt
from include.llm.pages.forms import is_howto
from include.llm.pages.passages import ROOT, Passage
from include.llm.pages.scores import Scorer, counted
from include.llm.pages.search_index import SearchIndex, Table
from include.llm.pages.wanted import Wanted, wanted

ENOUGH, NEARLY_ALL = 0.15, 0.65
"""Share of the question's words, weighed by how much they tell, that one of the places has to say; and where the
question could as well ask for what no page knows."""
CITED = 3
NEARLY = 0.7
"""A second section that scores so near the first is shown beside it."""
HAS_CODE, REFERENCE, ABOUT_TEXTS = 2.0, 0.7, 0.6
"""Where something is to be done: what a section with code has ahead, and what one of a page of reference is worth. The
page of this assistant and the empty model card name everything that others explain."""
REFERENCES = ("docs/WAREHOUSE.md", "docs/feature_dictionary.json", "docs/ARCHITECTURE.md")
"""Pages that say what things are and why, and not how something is done."""
TEXTS = ("docs/ASSISTANT.md", "docs/MODEL_CARD_TEMPLATE.md")


@dataclass(frozen=True)
class Ranked:
    """A passage with its score and its coverage of the question."""

    passage: Passage
    score: float
    coverage: float


def kind_of(question: str) -> Kind:
    """How something is done, or what something is."""
    return "howto" if is_howto(question) else "definition"


def answer_from(
    index: SearchIndex, question: str, kind: Kind, root: Path = ROOT, enough: float = ENOUGH
) -> Answer | None:
    """The excerpt of the best section with up to three places; None when none of these says `enough` of what is
    asked."""
    want = wanted(question, root)
    best = rank(index, want, kind)[:CITED]
    if not any(found.coverage >= enough for found in best):
        return None
    cited = tuple(citation(found.passage) for found in best)
    shown = [found for found in best[:2] if found.score >= NEARLY * best[0].score]
    parts = [
        f"{excerpt(found.passage.text, weights_of(want), with_code=kind == 'howto')}\n\n({place.title})"
        for found, place in zip(shown, cited, strict=False)
    ]
    return Answer("\n\n".join(parts), kind, (), cited)


def answer_from_cards(index: SearchIndex, question: str, names: Sequence[str], root: Path = ROOT) -> Answer | None:
    """The excerpt of the best section of a model's card, of those whose name has all of `names`; None without one."""
    want = wanted(question, root)
    best = [
        found for found in rank(index, want, "definition", "cards")
        if all(name in found.passage.source for name in names)
    ][:CITED]  # fmt: skip
    if not best:
        return None
    cited = tuple(citation(found.passage) for found in best)
    text = f"{excerpt(best[0].passage.text, weights_of(want))}\n\n(card of {cited[0].title})"
    return Answer(text, "definition", (), cited)


def rank(index: SearchIndex, want: Wanted, kind: Kind, table: Table = "texts") -> list[Ranked]:
    """What the index finds, the best first: BM25F over sections and their blocks, coverage, and the kind of page."""
    if not index.file.is_file():
        return []
    stems = want.stems()
    spread, total = index.spread(stems, table)
    scored = Scorer(want, {stem: _tells(spread.get(stem, 0), total) for stem in stems})
    found = [
        Ranked(passage, _worth(passage, value, kind), share)
        for passage in index.find(stems, table) for value, share in [scored(passage)]
    ]  # fmt: skip
    return sorted(found, key=lambda r: (-r.score, r.passage.source, r.passage.heading))


def _tells(places: int, total: int) -> float:
    """How much a stem tells that is in so many of all passages, as BM25 counts it."""
    return log(1 + (total - places + 0.5) / (places + 0.5))


def _worth(passage: Passage, scored: float, kind: Kind) -> float:
    """A score with what the kind of the page says beside its words."""
    if passage.source in TEXTS:
        scored *= ABOUT_TEXTS
    if kind != "howto":
        return scored
    scored += HAS_CODE * counted(passage).has_code
    return scored * (REFERENCE if passage.source in REFERENCES else 1.0)


def weights_of(want: Wanted) -> dict[str, float]:
    """What the words of an excerpt are worth: the question's own most."""
    weights: dict[str, float] = {}
    for ways in (*want.phrases, *(word.ways for word in want.words)):
        for stem, well in ways.items():
            weights[stem] = max(weights.get(stem, 0.0), well)
    return weights


def citation(passage: Passage) -> Citation:
    """Where a passage stands."""
    kind = passage.kind if passage.kind in ("document", "feature", "card", "run") else "document"
    name = passage.heading.strip("`")
    return Citation(kind, passage.source, f"{passage.source}, {name}", {"heading": passage.heading})  # type: ignore[arg-type]
