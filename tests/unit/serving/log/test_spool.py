"""Segments hold whole rows, belong to one at a time, and survive their writer."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from include.serving.log.spool import Spool, claimed, read_rows

WRITER = """
import sys, time
from pathlib import Path
from include.serving.log.spool import Spool
spool = Spool(Path(sys.argv[1]), ["n"])
spool.append([b"[1]\\n", b"[2]\\n"])
print("written", flush=True)
time.sleep(60)
"""


def rows_in(folder: Path) -> list[dict[str, int] | None]:
    """Every row of every segment that nobody holds."""
    found: list[dict[str, int] | None] = []
    for path in Spool(folder, []).segments():
        with claimed(path) as file:
            found += list(read_rows(file)) if file else []
    return found


def test_a_segment_is_nobody_elses_until_it_is_closed(tmp_path: Path) -> None:
    spool = Spool(tmp_path, ["n", "text"])
    spool.append([b'[1,"a"]\n', b"[2,null]\n"])
    (path,) = spool.segments()
    with claimed(path) as file:
        assert file is None
    spool.close()
    assert rows_in(tmp_path) == [{"n": 1, "text": "a"}, {"n": 2, "text": None}]


def test_one_shipper_at_a_time(tmp_path: Path) -> None:
    spool = Spool(tmp_path, ["n"])
    spool.append([b"[1]\n"])
    spool.close()
    (path,) = spool.segments()
    with claimed(path) as first, claimed(path) as second:
        assert first is not None
        assert second is None
        path.unlink()
    with claimed(path) as gone:
        assert gone is None


def test_a_segment_that_is_just_begun_is_not_taken_for_a_finished_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool, flock = Spool(tmp_path, ["n"]), fcntl.flock

    def late(handle: int, how: int) -> None:
        for path in spool.segments():  # a shipper that is quicker than the lock
            path.unlink()
        flock(handle, how)

    monkeypatch.setattr("include.serving.log.spool.fcntl.flock", late)
    spool.append([b"[1]\n"])
    monkeypatch.undo()
    spool.close()
    assert rows_in(tmp_path) == [{"n": 1}]


def test_what_a_killed_process_left_is_free_for_others(tmp_path: Path) -> None:
    writer = subprocess.Popen([sys.executable, "-c", WRITER, tmp_path], stdout=subprocess.PIPE)
    assert writer.stdout is not None
    assert writer.stdout.readline() == b"written\n"
    assert rows_in(tmp_path) == []
    os.kill(writer.pid, signal.SIGKILL)
    writer.wait()
    writer.stdout.close()
    assert rows_in(tmp_path) == [{"n": 1}, {"n": 2}]


@pytest.mark.parametrize("torn", [b"[2", b"[2]", b'{"n": 2}\n', b"[2,3]\n", b"\xff\n"])
def test_a_line_that_is_not_whole_is_no_row(tmp_path: Path, torn: bytes) -> None:
    (tmp_path / "1.rows").write_bytes(b'["n"]\n[1]\n' + torn)
    assert rows_in(tmp_path) == [{"n": 1}, None]


def test_a_full_disk_leaves_no_half_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spool = Spool(tmp_path, ["n"])
    spool.append([b"[1]\n"])
    write, left = os.write, [3]

    def scarce(handle: int, content: memoryview) -> int:
        if not left[0]:
            raise OSError(28, "No space left on device")
        taken = write(handle, content[: left[0]])
        left[0] -= taken
        return taken

    monkeypatch.setattr("include.serving.log.spool.os.write", scarce)
    with pytest.raises(OSError, match="No space"):
        spool.append([b"[2]\n", b"[3]\n"])
    monkeypatch.undo()
    spool.append([b"[4]\n"])
    spool.close()
    assert rows_in(tmp_path) == [{"n": 1}, {"n": 4}]


def test_a_folder_that_takes_no_file_leaves_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int, content: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("include.serving.log.spool.os.write", full)
    with pytest.raises(OSError, match="No space"):
        Spool(tmp_path, ["n"]).append([b"[1]\n"])
    assert list(tmp_path.iterdir()) == []
