"""Both halves of the questions can be used as they stand: every statement runs, every place in the documentation
exists."""

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
FILES = {
    "h": ROOT / "tests/bench/questions_heldout.yaml", "q": ROOT / "tests/bench/questions.yaml",
    "t": ROOT / "tests/bench/questions_blind.yaml",
}  # fmt: skip
LEAST_OF_OURS = 60
LEAST = {"number": 12, "comparison": 6, "definition": 8, "howto": 6, "unanswerable": 8, "adversarial": 4}
LEAST_IN_ALL = 44
FACTS = ("number", "comparison")
PLACES = ("definition", "howto")
ABSTAINS = ("unanswerable", "adversarial")
UNITS = {
    "minutes",
    "seconds",
    "dollars",
    "share",
    "log loss",
    "score",
    "version",
    "name",
    "rows",
    "trips",
    "zones",
    "values",
    "expectations",
}

Question = dict[str, Any]


@cache
def _questions() -> list[Question]:
    return [question for half in FILES for question in _half(half)]


@cache
def _half(letter: str) -> list[Question]:
    loaded: list[Question] = yaml.safe_load(FILES[letter].read_text(encoding="utf-8"))
    return loaded


def _of(*kinds: str) -> list[Any]:
    return [pytest.param(q, id=str(q.get("id"))) for q in _questions() if q.get("kind") in kinds]


def _squeezed(text: str) -> str:
    return " ".join(text.split()).casefold()


@cache
def _sections(file: str) -> dict[str, str]:
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


@pytest.mark.parametrize(("letter", "least"), [("h", LEAST_IN_ALL), ("q", LEAST_OF_OURS)])
def test_kinds_and_counts(letter: str, least: int) -> None:
    counts = Counter(q.get("kind") for q in _half(letter))
    assert not set(counts) - set(LEAST), f"kinds that are not known: {sorted(map(str, set(counts) - set(LEAST)))}"
    short = {kind: f"{counts[kind]} of {least}" for kind, least in LEAST.items() if counts[kind] < least}
    assert not short, f"too few questions: {short}"
    assert counts.total() >= least, f"{counts.total()} questions, at least {least} are wanted"


@pytest.mark.parametrize("letter", list(FILES))
def test_ids_are_unique_and_without_gaps(letter: str) -> None:
    ids = [q.get("id") for q in _half(letter)]
    expected = [f"{letter}{number:02d}" for number in range(1, len(ids) + 1)]
    wrong = [f"{found} where {wanted} is due" for found, wanted in zip(ids, expected, strict=True) if found != wanted]
    assert not wrong, f"ids: {wrong}"


def test_no_question_comes_twice() -> None:
    twice = [text for text, times in Counter(_squeezed(q["question"]) for q in _questions()).items() if times > 1]
    assert not twice, f"asked more than once: {twice}"


@pytest.mark.parametrize("question", _of(*LEAST))
def test_has_the_fields_of_its_kind(question: Question) -> None:
    name = question["id"]
    assert set(question) == {"id", "kind", "question", "expect"}, f"{name}: fields are {sorted(question)}"
    assert isinstance(question["question"], str), f"{name}: the question is no text"
    assert question["question"].strip(), f"{name}: the question is empty"
    fields = set(question["expect"]) - {"note"}
    if question["kind"] in FACTS:
        wanted = {"sql", "unit", "decimals"}
    elif question["kind"] in PLACES:
        wanted = {"source", "contains"}
    else:
        wanted = {"abstain"}
    assert fields == wanted, f"{name}: expect has {sorted(fields)}, a {question['kind']} has {sorted(wanted)}"


@pytest.mark.parametrize("question", _of(*FACTS))
def test_unit_and_decimals_are_known(question: Question) -> None:
    name, expect = question["id"], question["expect"]
    assert expect["unit"] in UNITS, f"{name}: unit {expect['unit']!r} is none of {sorted(UNITS)}"
    decimals = expect["decimals"]
    assert type(decimals) is int, f"{name}: decimals {decimals!r} is no whole number"
    assert 0 <= decimals <= 4, f"{name}: {decimals} decimals"


@pytest.mark.parametrize("question", _of(*FACTS))
def test_statement_runs_on_an_empty_warehouse(question: Question, warehouse: sqlite3.Connection) -> None:
    name, sql = question["id"], question["expect"]["sql"]
    assert re.match(r"(SELECT|WITH)\b", sql), f"{name}: the statement does not begin with SELECT or WITH"
    assert ";" not in sql, f"{name}: more than one statement, or a semicolon at its end"
    try:
        cursor = warehouse.execute(sql)
    except sqlite3.Error as fault:
        pytest.fail(f"{name}: SQLite refuses the statement: {fault}\n{sql}")
    rows = cursor.fetchall()
    assert len(rows) <= 1, f"{name}: {len(rows)} rows, the truth is one"
    columns = len(cursor.description)
    allowed = (1,) if question["kind"] == "number" else (1, 2)
    assert columns in allowed, f"{name}: {columns} columns, a {question['kind']} has {' or '.join(map(str, allowed))}"
    if question["kind"] == "comparison":
        is_name = question["expect"]["unit"] == "name"
        assert is_name == (columns == 1), f"{name}: the unit is name exactly when there is no figure beside the verdict"


@pytest.mark.parametrize("question", _of(*PLACES))
def test_source_exists_and_holds_the_terms(question: Question) -> None:
    name, expect = question["id"], question["expect"]
    assert 1 <= len(expect["source"]) <= 2, f"{name}: one or two places are wanted, not {len(expect['source'])}"
    assert 1 <= len(expect["contains"]) <= 2, f"{name}: one or two terms are wanted, not {len(expect['contains'])}"
    for place in expect["source"]:
        assert set(place) == {"file", "heading"}, f"{name}: a place is file and heading, not {sorted(place)}"
        file, heading = place["file"], place["heading"]
        assert file == "README.md" or file.startswith("docs/"), f"{name}: {file} is no documentation"
        assert (ROOT / file).is_file(), f"{name}: there is no {file}"
        assert heading in _sections(file), f"{name}: {file} has no heading {heading!r}"
        for term in expect["contains"]:
            assert isinstance(term, str), f"{name}: {term!r} is no text"
            assert _squeezed(term) in _squeezed(_sections(file)[heading]), (
                f"{name}: {term!r} is not in {file}, {heading!r}"
            )


@pytest.mark.parametrize("question", _of(*ABSTAINS))
def test_abstaining_says_why(question: Question) -> None:
    name, expect = question["id"], question["expect"]
    assert expect["abstain"] is True, f"{name}: abstain is {expect['abstain']!r}"
    assert isinstance(expect.get("note"), str), f"{name}: a note says what is wrong with the question"
