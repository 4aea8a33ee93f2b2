"""How and what are answered out of the documentation: an excerpt of the best section, with its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log
from pathlib import Path

from include.llm.ask.answering import Answer, Citation, Kind
from include.llm.pages.excerpts import MOST_CHARACTERS, excerpt
from include.llm.pages.forms import is_howto
from include.llm.pages.passages import ROOT, Passage
from include.llm.pages.scores import Scorer, counted
from include.llm.pages.search_index import SearchIndex, Table
from include.llm.pages.wanted import Wanted, wanted

ENOUGH, NEARLY_ALL = 0.15, 0.65
"""Share of the question's words, weighed by how much they tell, that one of the places has to say; and where the
question could as well ask for what no page knows."""
CITED = 3
NEARLY = 0.45
"""A further section that scores so near the first is quoted too, in FURTHER characters."""
FURTHER = 700
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
    weights = weights_of(want, tells_of(index, want))
    quoted: dict[str, str] = {}
    for found, most in zip(best, (MOST_CHARACTERS, FURTHER, FURTHER), strict=False):
        if found.score >= NEARLY * best[0].score:
            text = excerpt(found.passage.text, weights, most, with_code=kind == "howto")
            quoted.setdefault(text, citation(found.passage).title)
    parts = [f"{text}\n\n({title})" for text, title in quoted.items()]
    return Answer("\n\n".join(parts), kind, (), tuple(citation(found.passage) for found in best))


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
    weights = weights_of(want, tells_of(index, want, "cards"))
    text = f"{excerpt(best[0].passage.text, weights)}\n\n(card of {cited[0].title})"
    return Answer(text, "definition", (), cited)


def rank(index: SearchIndex, want: Wanted, kind: Kind, table: Table = "texts") -> list[Ranked]:
    """What the index finds, the best first: BM25F over sections and their blocks, coverage, and the kind of page."""
    if not index.file.is_file():
        return []
    scored = Scorer(want, tells_of(index, want, table))
    found = [
        Ranked(passage, _worth(passage, value, kind), share)
        for passage in index.find(want.stems(), table) for value, share in [scored(passage)]
    ]  # fmt: skip
    return sorted(found, key=lambda r: (-r.score, r.passage.source, r.passage.heading))


def tells_of(index: SearchIndex, want: Wanted, table: Table = "texts") -> dict[str, float]:
    """How much each stem tells, as BM25 counts it: the fewer passages have it, the more."""
    stems = want.stems()
    spread, total = index.spread(stems, table)
    places = ((stem, spread.get(stem, 0)) for stem in stems)
    return {stem: log(1 + (total - count + 0.5) / (count + 0.5)) for stem, count in places}


def _worth(passage: Passage, scored: float, kind: Kind) -> float:
    """A score with what the kind of the page says beside its words."""
    if passage.source in TEXTS:
        scored *= ABOUT_TEXTS
    if kind != "howto":
        return scored
    scored += HAS_CODE * counted(passage).has_code
    return scored * (REFERENCE if passage.source in REFERENCES else 1.0)


def weights_of(want: Wanted, tells: Mapping[str, float]) -> dict[str, float]:
    """What the words of an excerpt are worth: what tells most, said in the question's own words."""
    weights: dict[str, float] = {}
    for weight, ways in want.weighed():
        for stem, well in ways.items():
            weights[stem] = max(weights.get(stem, 0.0), weight * well * tells[stem])
    return weights


def citation(passage: Passage) -> Citation:
    """Where a passage stands."""
    kind = passage.kind if passage.kind in ("document", "feature", "card", "run") else "document"
    name = passage.heading.strip("`")
    return Citation(kind, passage.source, f"{passage.source}, {name}", {"heading": passage.heading})  # type: ignore[arg-type]
