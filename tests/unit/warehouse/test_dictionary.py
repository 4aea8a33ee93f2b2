"""Every table, view and column of the warehouse has a meaning, and the page says it."""

from __future__ import annotations

from sqlalchemy import create_engine, inspect

from include.warehouse.dictionary import PAGE, describe_warehouse, page
from include.warehouse.schema import init_db


def test_what_a_migrated_database_has_is_described() -> None:
    engine = create_engine("sqlite://")
    init_db(engine)
    seen = inspect(engine)
    names = {*seen.get_table_names(), *seen.get_view_names()} - {"alembic_version"}
    described = {d.name: {name for name, _, _ in d.columns} for d in describe_warehouse()}
    assert {name: {c["name"] for c in seen.get_columns(name)} for name in names} == described


def test_the_page_is_current() -> None:
    """When this fails, run `make docs` and commit what it writes."""
    assert PAGE.read_text(encoding="utf-8") == page()


def test_a_meaning_is_a_phrase_of_its_own() -> None:
    for described in describe_warehouse():
        for name, _, meaning in described.columns:
            assert meaning.strip() == meaning, (described.name, name)
            assert meaning, (described.name, name)
