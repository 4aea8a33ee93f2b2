"""Files are whole or not there, and what a killed writer leaves is removed by the next one."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from include.config import ROOT
from include.utils.files import atomic_path, scratch_folder, write_json

WRITER = """
import sys, time
from pathlib import Path
from include.utils.files import atomic_path, scratch_folder
with scratch_folder(Path(sys.argv[1])) as folder, atomic_path(Path(sys.argv[1], "month.json")) as half:
    (folder / "data").write_text("half")
    half.write_text("half")
    print("writing", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that has begun a file and a folder in the test's place, and does not end."""
    command = [sys.executable, "-c", WRITER, str(tmp_path)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdout is not None
    assert process.stdout.readline() == "writing\n"
    yield process
    process.kill()
    process.wait()


def write_beside(folder: Path) -> None:
    write_json(folder / "month.json", {"rows": 1})
    with scratch_folder(folder) as scratch:
        assert scratch.is_dir()


def test_what_a_killed_writer_left_is_removed(tmp_path: Path, writer: subprocess.Popen[str]) -> None:
    writer.kill()
    writer.wait()
    assert len(list(tmp_path.iterdir())) == 2
    write_beside(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["month.json"]


def test_what_a_living_writer_has_is_left_alone(tmp_path: Path, writer: subprocess.Popen[str]) -> None:
    held = set(tmp_path.iterdir())
    write_beside(tmp_path)
    assert set(tmp_path.iterdir()) == held | {tmp_path / "month.json"}


def test_only_the_same_file_s_remains_are_taken(tmp_path: Path, writer: subprocess.Popen[str]) -> None:
    writer.kill()
    writer.wait()
    write_json(tmp_path / "other.json", {})
    assert [path.name for path in tmp_path.glob(".month.json.*.tmp")] != []


def test_a_failed_block_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "month.json"
    target.write_text("old")

    def write() -> None:
        with atomic_path(target) as half:
            half.write_text("new")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write()
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]
