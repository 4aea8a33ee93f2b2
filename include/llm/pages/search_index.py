"""Full text of documents, cards and runs in SQLite's FTS5, built when asked for and again when a source has changed.

The index is one file, written under a temporary name and renamed, so that readers in any number of processes see a
whole one; two that build at once build the same. It can be made again from its sources at any time.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Literal

from include.llm.pages.asked import asked_of
from include.llm.pages.passages import Passage
from include.llm.pages.stems import stems_in
from include.utils.files import atomic_path

FORM = "6"
"""Of the tables below; another one is another file."""
_TABLES = """
CREATE TABLE sources (name TEXT PRIMARY KEY, hash TEXT NOT NULL);
CREATE TABLE passages (id INTEGER PRIMARY KEY, kind TEXT, source TEXT, heading TEXT, path TEXT, text TEXT, origin TEXT);
""" + "".join(
    f"CREATE VIRTUAL TABLE {table} USING fts5(heading, path, text, tokenize=\"unicode61 tokenchars '_.'\", content='');"
    f"CREATE VIRTUAL TABLE {table}_words USING fts5vocab({table}, row);"
    for table in ("texts", "runs", "cards")
)
"""The full texts hold stems, which `stems.py` makes of texts and questions alike."""
_TABLE_OF = {"run": "runs", "card": "cards"}
"""Apart from the pages: thousands of runs would make their words look rare, and cards say the same of every model."""
WEIGHTS = (6.0, 2.5, 1.0)
"""Of heading, path and text."""
MOST = 60
"""Passages that are looked at more closely."""
Table = Literal["texts", "runs", "cards"]


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
        held_now = [
            (kind, number, heading, path, "\n".join((text, *asked_of(source, heading))))
            for kind, number, heading, path, text, source in built.execute(
                "SELECT kind, id, heading, path, text, source FROM passages"
            )
        ]
        for table in ("texts", "runs", "cards"):
            of_table = (row for row in held_now if _TABLE_OF.get(row[0], "texts") == table)
            said = [(row[1], *(" ".join(stems_in(part)) for part in row[2:])) for row in of_table]
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

    def search(self, text: str, table: Table = "texts") -> list[Passage]:
        """The passages that have a word of the text, the best first by BM25, at most MOST."""
        return self.find(frozenset(stems_in(text)), table)

    def find(self, stems: Collection[str], table: Table = "texts") -> list[Passage]:
        """The passages that have one of the stems, the best first by BM25, at most MOST."""
        if not stems or not self.file.is_file():
            return []
        with closing(self._open()) as index:
            rows = index.execute(
                f"SELECT p.kind, p.source, p.heading, p.text, p.path FROM {table} JOIN passages AS p "  # noqa: S608 - two names of ours
                f"ON p.id = {table}.rowid WHERE {table} MATCH ? ORDER BY bm25({table}, ?, ?, ?), p.id LIMIT {MOST}",
                (" OR ".join(f'"{stem}"' for stem in sorted(stems)), *WEIGHTS),
            ).fetchall()
        return [Passage(*row) for row in rows]

    def spread(self, stems: Collection[str], table: Table = "texts") -> tuple[dict[str, int], int]:
        """How many passages have each of the stems, those that are nowhere left out, and how many there are."""
        with closing(self._open()) as index:
            marks = ",".join("?" * len(stems))
            found = dict(index.execute(f"SELECT term, doc FROM {table}_words WHERE term IN ({marks})", list(stems)))  # noqa: S608 - marks
            total = index.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]  # noqa: S608 - a name of ours
        return found, int(total)

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(f"file:{self.file}?mode=ro", uri=True, timeout=10)
