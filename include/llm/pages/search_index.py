"""Full text of documents, cards and runs in SQLite's FTS5, built when asked for and again when a source has changed.

The index is one file, written under a temporary name and renamed, so that readers in any number of processes see a
whole one; two that build at once build the same. It can be made again from its sources at any time.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from include.llm.pages.excerpts import blocks_of
from include.llm.pages.passages import Passage
from include.llm.pages.stems import stems_of, terms_of
from include.llm.pages.weights import Table, Weights, covered, weights_of, with_same
from include.llm.words import plain
from include.utils.files import atomic_path

FORM = "4"
"""Of the tables below; another one is another file."""
_TABLES = """
CREATE TABLE sources (name TEXT PRIMARY KEY, hash TEXT NOT NULL);
CREATE TABLE passages (id INTEGER PRIMARY KEY, kind TEXT, source TEXT, heading TEXT, path TEXT, text TEXT, origin TEXT);
CREATE VIRTUAL TABLE texts USING fts5(heading, path, text, tokenize='porter unicode61', content='');
CREATE VIRTUAL TABLE runs USING fts5(heading, path, text, tokenize='porter unicode61', content='');
CREATE VIRTUAL TABLE cards USING fts5(heading, path, text, tokenize='porter unicode61', content='');
"""
_TABLE_OF = {"run": "runs", "card": "cards"}
"""Apart from the pages: thousands of runs would make their words look rare, and cards say the same of every model."""
WEIGHTS = (6.0, 2.5, 1.0)
"""Of heading, path and text."""
MOST = 40


@dataclass(frozen=True)
class Hit:
    """A passage that was found: BM25 as a positive number, and the weighted share of the question's words that it has.

    `closest` is that share of the paragraph, list entry or table row of it that has most.
    """

    passage: Passage
    score: float
    coverage: float
    closest: float


class SearchIndex:
    """Passages by source; a source whose hash is unchanged is not read again."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def refresh(self, hashes: Mapping[str, str], read: Mapping[str, object]) -> bool:
        """Makes the index hold exactly these sources, `read[name]()` giving the passages of one; whether it was
        built."""
        if self.hashes() == dict(hashes):
            return False
        kept = {name for name, value in self.hashes().items() if hashes.get(name) == value}
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with atomic_path(self.file) as temporary, closing(sqlite3.connect(temporary)) as built:
            built.execute("PRAGMA journal_mode = MEMORY")
            built.executescript(_TABLES)
            self._fill(built, hashes, read, kept)
            built.commit()
        return True

    def _fill(
        self, built: sqlite3.Connection, hashes: Mapping[str, str], read: Mapping[str, object], kept: set[str]
    ) -> None:
        held = list(self._held(kept))
        for name, value in hashes.items():
            built.execute("INSERT INTO sources VALUES (?, ?)", (name, value))
            passages = [p for origin, p in held if origin == name] if name in kept else list(read[name]())  # type: ignore[operator]
            rows = [(p.kind, p.source, p.heading, p.path, p.text, name) for p in passages]
            built.executemany(
                "INSERT INTO passages (kind, source, heading, path, text, origin) VALUES (?, ?, ?, ?, ?, ?)", rows
            )
        rows = built.execute("SELECT kind, id, heading, path, text FROM passages").fetchall()
        for table in ("texts", "runs", "cards"):
            said = [
                (row[1], *(plain(part) for part in row[2:])) for row in rows if _TABLE_OF.get(row[0], "texts") == table
            ]
            built.executemany(f"INSERT INTO {table} (rowid, heading, path, text) VALUES (?, ?, ?, ?)", said)  # noqa: S608 - ours

    def _held(self, kept: set[str]) -> Iterator[tuple[str, Passage]]:
        if not kept:
            return
        with closing(self._open()) as index:
            for kind, source, heading, path, text, origin in index.execute(
                "SELECT kind, source, heading, path, text, origin FROM passages ORDER BY id"
            ):
                if origin in kept:
                    yield origin, Passage(kind, source, heading, text, path)

    def hashes(self) -> dict[str, str]:
        """Source -> hash of what the index holds; empty without one that can be read."""
        if not self.file.is_file():
            return {}
        try:
            with closing(self._open()) as index:
                return dict(index.execute("SELECT name, hash FROM sources"))
        except sqlite3.DatabaseError:
            return {}

    def search(
        self, question: str, same: Mapping[str, Sequence[str]] | None = None, table: Table = "texts"
    ) -> list[Hit]:
        """The best passages first, at most MOST. `same` are words for a word: a passage that has one has the word."""
        own = terms_of(question)
        terms = terms_of(question, [word for term in own for word in (same or {}).get(term, ())])
        if not terms or not self.file.is_file():
            return []
        with closing(self._open()) as index:
            weights = with_same(weights_of(index, terms, table), own, same or {})
            rows = index.execute(
                f"SELECT p.kind, p.source, p.heading, p.text, p.path, -bm25({table}, ?, ?, ?) AS score FROM {table} "  # noqa: S608 - two names of ours
                f"JOIN passages AS p ON p.id = {table}.rowid WHERE {table} MATCH ? ORDER BY score DESC LIMIT {MOST}",
                (*WEIGHTS, " OR ".join(f'"{term}"' for term in terms)),
            ).fetchall()
        found = [(Passage(*row[:5]), float(row[5])) for row in rows]
        return [_hit(passage, score, weights) for passage, score in found]

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(f"file:{self.file}?mode=ro", uri=True, timeout=10)


def _hit(passage: Passage, score: float, weights: Weights) -> Hit:
    total = sum(weight for weight, _ in weights.values()) or 1.0
    blocks = (stems_of(block.text) for block in blocks_of(passage.text))
    return Hit(
        passage,
        score,
        covered(stems_of(f"{passage.heading} {passage.path} {passage.text}"), weights) / total,
        max((covered(held, weights) for held in blocks), default=0.0) / total,
    )
