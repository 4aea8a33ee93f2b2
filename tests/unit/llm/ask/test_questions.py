"""Every set of questions can be used as it stands: each statement runs, each place in the documentation exists."""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from include.warehouse.engine import engine_for
from include.warehouse.schema import init_db

ROOT = Path(__file__).resolve().parents[4]
FOLDER = ROOT / "tests/bench"
SETS = {
    path.stem.removeprefix("questions").lstrip("_") or "own": path for path in sorted(FOLDER.glob("questions*.yaml"))
}
LEAST_OF_OURS = 60
LEAST = {"number": 12, "comparison": 6, "definition": 8, "howto": 6, "unanswerable": 8, "adversarial": 4}
LEAST_IN_ALL = 44
WHOLE = ("own", "heldout", "blind", "fourth", "fifth", "sixth", "seventh")
"""Sets of all kinds; the others are of one matter."""
FACTS = ("number", "comparison")
PLACES = ("definition", "howto")
UNITS = {"minutes", "seconds", "dollars", "share", "log loss", "score", "version", "name", "rows", "trips", "zones",
         "values", "expectations"}  # fmt: skip
MOST_DECIMALS = 7

Question = dict[str, Any]


@cache
def questions(name: str) -> list[Question]:
    loaded: list[Question] = yaml.safe_load(SETS[name].read_text(encoding="utf-8"))
    return loaded


def squeezed(text: str) -> str:
    return " ".join(text.split()).casefold()


@cache
def sections(file: str) -> dict[str, str]:
    """Text below each heading up to the next one; of the dictionary, each entry by its name."""
    text = (ROOT / file).read_text(encoding="utf-8")
    if file.endswith(".json"):
        return {entry["name"]: " ".join(str(value) for value in entry.values()) for entry in json.loads(text)}
    parts = re.split(r"^#{1,6} (.+)$", text, flags=re.MULTILINE)
    headings = [heading.strip() for heading in parts[1::2]]
    assert len(headings) == len(set(headings)), f"{file} has a heading twice, so a question cannot name it"
    return dict(zip(headings, parts[2::2], strict=True))


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    path = tmp_path_factory.mktemp("questions") / "warehouse.db"
    engine = engine_for(f"sqlite:///{path}")
    init_db(engine)
    engine.dispose()
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        yield connection


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_set_has_all_kinds(name: str) -> None:
    counts = Counter(q["kind"] for q in questions(name))
    assert set(counts) == set(LEAST)
    assert all(counts[kind] >= least for kind, least in LEAST.items() if name != "blind"), counts
    assert counts.total() >= (LEAST_OF_OURS if name == "own" else LEAST_IN_ALL)


def test_ids_and_questions_are_nobody_elses() -> None:
    every = [question for name in SETS for question in questions(name)]
    for key in ("id", "question"):
        twice = [text for text, times in Counter(squeezed(q[key]) for q in every).items() if times > 1]
        assert not twice, f"more than once: {twice}"


@pytest.mark.parametrize("name", SETS)
def test_each_has_the_fields_of_its_kind(name: str) -> None:
    assert [fault for question in questions(name) for fault in field_faults(question)] == []


def field_faults(question: Question) -> list[str]:
    """What is wrong with a question's fields."""
    if set(question) != {"id", "kind", "question", "expect"} or question["kind"] not in LEAST:
        return [f"{question.get('id')}: fields are {sorted(question)}"]
    name, kind, expect = question["id"], question["kind"], question["expect"]
    wanted = {"sql", "unit"} if kind in FACTS else {"source", "contains"} if kind in PLACES else {"abstain"}
    more = {"note"} | ({"decimals"} if kind in FACTS else set())
    faults = [f"{name}: expect has {sorted(expect)}"] if not wanted <= set(expect) <= wanted | more else []
    if not question["question"].strip():
        faults.append(f"{name}: no question")
    if kind in FACTS and expect["unit"] not in UNITS:
        faults.append(f"{name}: unit {expect['unit']!r} is none of {sorted(UNITS)}")
    if kind == "number" and expect["unit"] != "name" and expect.get("decimals") not in range(MOST_DECIMALS + 1):
        faults.append(f"{name}: decimals {expect.get('decimals')!r}")
    if kind not in (*FACTS, *PLACES) and expect["abstain"] is not True:
        faults.append(f"{name}: abstain is {expect['abstain']!r}")
    return faults


@pytest.mark.parametrize("name", SETS)
def test_each_statement_runs_on_an_empty_warehouse(name: str, warehouse: sqlite3.Connection) -> None:
    asked = [q for q in questions(name) if q["kind"] in FACTS]
    assert [fault for question in asked for fault in statement_faults(question, warehouse)] == []


def statement_faults(question: Question, warehouse: sqlite3.Connection) -> list[str]:
    """What is wrong with a question's statement."""
    name, kind, expect = question["id"], question["kind"], question["expect"]
    if not re.match(r"(SELECT|WITH)\b", expect["sql"]) or ";" in expect["sql"]:
        return [f"{name}: not one SELECT"]
    try:
        cursor = warehouse.execute(expect["sql"])
        rows = cursor.fetchall()
    except sqlite3.Error as fault:
        return [f"{name}: SQLite refuses the statement: {fault}"]
    columns = len(cursor.description)
    right = columns == 1 if kind == "number" else columns in (1, 2)
    return [] if right and len(rows) <= 1 else [f"{name}: {len(rows)} rows of {columns} columns"]


@pytest.mark.parametrize("name", SETS)
def test_each_source_exists_and_holds_the_terms(name: str) -> None:
    asked = [q for q in questions(name) if q["kind"] in PLACES]
    assert [fault for question in asked for fault in source_faults(question)] == []


def source_faults(question: Question) -> list[str]:
    """What of a question's sources is not there."""
    faults = []
    for place in question["expect"]["source"]:
        file, heading = place["file"], place["heading"]
        if not (file == "README.md" or file.startswith("docs/")) or not (ROOT / file).is_file():
            faults.append(f"{question['id']}: {file} is no page")
        elif heading not in sections(file):
            faults.append(f"{question['id']}: {file} has no heading {heading!r}")
        else:
            held = squeezed(sections(file)[heading])
            faults += [f"{question['id']}: {term!r} is not in {file}, {heading!r}"
                       for term in question["expect"]["contains"] if squeezed(term) not in held]  # fmt: skip
    return faults
