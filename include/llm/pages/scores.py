"""BM25F: how well a section, and the best paragraph, list entry or table row of it, says what is wanted.

A word counts by the field in which it stands; fields are added before the count saturates (Robertson and
Zaragoza 2009), so a heading that has a word of the text is worth more than either, and less than both.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath

from include.llm.pages.asked import asked_of
from include.llm.pages.excerpts import Block, blocks_of
from include.llm.pages.passages import Passage
from include.llm.pages.stems import stems_in
from include.llm.pages.wanted import Wanted, Word

K1, B = 0.8, 0.6
"""How soon more of a word adds nothing, and how much a long field takes from it."""
SECTION = {
    "heading": (4.0, 4),
    "path": (1.0, 8),
    "lead": (1.5, 20),
    "text": (1.0, 150),
    "code": (1.0, 30),
    "asked": (1.0, 40),
}
"""Field of a section -> what a word in it counts, and its usual length in words."""
NAME, ASKED, BLOCK = 2.0, 1.5, (30, 0.2)
"""What a word counts in a block's name (first cell, bold beginning), and in a question that people ask of the section,
which is a block too; the usual length of a block, and what length takes."""
ABOVE = {"heading": 1.5, "path": 0.4}
"""What a word of the headings above a block counts for it."""
SECOND_WAY = 0.3
"""What further ways to say the same word add beside the best one."""
BEST_BLOCK, COVERED = 2.0, 5.0
"""What weighs beside the section itself: its best block, and the share of the question that it says."""
SAID_OTHERWISE = 0.65
"""How far a word is covered by another one of the same meaning."""

Here = Sequence[Sequence[tuple[str, float]]]
"""For each word or phrase the stems that say it, with what each is worth."""
_NAME = re.compile(r"\s*(?:[-*]|\d+\.)?\s*(?:\*\*(.+?)\*\*|`([^`]+)`)")


@dataclass(frozen=True)
class Counted:
    """How much of each stem a section says in all its fields, above its blocks, and in each block or question."""

    said: Mapping[str, float]
    above: Mapping[str, float]
    blocks: tuple[Mapping[str, float], ...]
    has_code: bool


@lru_cache(maxsize=4096)
def counted(passage: Passage) -> Counted:
    """The words of a section, counted once."""
    blocks = blocks_of(passage.text)
    page = PurePosixPath(passage.source).stem.replace("_", " ")
    asked = [stems_in(line) for line in asked_of(passage.source, passage.heading)]
    fields = {
        "heading": stems_in(passage.heading),
        "path": stems_in(f"{passage.path} {page}"),
        "lead": stems_in(_lead(blocks)),
        "text": tuple(word for block in blocks if block.kind != "code" for word in stems_in(block.text)),
        "code": tuple(word for block in blocks if block.kind == "code" for word in stems_in(block.text)),
        "asked": tuple(word for line in asked for word in line),
    }
    return Counted(
        _sum((fields[name], weight, usual, B) for name, (weight, usual) in SECTION.items()),
        _sum((fields[name], weight, 1, 0.0) for name, weight in ABOVE.items()),
        (
            *(_sum(((stems_in(_name(block)), NAME, 1, 0.0), (stems_in(block.text), 1.0, *BLOCK))) for block in blocks),
            *(_sum(((line, ASKED, *BLOCK),)) for line in asked),
        ),
        any(block.kind == "code" for block in blocks),
    )


def has_code(passage: Passage) -> bool:
    """Whether a section shows how something is done."""
    return counted(passage).has_code


def _sum(fields: Iterable[tuple[Sequence[str], float, int, float]]) -> dict[str, float]:
    """The stems of fields (words, weight, usual length, what length takes), each with what it counts altogether."""
    counts: dict[str, float] = defaultdict(float)
    for words, weight, usual, b in fields:
        each = weight / (1 - b + b * len(words) / usual)
        for word in words:
            counts[word] += each
    return dict(counts)


def _lead(blocks: tuple[Block, ...]) -> str:
    """The first sentence."""
    first = next((block.text for block in blocks if block.kind in ("paragraph", "entry")), "")
    return re.split(r"(?<=[.:])\s", first, maxsplit=1)[0]


def _name(block: Block) -> str:
    """What a row or an entry is about: its first cell, or what is bold or code at its beginning."""
    if block.kind == "row":
        return block.text.strip("| ").split("|")[0]
    match = _NAME.match(block.text) if block.kind in ("entry", "paragraph") else None
    return (match[1] or match[2]) if match else ""


class Scorer:
    """A question's words, each weighed once; `tells` is how much a stem tells: the fewer sections have it, the more."""

    def __init__(self, want: Wanted, tells: Mapping[str, float]) -> None:
        self._ways = [
            [(way, weight * well * tells[way]) for way, well in ways.items()] for weight, ways in want.weighed()
        ]
        self._stems = want.stems() | {stem for word in want.words for stem in word.in_phrases}
        self._shares = [_share(word, tells) for word in want.words]
        self._total = sum(weight for weight, *_ in self._shares) or 1.0

    def __call__(self, passage: Passage) -> float:
        """The section's own score, its best block's and its coverage, weighed."""
        of = counted(passage)
        here = [found for ways in self._ways if (found := [way for way in ways if way[0] in of.said])]
        best = max((_said(here, block, of.above) for block in self._telling(of)), default=0.0)
        return _said(here, of.said, {}) + BEST_BLOCK * best + COVERED * self._coverage(of.said)

    def nearest(self, passage: Passage) -> float:
        """The share of the question that the block says which says most of it, with the headings above it."""
        of = counted(passage)
        return max((self._coverage({**of.above, **block}) for block in self._telling(of)), default=0.0)

    def _telling(self, of: Counted) -> Iterator[Mapping[str, float]]:
        """The blocks that say something of what is asked, and one that says nothing."""
        yield from (block for block in of.blocks if not self._stems.isdisjoint(block))
        yield {}

    def _coverage(self, held: Mapping[str, float]) -> float:
        """The share of the question's words that are held, weighed by how much they tell."""
        covered = 0.0
        for weight, own, others in self._shares:
            if own in held:
                covered += weight
            elif any(way in held for way in others):
                covered += weight * SAID_OTHERWISE
        return covered / self._total


def _share(word: Word, tells: Mapping[str, float]) -> tuple[float, str, tuple[str, ...]]:
    """A word's weight in the coverage, and the stems that say it otherwise. One that is nowhere tells as much as the
    rarest of these."""
    others = tuple(way for way in (*word.ways, *word.in_phrases) if way != word.stem)
    most = max((tells[way] for way in others), default=tells[word.stem])
    return word.weight * min(tells[word.stem], most), word.stem, others


def _said(
    here: Sequence[Sequence[tuple[str, float]]], counts: Mapping[str, float], above: Mapping[str, float]
) -> float:
    """The sum over words and phrases of their best way, and a part of their further ones."""
    total = 0.0
    for ways in here:
        found = [
            worth * times * (K1 + 1) / (times + K1) for way, worth in ways
            if (times := counts.get(way, 0.0) + above.get(way, 0.0))
        ]  # fmt: skip
        if found:
            best = max(found)
            total += best + SECOND_WAY * sum(sorted(found, reverse=True)[1:4])
    return total
