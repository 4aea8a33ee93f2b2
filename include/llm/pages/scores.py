"""BM25F: how well a section, and the best paragraph, list entry or table row of it, says what is wanted.

A word counts by the field in which it stands; fields are added before the count saturates (Robertson and Zaragoza 2009),
so a heading that has a word of the text is worth more than either, and less than both.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath

from include.llm.pages.excerpts import Block, blocks_of
from include.llm.pages.passages import Passage
from include.llm.pages.stems import stems_in
from include.llm.pages.wanted import Wanted, Ways

K1, B = 0.8, 0.6
"""How soon more of a word adds nothing, and how much a long field takes from it."""
SECTION = {"heading": (4.0, 4), "path": (1.0, 8), "lead": (1.5, 20), "text": (1.0, 150), "code": (1.0, 30)}
"""Field of a section -> what a word in it counts, and its usual length in words."""
NAME, UNDER_HEADING, UNDER_PATH = 2.0, 1.5, 0.4
"""What counts for a block: its name (first cell, bold beginning) and the headings above it, beside a word of its text."""
BLOCK_LENGTH, BLOCK_B = 30, 0.2
SECOND_WAY = 0.3
"""What further ways to say the same word add beside the best one."""
BEST_BLOCK, NEXT_BLOCK, COVERED = 1.5, 0.3, 6.0
"""What weighs beside the section itself: its best block, the next one, and the share of the question that it says."""
SAID_OTHERWISE = 0.65
"""How far a word is covered by another one of the same meaning."""

Tells = Callable[[str], float]
"""How much a stem tells: the fewer sections have it, the more."""
_NAME = re.compile(r"\s*(?:[-*]|\d+\.)?\s*(?:\*\*(.+?)\*\*|`([^`]+)`)")


@dataclass(frozen=True)
class Counted:
    """A section's words by field, and its blocks' by name and text."""

    fields: Mapping[str, Counter[str]]
    lengths: Mapping[str, int]
    blocks: tuple[tuple[Counter[str], Counter[str], int], ...]
    held: frozenset[str]
    has_code: bool


@lru_cache(maxsize=4096)
def counted(passage: Passage) -> Counted:
    """The words of a section, counted once."""
    blocks = blocks_of(passage.text)
    page = PurePosixPath(passage.source).stem.replace("_", " ")
    fields = {
        "heading": Counter(stems_in(passage.heading)),
        "path": Counter(stems_in(f"{passage.path} {page}")),
        "lead": Counter(stems_in(_lead(blocks))),
        "text": Counter(word for block in blocks if block.kind != "code" for word in stems_in(block.text)),
        "code": Counter(word for block in blocks if block.kind == "code" for word in stems_in(block.text)),
    }
    told = tuple((Counter(stems_in(_name(b))), Counter(stems_in(b.text)), len(stems_in(b.text))) for b in blocks)
    return Counted(
        fields,
        {name: words.total() for name, words in fields.items()},
        told,
        frozenset().union(*fields.values()),
        any(block.kind == "code" for block in blocks),
    )


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


def score(passage: Passage, want: Wanted, tells: Tells) -> float:
    """The section's own score, its best blocks' and its coverage, weighed."""
    of = counted(passage)
    blocks = sorted((_said(want, tells, _in_block(of, block)) for block in of.blocks), reverse=True)
    best, following = (*blocks, 0.0, 0.0)[:2]
    own = _said(want, tells, _in_section(of))
    return own + BEST_BLOCK * best + NEXT_BLOCK * following + COVERED * coverage(passage, want, tells)


def coverage(passage: Passage, want: Wanted, tells: Tells) -> float:
    """The share of the question's words that a section says, weighed by how much they tell.

    A word that is nowhere tells as much as the plainest one that says the same.
    """
    held = counted(passage).held
    total = covered = 0.0
    for word in want.words:
        ways = [tells(way) for way in (*word.ways, *word.in_phrases) if way != word.stem]
        weight = word.weight * min([tells(word.stem), *([max(ways)] if ways else [])])
        said = word.in_phrases & held or any(way in held for way in word.ways)
        total += weight
        covered += weight * (1.0 if word.stem in held else SAID_OTHERWISE if said else 0.0)
    return covered / (total or 1.0)


def _said(want: Wanted, tells: Tells, count: Callable[[str], float]) -> float:
    words = sum(word.weight * _best_way(word.ways, tells, count) for word in want.words)
    return words + sum(_best_way(ways, tells, count) for ways in want.phrases)


def _best_way(ways: Ways, tells: Tells, count: Callable[[str], float]) -> float:
    found = sorted(
        (well * tells(way) * times * (K1 + 1) / (times + K1) for way, well in ways.items() if (times := count(way))),
        reverse=True,
    )
    return found[0] + SECOND_WAY * sum(found[1:4]) if found else 0.0


def _in_section(of: Counted) -> Callable[[str], float]:
    fields = [
        (of.fields[name], weight / (1 - B + B * of.lengths[name] / usual)) for name, (weight, usual) in SECTION.items()
    ]
    return lambda stem: sum(words[stem] * weight for words, weight in fields)


def _in_block(of: Counted, block: tuple[Counter[str], Counter[str], int]) -> Callable[[str], float]:
    name, text, length = block
    plain = 1 / (1 - BLOCK_B + BLOCK_B * length / BLOCK_LENGTH)
    heading, path = of.fields["heading"], of.fields["path"]
    return lambda stem: (
        NAME * name[stem] + plain * text[stem] + UNDER_HEADING * heading[stem] + UNDER_PATH * path[stem]
    )
