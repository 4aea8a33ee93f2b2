"""Questions about how and what are answered out of the documentation: an excerpt of the best section, with its place."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from include.llm.answering import Answer, Citation, Kind
from include.llm.excerpts import excerpt
from include.llm.passages import Passage, words_of_documents
from include.llm.search_index import Hit, SearchIndex, stem, terms_of
from include.llm.semantics import synonyms
from include.llm.words import Mender, tokens

LEAST_COVERAGE = 0.62
"""Share of the question's words, weighted by how much they tell, that the best passage must have."""
LEAST_SCORE = 3.0
CITED = 3
_HOWTO = re.compile(
    r"^\s*(?:how (?:do|can|should|would|to|does one|must|might|could)|which (?:command|setting|make|environment|variable|target|option|endpoint|flag|script|file)|"
    r"what (?:command|setting|make|environment|variable|option|endpoint|flag|do i|must i|should i|can i)|where (?:do|can|is|are|does)|"
    r"command (?:to|for)|steps? to|way to|can i|is there a (?:way|command)|i (?:want|need) to)\b|\bhow (?:do|can|should|would|to)\b|\bcommand\b"
)


@dataclass(frozen=True)
class Ranked:
    """A hit with what its place in the text adds to its score."""

    hit: Hit
    score: float


def kind_of(question: str) -> Kind:
    """How something is done, or what something is."""
    return "howto" if _HOWTO.search(question.lower()) else "definition"


def answer_from(index: SearchIndex, question: str, kind: Kind) -> Answer | None:
    """The excerpt of the best section with up to three places; None when nothing says enough of what is asked."""
    words = mended(question)
    ranked = rank(index, words)
    if not ranked or ranked[0].score < LEAST_SCORE or max(r.hit.coverage for r in ranked[:CITED]) < LEAST_COVERAGE:
        return None
    best = _varied(ranked)
    terms = terms_of(words)
    weights = {stem(term): 1.0 for term in terms} | {stem(term): 0.5 for term in also(terms) if term not in terms}
    text = excerpt(best[0].hit.passage.text, weights, with_code=kind == "howto")
    cited = tuple(citation(r.hit.passage) for r in best)
    return Answer(f"{text}\n\n({cited[0].title})", kind, (), cited)


def rank(index: SearchIndex, question: str) -> list[Ranked]:
    """Hits of the question's words and of words that say the same, by BM25, coverage, and what the place says."""
    terms = terms_of(question)
    found: dict[tuple[str, str], Ranked] = {}
    for hit in index.search(question):
        found[hit.passage.source, hit.passage.heading] = Ranked(hit, _score(hit, terms, question))
    for hit in index.search(question, also(terms)):
        place = (hit.passage.source, hit.passage.heading)
        held = found.get(place)
        score = _score(hit, terms, question) * 0.6
        found[place] = Ranked(hit if held is None else replace(hit, coverage=max(hit.coverage, held.hit.coverage)),
                              score + (held.score if held else 0.0))  # fmt: skip
    return sorted(found.values(), key=lambda r: -r.score)


def _score(hit: Hit, terms: Sequence[str], question: str) -> float:
    passage = hit.passage
    score = hit.score * (0.4 + hit.coverage)
    heading = {stem(word) for word in tokens(passage.heading)}
    score += 1.5 * sum(stem(term) in heading for term in terms)
    return score + 5.0 * _defines(passage, terms, question)


def _defines(passage: Passage, terms: Sequence[str], question: str) -> bool:
    """A row, an entry or a heading is named as the thing that is asked for."""
    names = [term for term in terms if "_" in term or term.isupper()]
    names += ["_".join(terms[i : i + n]) for n in (2, 3) for i in range(len(terms) - n + 1)]
    names += terms if len(terms) == 1 else []
    text = passage.text.lower()
    return any(passage.heading.strip("`").lower() == name or f"| `{name}`" in text or f"`{name}`:" in text for name in names)


def _varied(ranked: Sequence[Ranked]) -> list[Ranked]:
    """The best three, of different places."""
    return list(ranked[:CITED])


def citation(passage: Passage) -> Citation:
    """Where a passage stands."""
    kind = passage.kind if passage.kind in ("document", "feature", "card", "run") else "document"
    name = passage.heading.strip("`")
    return Citation(kind, passage.source, f"{passage.source}, {name}", {"heading": passage.heading})  # type: ignore[arg-type]


@cache
def _mender() -> Mender:
    return Mender(words_of_documents())


def mended(question: str) -> str:
    """The question's words, slips of the pen put right with the documentation's own words."""
    return " ".join(_mender().mend(word) for word in tokens(question)[:200])


def also(terms: Sequence[str]) -> list[str]:
    """Words that say the same as these."""
    known: Mapping[str, tuple[str, ...]] = synonyms()
    return list(dict.fromkeys(word for term in terms for word in known.get(term, ())))
