"""What the index is made of: documents by their bytes and by what is asked of them, runs by month, cards; each with a
hash that says when it changed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sqlalchemy import Engine, func, select

from include.llm import card_store
from include.llm.pages.asked import asked_hash
from include.llm.pages.passages import ROOT, Passage, documents, passages_of, sections
from include.utils.hashing import file_sha256, fingerprint
from include.warehouse.metadata import RUNS
from include.warehouse.reading import Row, read_rows

RUN_SOURCES = "experiment_runs/"
CARD_SOURCES = f"{card_store.SHELF}/"
MOST_RUNS = 20_000
"""Of one service's month; more than that nobody fits."""
_UNPRINTABLE = re.compile(r"[^\x20-\x7e]+|[`*_<>\[\]|#]{2,}")


@dataclass(frozen=True)
class Indexed:
    """A source: its name, the hash of what it holds, and how it is read."""

    name: str
    hash: str
    read: Callable[[], Iterable[Passage]]


def document_sources(root: Path = ROOT) -> list[Indexed]:
    """README.md and every page of docs/."""
    return [
        Indexed(
            path.relative_to(root).as_posix(),
            fingerprint(file_sha256(path), asked_hash()),
            partial(passages_of, path, root),
        )
        for path in documents(root)
    ]


def run_sources(engine: Engine) -> list[Indexed]:
    """The fits of each service's month; a month whose number of fits and last time stand is not read again."""
    held = select(RUNS.c.service, RUNS.c.month, func.count().label("fits"), func.max(RUNS.c.created_at).label("last"))
    rows = read_rows(engine, held.group_by(RUNS.c.service, RUNS.c.month).order_by(RUNS.c.service, RUNS.c.month))
    return [
        Indexed(
            f"{RUN_SOURCES}{row['service']}/{row['month']}",
            fingerprint(row["fits"], row["last"]),
            partial(_runs, engine, str(row["service"]), str(row["month"])),
        )
        for row in rows
    ]


def card_sources(lake: str) -> list[Indexed]:
    """The cards of the lake; one whose entry in the list stands as it was is not read again."""
    return [
        Indexed(
            f"{CARD_SOURCES}{card['name']}/{card['version']}",
            fingerprint(*(str(value) for _, value in sorted(card.items()))),
            partial(_card, lake, str(card["name"]), int(card["version"])),
        )
        for card in card_store.list_cards(lake)
    ]


def _card(lake: str, name: str, version: int) -> Iterator[Passage]:
    yield from sections(f"{name}/{version}", card_store.read(lake, name, version) or "", "card")


def _runs(engine: Engine, service: str, month: str) -> Iterator[Passage]:
    query = select(RUNS).where(RUNS.c.service == service, RUNS.c.month == month).order_by(RUNS.c.run_id)
    for row in read_rows(engine, query.limit(MOST_RUNS)):
        yield run_passage(row)


def run_passage(row: Row) -> Passage:
    """One fit in a sentence. Names in it are data: whatever they say, they are shown as one line of plain text."""
    said = f"fit of {quiet(row['family'])} on {quiet(row['target'])} for {quiet(row['service'])} {quiet(row['month'])}"
    loss = "" if row["loss_tune"] is None else f", loss on the tune days {row['loss_tune']:.4f}"
    text = (
        f"Run {quiet(row['run_id'])}: {said}, learnt to {quiet(row['trained_to'])} from "
        f"{row['rows_train'] or 0:,} trips{loss}, {row['fit_seconds'] or 0:.3f} s, {quiet(row['status'])}."
    )
    return Passage("run", "experiment_runs", quiet(row["run_id"]), text, said)


def quiet(value: object) -> str:
    """Any value as at most 80 characters of plain text on one line, without markup."""
    return _UNPRINTABLE.sub(" ", str(value if value is not None else ""))[:80].strip()
