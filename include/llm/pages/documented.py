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
from include.llm.pages.scores import Scorer, has_code
from include.llm.pages.search_index import MOST, SearchIndex, Table
from include.llm.pages.wanted import Wanted, wanted

ENOUGH, ALL, NEARLY_ALL = 1.9, 0.9, 0.65
"""What the best score (in rarest words, its logarithm) and the share of the question that one paragraph says have to
reach together; the share that is enough alone; the one that is needed where a question could as well ask for what no
page knows. A long question tells what happened first: little of it stands in one paragraph, but its score is high."""
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
    """A passage with its score, the score in rarest words, and the share of the question that one paragraph says."""

    passage: Passage
    score: float
    rare: float
    nearest: float


def kind_of(question: str) -> Kind:
    """How something is done, or what something is."""
    return "howto" if is_howto(question) else "definition"


def answer_from(
    index: SearchIndex, question: str, kind: Kind, root: Path = ROOT, *, least: float = 0.0
) -> Answer | None:
    """The excerpt of the best section with up to three places; None when they say too little of what is asked.

    `least` is the share of the question that one paragraph has to say: where a count or a name is asked for, as tables
    have them, nearly all of it.
    """
    want = wanted(question, root)
    best = rank(index, want, kind)
    if not _says_enough(best, least):
        return None
    weights = weights_of(want, tells_of(index, want))
    quoted: dict[str, str] = {}
    for found, most in zip(best, (MOST_CHARACTERS, FURTHER, FURTHER), strict=False):
        if found.score >= NEARLY * best[0].score:
            text = excerpt(found.passage.text, weights, most, with_code=kind == "howto")
            quoted.setdefault(text, citation(found.passage).title)
    parts = [f"{text}\n\n({title})" for text, title in quoted.items()]
    return Answer("\n\n".join(parts), kind, (), tuple(citation(found.passage) for found in best))


def _says_enough(best: Sequence[Ranked], least: float) -> bool:
    nearest = max((found.nearest for found in best), default=0.0)
    together = log(1 + best[0].rare) + nearest if best else 0.0
    return nearest >= ALL or (nearest >= least and together >= ENOUGH)


def answer_from_cards(index: SearchIndex, question: str, names: Sequence[str], root: Path = ROOT) -> Answer | None:
    """The excerpt of the best section of a model's card, of those whose name has all of `names`; None without one."""
    want = wanted(question, root)
    best = [
        found for found in rank(index, want, "definition", "cards", MOST)
        if all(name in found.passage.source for name in names)
    ][:CITED]  # fmt: skip
    if not best:
        return None
    cited = tuple(citation(found.passage) for found in best)
    weights = weights_of(want, tells_of(index, want, "cards"))
    text = f"{excerpt(best[0].passage.text, weights)}\n\n(card of {cited[0].title})"
    return Answer(text, "definition", (), cited)


def rank(index: SearchIndex, want: Wanted, kind: Kind, table: Table = "texts", most: int = CITED) -> list[Ranked]:
    """What the index finds, the best first: BM25F over sections and their blocks, coverage, and the kind of page."""
    if not index.file.is_file():
        return []
    scored = Scorer(want, tells_of(index, want, table))
    found = [(passage, _worth(passage, scored(passage), kind)) for passage in index.find(want.stems(), table)]
    found.sort(key=lambda pair: (-pair[1], pair[0].source, pair[0].heading))
    rarest = _tells(0, index.spread((), table)[1])
    return [Ranked(passage, value, value / rarest, scored.nearest(passage)) for passage, value in found[:most]]


def tells_of(index: SearchIndex, want: Wanted, table: Table = "texts") -> dict[str, float]:
    """How much each stem tells, as BM25 counts it: the fewer passages have it, the more."""
    stems = want.stems()
    spread, total = index.spread(stems, table)
    return {stem: _tells(spread.get(stem, 0), total) for stem in stems}


def _tells(places: int, total: int) -> float:
    return log(1 + (total - places + 0.5) / (places + 0.5))


def _worth(passage: Passage, scored: float, kind: Kind) -> float:
    """A score with what the kind of the page says beside its words."""
    if passage.source in TEXTS:
        scored *= ABOUT_TEXTS
    if kind != "howto":
        return scored
    scored += HAS_CODE * has_code(passage)
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
