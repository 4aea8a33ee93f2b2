"""How and what are answered out of the documentation: an excerpt of the best section, with its place."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from include.llm.ask.answering import Answer, Citation, Kind
from include.llm.ask.meanings.lexicon import synonyms
from include.llm.pages.excerpts import blocks_of, excerpt
from include.llm.pages.passages import ROOT, Passage, words_of_documents
from include.llm.pages.search_index import Hit, SearchIndex
from include.llm.pages.stems import stem, stems_of, terms_of
from include.llm.words import Mender, tokens

ENOUGH = ((0.9, 0.0), (0.5, 8.0), (0.4, 11.0))
"""Share of the question's words, weighted by how much they tell, that a passage must have, and its score; one is
enough."""
CITED = 3
NEARLY = 0.7
"""A second section that scores so near the first is shown beside it."""
ALSO, CLOSEST, IN_HEADING, DEFINED, HAS_CODE = 0.6, 8.0, 1.5, 5.0, 2.0
"""What weighs beside BM25: words that say the same, the closest paragraph, words of the heading, a row of that name
where something is defined, and code where something is to be done."""
REFERENCE = ("docs/WAREHOUSE.md", "docs/feature_dictionary.json", "docs/ARCHITECTURE.md")
"""Pages that say what things are and why, and not how something is done."""
_HOWTO = re.compile(
    r"^\s*(?:how (?:do|can|should|would|to|does one|must|might|could)|which (?:command|setting|make|environment|"
    r"variable|endpoint|flag|script)|"
    r"what (?:command|setting|make|environment|variable|option|endpoint|flag|do i|must i|should i|can i)|"
    r"where (?:do|can|is|are|does)|"
    r"command (?:to|for)|steps? to|way to|can i|is there a (?:way|command)|i (?:want|need) to)\b|\bhow (?:do|can|"
    r"should|would|to)\b|\bcommand\b"
)


@dataclass(frozen=True)
class Ranked:
    """A hit with what its place in the text adds to its score."""

    hit: Hit
    score: float


def kind_of(question: str) -> Kind:
    """How something is done, or what something is."""
    return "howto" if _HOWTO.search(question.lower()) else "definition"


def answer_from(index: SearchIndex, question: str, kind: Kind, root: Path = ROOT) -> Answer | None:
    """The excerpt of the best section with up to three places; None when nothing says enough of what is asked."""
    words = mended(question, root)
    ranked = rank(index, words, kind)
    if not any(r.hit.coverage >= share and r.score >= score for r in ranked[:CITED] for share, score in ENOUGH):
        return None
    best = ranked[:CITED]
    terms = terms_of(words)
    weights = {stem(term): 1.0 for term in terms} | {stem(term): 0.5 for term in also(terms) if term not in terms}
    cited = tuple(citation(r.hit.passage) for r in best)
    shown = [r for r in best[:2] if r.score >= NEARLY * best[0].score]
    parts = [
        f"{excerpt(r.hit.passage.text, weights, with_code=kind == 'howto')}\n\n({place.title})"
        for r, place in zip(shown, cited, strict=False)
    ]
    return Answer("\n\n".join(parts), kind, (), cited)


def answer_from_cards(index: SearchIndex, question: str, names: Sequence[str], root: Path = ROOT) -> Answer | None:
    """The excerpt of the best section of a model's card, of those whose name has all of `names`; None without one."""
    words = mended(question, root)
    hits = [hit for hit in index.search(words, table="cards") if all(name in hit.passage.source for name in names)]
    if not hits:
        return None
    weights = {stem(term): 1.0 for term in terms_of(words)}
    best = sorted(hits, key=lambda hit: (-_score(hit, terms_of(words), "definition"), hit.passage.heading))[:CITED]
    cited = tuple(citation(hit.passage) for hit in best)
    text = f"{excerpt(best[0].passage.text, weights, with_code=False)}\n\n(card of {cited[0].title})"
    return Answer(text, "definition", (), cited)


def rank(index: SearchIndex, question: str, kind: Kind = "definition") -> list[Ranked]:
    """Hits of the question's words and of words that say the same: BM25, coverage, and what the place says."""
    terms, same = terms_of(question), synonyms()
    found: dict[tuple[str, str], Ranked] = {}
    for hit in index.search(question):
        found[hit.passage.source, hit.passage.heading] = Ranked(hit, _score(hit, terms, kind))
    for hit in index.search(question, same) if also(terms) else ():
        place = (hit.passage.source, hit.passage.heading)
        held = found.get(place)
        found[place] = Ranked(hit, ALSO * _score(hit, terms, kind) + (held.score if held else 0.0))
    return sorted(found.values(), key=lambda r: (-r.score, r.hit.passage.source, r.hit.passage.heading))


def _score(hit: Hit, terms: Sequence[str], kind: Kind) -> float:
    passage = hit.passage
    score = hit.score * (0.4 + hit.coverage) + CLOSEST * hit.closest
    score += IN_HEADING * sum(stem(term) in stems_of(passage.heading) for term in terms)
    if kind == "definition" and _defines(passage, terms):
        score += DEFINED
    if kind == "howto":
        score += HAS_CODE * any(block.kind == "code" for block in blocks_of(passage.text))
        score *= 0.6 if passage.source in REFERENCE else 1.0
    return score


def _defines(passage: Passage, terms: Sequence[str]) -> bool:
    """A row, an entry or a heading is named as the thing that is asked for."""
    names = [term for term in terms if "_" in term]
    names += ["_".join(terms[i : i + n]) for n in (2, 3) for i in range(len(terms) - n + 1)]
    names += terms if len(terms) == 1 else []
    text = passage.text.lower()
    return any(
        passage.heading.strip("`").lower() == name or f"| `{name}`" in text or f"`{name}`:" in text for name in names
    )


def citation(passage: Passage) -> Citation:
    """Where a passage stands."""
    kind = passage.kind if passage.kind in ("document", "feature", "card", "run") else "document"
    name = passage.heading.strip("`")
    return Citation(kind, passage.source, f"{passage.source}, {name}", {"heading": passage.heading})  # type: ignore[arg-type]


@cache
def _mender(root: Path) -> Mender:
    return Mender(words_of_documents(root))


def mended(question: str, root: Path = ROOT) -> str:
    """The question's words, slips of the pen put right with the documentation's own words."""
    return " ".join(_mender(root).mend(word) for word in tokens(question)[:200])


def also(terms: Sequence[str]) -> list[str]:
    """Words that say the same as these."""
    known: Mapping[str, tuple[str, ...]] = synonyms()
    return list(dict.fromkeys(word for term in terms for word in known.get(term, ())))
