"""Files that are either whole or not there, and temporary ones that do not outlive who wrote them.

Who writes holds a lock on what is temporary, which ends with the process however that ends. What nobody holds was left
by a killed one, and the next writer at the same place removes it.
"""

from __future__ import annotations

import errno
import fcntl
import glob
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from include.errors import LakeError


@contextmanager
def atomic_path(target: Path) -> Iterator[Path]:
    """A temporary path beside `target` that is renamed onto it when the block succeeds and removed when it fails."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with _alone_in(target.parent):
        for left in target.parent.glob(f".{glob.escape(target.name)}.*.tmp"):
            if left.is_file() and _is_abandoned(left):
                left.unlink(missing_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent)
        _hold(handle)
    temporary = Path(name)
    try:
        yield temporary
        temporary.chmod(0o644)
        with temporary.open("rb") as written:
            os.fsync(written.fileno())
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
        os.close(handle)


@contextmanager
def scratch_folder(parent: Path) -> Iterator[Path]:
    """A new folder under `parent`, removed with its content when the block is left."""
    parent.mkdir(parents=True, exist_ok=True)
    with _alone_in(parent):
        for left in parent.iterdir():
            if left.is_dir() and _is_abandoned(left):
                shutil.rmtree(left, ignore_errors=True)
        folder = Path(tempfile.mkdtemp(dir=parent))
        handle = os.open(folder, os.O_RDONLY)
        _hold(handle)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(handle)


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Nobody else makes or removes temporary files here meanwhile: a new one is not held for a moment."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        _hold(handle)
        yield
    finally:
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_UN)  # a child that was forked meanwhile has the handle too
        os.close(handle)


def _hold(handle: int) -> None:
    """Waits for the lock; without one on a file system that has none, where nothing is ever taken for abandoned."""
    with suppress(OSError):
        fcntl.flock(handle, fcntl.LOCK_EX)


def _is_abandoned(path: Path) -> bool:
    """Nobody holds it: its writer is dead."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(handle)
    return True


@contextmanager
def room_for(place: str, what: str) -> Iterator[None]:
    """LakeError when the disk is full, the quota is spent, or a file may not grow so far; `what` is "a raw month"."""
    try:
        yield
    except OSError as fault:
        if fault.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise
        raise LakeError(
            f"The lake at {place} has no room for {what} ({os.strerror(fault.errno)}); what it held is unchanged. "
            "Free space, or name another place in TAXI_LAKE_URL, then run the month again."
        ) from None


def write_json(target: Path, value: Any) -> None:
    """`value` as sorted, indented JSON, whole or not at all."""
    with atomic_path(target) as temporary:
        temporary.write_text(json.dumps(value, indent=2, sort_keys=True) + "\n")
