"""The documentation in pieces that can be cited: a section for each heading, an entry for each feature.

README.md and docs/ lie beside include/, in a checkout as in a container.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from include.llm.words import tokens

ROOT = Path(__file__).resolve().parents[3]
_HEADING = re.compile(r"^(#{1,6}) (.+?)\s*$")
_FENCE = re.compile(r"^\s*(```|~~~)")
DICTIONARY = "docs/feature_dictionary.json"


@dataclass(frozen=True)
class Passage:
    """A piece of text with its place: `kind` is document, feature, card or run, `source` a file or table."""

    kind: str
    source: str
    heading: str
    text: str
    path: str = ""
    """The headings above it, for the search alone."""


def documents(root: Path = ROOT) -> list[Path]:
    """README.md and the pages and dictionaries of docs/, in order; those that are not there are left out."""
    found = [root / "README.md", *sorted((root / "docs").glob("*.md")), root / DICTIONARY]
    return [path for path in found if path.is_file()]


def passages_of(path: Path, root: Path = ROOT) -> Iterator[Passage]:
    """The pieces of one file; bytes that are no UTF-8 are replaced."""
    source, text = path.relative_to(root).as_posix(), path.read_text(encoding="utf-8", errors="replace")
    yield from _features(source, text) if path.suffix == ".json" else sections(source, text)


def _features(source: str, text: str) -> Iterator[Passage]:
    for entry in json.loads(text):
        low, high = entry["low"], entry["high"]
        bounds = f"range {low:g} to {'any' if high is None else format(high, 'g')}"
        unit = f", in {entry['unit']}" if entry["unit"] else ""
        told = (f"`{entry['name']}`: {entry['meaning']}{unit} ({entry['type']}, {bounds}; {entry['role']}, known at "
                f"{entry['known']}, from {', '.join(entry['sources'])})")  # fmt: skip
        yield Passage("feature", source, entry["name"], told, entry["name"].replace("_", " "))


def sections(source: str, text: str, kind: str = "document") -> Iterator[Passage]:
    """Everything below a heading up to the next one, code kept as it is."""
    above: list[tuple[int, str]] = []
    heading, lines, fenced = "", [], False
    for line in text.splitlines():
        fenced ^= bool(_FENCE.match(line))
        match = None if fenced else _HEADING.match(line)
        if match is None:
            lines.append(line)
            continue
        if heading and "".join(lines).strip():
            yield _section(kind, source, heading, lines, above)
        level = len(match[1])
        above = [(depth, name) for depth, name in above if depth < level] + [(level, match[2])]
        heading, lines = match[2], []
    if heading and "".join(lines).strip():
        yield _section(kind, source, heading, lines, above)


def _section(kind: str, source: str, heading: str, lines: list[str], above: list[tuple[int, str]]) -> Passage:
    return Passage(kind, source, heading, "\n".join(lines).strip("\n"), " ".join(name for _, name in above))


@cache
def words_of_documents(root: Path = ROOT) -> frozenset[str]:
    """Every word of the documentation in the form of `tokens`."""
    return frozenset(word for path in documents(root)
                     for word in tokens(path.read_text(encoding="utf-8", errors="replace")))  # fmt: skip
