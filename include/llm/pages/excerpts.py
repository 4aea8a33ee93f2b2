"""The part of a section that answers: its best paragraphs, list entries and table rows, code kept as it is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from include.llm.pages.stems import stems_of

MOST_CHARACTERS = 1400
WHOLE_UP_TO = 700
_FENCE = re.compile(r"^\s*(```|~~~)")
_ENTRY = re.compile(r"^\s*(?:[-*]|\d+\.)\s")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A paragraph, a list entry, a row of a table (with its head) or code."""

    kind: str
    text: str
    head: str = ""


@lru_cache(maxsize=2048)
def blocks_of(text: str) -> tuple[Block, ...]:
    """A section's text in blocks, in order; pictures and comments are left out, links become their words."""
    found: list[Block] = []
    lines: list[str] = []
    kind, head, fenced = "", "", False

    def close() -> None:
        nonlocal lines, kind
        if any(line.strip() for line in lines):
            found.append(Block(kind or "paragraph", "\n".join(lines).strip("\n"), head if kind == "row" else ""))
        lines, kind = [], ""

    for line in _COMMENT.sub("", text).splitlines():
        if fenced or _FENCE.match(line):
            if not fenced and kind != "code":
                close()
            kind = "code"
            lines.append(line)
            if _FENCE.match(line):
                fenced = not fenced
                if not fenced:
                    close()
        elif line.startswith("    ") and (kind == "code" or not lines):
            kind = "code"
            lines.append(line)
        elif line.startswith("|"):
            close()
            if re.match(r"^\|[\s:|-]+\|?$", line):
                head = f"{found.pop().text}\n{line}" if found and found[-1].kind == "row" else ""
            else:
                kind = "row"
                lines.append(line)
                close()
        elif not line.strip():
            if kind == "code":
                lines.append(line)
            else:
                close()
                head = ""
        else:
            if _ENTRY.match(line) or kind == "code":
                close()
                kind = "entry" if _ENTRY.match(line) else ""
            lines.append(_LINK.sub(lambda m: "" if m[0].startswith("!") else m[1], line))
    close()
    return tuple(block for block in found if block.kind != "row" or block.text.strip("| "))


def excerpt(text: str, weights: Mapping[str, float], most: int = MOST_CHARACTERS, *, with_code: bool = False) -> str:
    """The blocks that have most of the weighted words (stems), in their order, within `most` characters.

    A short section is given whole. `with_code` prefers code, and keeps what stands next to a chosen block.
    """
    blocks = blocks_of(text)
    if len(text) <= min(WHOLE_UP_TO, most) and not any(block.kind == "row" for block in blocks):
        return _together(blocks)
    scored = sorted(((_score(block, weights), -place) for place, block in enumerate(blocks)), reverse=True)
    chosen: set[int] = set()
    size = 0
    for score, negative in scored:
        if (chosen and score <= 0) or size > most:
            break
        for place in _with_neighbours(blocks, -negative, with_code=with_code):
            if place not in chosen and (not chosen or size + len(blocks[place].text) <= most):
                chosen.add(place)
                size += len(blocks[place].text)
    return _together([blocks[place] for place in sorted(chosen)])


def _score(block: Block, weights: Mapping[str, float]) -> float:
    held, first = stems_of(block.text), stems_of(block.text.strip("| -*").split("|")[0][:80])
    score = sum(weight for word, weight in weights.items() if word in held)
    return score + 0.8 * sum(weight for word, weight in weights.items() if word in first)


def _with_neighbours(blocks: Sequence[Block], place: int, *, with_code: bool) -> list[int]:
    """Code says little without the sentence before it, and a sentence that ends in a colon nothing without its code."""
    near = [place]
    if blocks[place].kind == "code" and place:
        near.append(place - 1)
    ends_open = blocks[place].text.rstrip().endswith(":")
    if (ends_open or with_code) and place + 1 < len(blocks) and blocks[place + 1].kind == "code":
        near.append(place + 1)
    return near


def _together(blocks: Sequence[Block]) -> str:
    parts: list[str] = []
    head = None
    for previous, block in zip((None, *blocks), blocks, strict=False):
        if block.kind == "row":
            if block.head != head or previous is None or previous.kind != "row":
                parts.append(f"{block.head}\n{block.text}" if block.head else block.text)
            else:
                parts[-1] += f"\n{block.text}"
            head = block.head
        elif block.kind == "entry" and previous is not None and previous.kind == "entry":
            parts[-1] += f"\n{block.text}"
        else:
            parts.append(block.text)
    return "\n\n".join(parts)
