"""The lake's disk is full: the month fails with a sentence that says so, and is done when there is room again."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import absent
from tests.drills.conftest import MONTH, Reference, same_as_undisturbed
from tests.drills.platform import Platform
from tests.drills.results import champions, leftovers
from tests.drills.witness import Witness

pytestmark = pytest.mark.drill

ROOM_KIB = 96
"""Less than a landed month and its raw month take together."""


@pytest.fixture
def small_lake(platform: Platform) -> Iterator[Path]:
    """The home's lake on a file system in memory that has little room left."""
    if os.getuid() != 0:
        absent("only root can mount a small file system")
    lake, aside = platform.home / "lake", platform.home / "aside"
    lake.rename(aside)
    lake.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=512m", "tmpfs", lake], check=False).returncode:
        absent("this machine mounts no file system in memory")
    try:
        shutil.copytree(aside, lake, symlinks=True, dirs_exist_ok=True)
        resize(lake, shutil.disk_usage(lake).used // 1024 + ROOM_KIB)
        yield lake
    finally:
        subprocess.run(["umount", "--lazy", lake], check=True)


def resize(lake: Path, kib: int) -> None:
    """Gives the file system another size, with all that is on it."""
    subprocess.run(["mount", "-o", f"remount,size={kib}k", lake], check=True)


def test_a_full_lake_is_named_and_room_mends_it(
    platform: Platform, witness: Witness, reference: Reference, small_lake: Path
) -> None:
    before = champions(platform.settings)
    with platform.month(MONTH) as run, witness.watching():
        said = run.ends(well=False)
    assert f"The lake at {small_lake} has no room for a" in said
    assert "Free space, or name another place in TAXI_LAKE_URL" in said
    assert leftovers(platform.settings) == []
    assert champions(platform.settings) == before
    witness.confirms(reference.before, reference.before)
    resize(small_lake, 512 * 1024)
    with platform.month(MONTH) as run:
        run.ends()
    same_as_undisturbed(platform, reference)
