"""Full text of documents, cards and runs in SQLite's FTS5, built when asked for and again when a source has changed.

The index is one file, written under a temporary name and renamed, so that readers in any number of processes see a
whole
one; two that build at once build the same. It lies in the home, or, where that cannot be written, in a folder of the
system for caches: it can be made again from its sources at any time.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cache, lru_cache
from math import log
from pathlib import Path
from typing import Literal

from include.config import Settings
from include.llm.excerpts import blocks_of
from include.llm.passages import Passage
from include.llm.semantics import lexicon
from include.llm.words import plain, tokens
from include.utils.files import atomic_path
from include.utils.hashing import fingerprint

Table = Literal["texts", "runs", "cards"]
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
SAYS_LITTLE = 0.5
"""What a word of every sentence (considered, happens) weighs beside one of the subject."""


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
            weights = _with_same(_weights(index, terms, table), own, same or {})
            rows = index.execute(
                f"SELECT p.kind, p.source, p.heading, p.text, p.path, -bm25({table}, ?, ?, ?) AS score FROM {table} "  # noqa: S608 - two names of ours
                f"JOIN passages AS p ON p.id = {table}.rowid WHERE {table} MATCH ? ORDER BY score DESC LIMIT {MOST}",
                (*WEIGHTS, " OR ".join(f'"{term}"' for term in terms)),
            ).fetchall()
        found = [(Passage(*row[:5]), float(row[5])) for row in rows]
        return [_hit(passage, score, weights) for passage, score in found]

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(f"file:{self.file}?mode=ro", uri=True, timeout=10)


_STOP = """
a an the is are was were be been do does did of in on at to for from by with and or what which who how why when where i
you we it its this that these those there my your our me us can could should would will shall may must have has had not
no so if as than then please tell show give explain mean meaning define definition about into any some all many much one
get use used using exactly work works working happen happens need want know way thing here just only please hey hi stand
called
"""
STOP = frozenset(tokens(_STOP))


def terms_of(question: str, extra: Iterable[str] = ()) -> list[str]:
    """The words of a question that a search looks for, each once, parts of a_name among them."""
    said = [word for word in (*tokens(question), *extra) if word not in STOP and word not in ("%", "$", "#")]
    parts = [part for word in said for part in (word, *(word.split("_") if "_" in word else ()))]
    return list(dict.fromkeys(part for part in parts if part and part not in STOP))[:40]


def _weights(index: sqlite3.Connection, terms: Sequence[str], table: Table) -> dict[str, float]:
    """How much each term tells: rarer is more, and one that is nowhere is most."""
    count = int(index.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]) or 1  # noqa: S608 - two names of ours
    weights = {}
    for term in terms:
        found = index.execute(f"SELECT COUNT(*) FROM {table} WHERE {table} MATCH ?", (f'"{term}"',)).fetchone()[0]  # noqa: S608
        weights[term] = log(1 + count / (found + 0.5))
    return weights


Weights = Mapping[str, tuple[float, frozenset[str]]]
"""A word of the question -> how much it tells, and the stems that say it."""


def _with_same(weights: Mapping[str, float], own: Sequence[str], same: Mapping[str, Sequence[str]]) -> Weights:
    """The question's own words; one that is nowhere tells as much as the plainest word that says the same."""
    told: dict[str, tuple[float, frozenset[str]]] = {}
    for term in own:
        others = [word for word in same.get(term, ()) if word in weights]
        weight = min([weights[term], *(weights[word] for word in others)]) * (
            SAYS_LITTLE if term in lexicon().harmless else 1
        )
        told[term] = (weight, frozenset(stem(word) for word in (term, *others)))
    return told


def _hit(passage: Passage, score: float, weights: Weights) -> Hit:
    total = sum(weight for weight, _ in weights.values()) or 1.0
    blocks = (stems_of(block.text) for block in blocks_of(passage.text))
    return Hit(
        passage,
        score,
        _covered(stems_of(f"{passage.heading} {passage.path} {passage.text}"), weights) / total,
        max((_covered(held, weights) for held in blocks), default=0.0) / total,
    )


def _covered(held: frozenset[str], weights: Weights) -> float:
    return sum(weight for weight, said in weights.values() if said & held)


@lru_cache(maxsize=8192)
def stems_of(text: str) -> frozenset[str]:
    """The words of a text without their endings, parts of a_name among them."""
    return frozenset(
        stem(word) for token in tokens(text) for word in (token, *(token.split("_") if "_" in token else ()))
    )


@cache
def stem(word: str) -> str:
    """A word without its ending, well enough to find promoted by promotion; numbers and names stay."""
    if not word.isalpha() or len(word) < 5:
        return word
    for ending in (
        "ations",
        "ation",
        "ments",
        "ment",
        "ings",
        "ing",
        "ions",
        "ion",
        "ers",
        "ed",
        "er",
        "es",
        "e",
        "ly",
        "s",
    ):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def index_file(settings: Settings, root: Path) -> Path:
    """Where the index lies: in the home, else (one that cannot be written) beside the API's copies of bundles, else
    in the
    system's folder for temporary files, in one that only this user can enter."""
    name = f"index.v{FORM}.{fingerprint(str(root))}.db"
    for folder in (settings.home / "assistant", settings.model_cache_folder / "assistant"):
        if _may_write(folder):
            return folder / name
    return Path(tempfile.mkdtemp(prefix="taxi-assistant-")) / name


def _may_write(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False
