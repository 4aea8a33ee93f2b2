"""What every drill begins with: a home with a champion, and what the next month leaves when nothing disturbs it."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from include.utils.files import write_json
from tests.drills.platform import WEAK, Platform
from tests.drills.results import leftovers, results
from tests.drills.witness import Witness, quote_in_process
from tests.servers.mariadb import free_port

FIRST, SECOND, MONTH = "2019-01", "2019-02", "2019-03"


@dataclass(frozen=True)
class Reference:
    """`before` and `after` are what the API answers when the month begins and when it has ended."""

    platform: Platform
    copy: Path
    before: dict[str, Any]
    after: dict[str, Any]
    results: dict[str, dict[str, Any]]


@pytest.fixture(scope="session")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Reference:
    """Two months give a champion, the home is saved, and the third runs undisturbed, without Airflow.

    TAXI_DRILLS names a folder that keeps it all for the next call; remove the folder when code has changed.
    """
    kept = os.environ.get("TAXI_DRILLS")
    folder = Path(kept).resolve() if kept else tmp_path_factory.mktemp("drills")
    platform = Platform(folder / "home", (free_port(), free_port(), free_port()))
    record = folder / "reference.json"
    if not record.exists():
        folder.mkdir(exist_ok=True)
        write_json(record, _undisturbed(platform, folder / "saved"))
    told = json.loads(record.read_text())
    return Reference(platform, folder / "saved", told["before"], told["after"], told["results"])


def _undisturbed(platform: Platform, copy: Path) -> dict[str, Any]:
    """A champion of weak families, then a month whose better one is promoted: the same phases, in one process."""
    platform.in_one_process(FIRST, SECOND, TAXI_FAMILIES=WEAK)
    before = quote_in_process(platform.settings)
    platform.migrate()
    shutil.copytree(platform.home, copy, symlinks=True)
    platform.in_one_process(MONTH)
    after = quote_in_process(platform.settings)
    assert before != after, "the month of the drills must promote a champion"
    return {"before": before, "after": after, "results": results(platform.settings, MONTH)}


@pytest.fixture
def platform(reference: Reference) -> Platform:
    """The platform whose next month is the one of the reference: its home as it was saved, at the same place."""
    shutil.rmtree(reference.platform.home, ignore_errors=True)
    shutil.copytree(reference.copy, reference.platform.home, symlinks=True)
    return reference.platform


@pytest.fixture
def witness(platform: Platform) -> Witness:
    """A client of this platform's API."""
    return Witness(platform.settings)


@pytest.fixture
def undisturbed(reference: Reference, platform: Platform) -> Iterator[None]:
    """Holds the home against the reference when the drill is over."""
    yield
    same_as_undisturbed(platform, reference)


def same_as_undisturbed(platform: Platform, reference: Reference) -> None:
    """The same results as without the drill, nothing half-done in the lake, and no process left."""
    assert platform.orphans() == {}
    assert leftovers(platform.settings) == []
    assert results(platform.settings, MONTH) == reference.results
