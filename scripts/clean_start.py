"""Starts one service of a home after ending what an earlier start of it left behind.

A service that is killed leaves its children, which keep its port: `python -m scripts.clean_start mlflow server ...`.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterable
from pathlib import Path

MARK = "TAXI_PROCESS"
PATIENCE_SECONDS = 10.0


def mark_of(home: Path, name: str) -> str:
    """What a service and its children carry in their environment."""
    return f"{home}/{name}"


def leftovers(mark: str) -> list[int]:
    """Processes of an earlier start, apart from this one; none where /proc does not tell.

    They carry the mark, or belong to the process group that the start wrote down: a process that renames itself, as
    Airflow's do, writes over its environment.
    """
    group_file = _group_file(mark)
    group = int(group_file.read_text()) if group_file.exists() else 0
    found = [int(f.name) for f in Path("/proc").glob("[0-9]*") if _carries(f, mark) or (group and _in_group(f, group))]
    return [pid for pid in found if pid != os.getpid()]


def _group_file(mark: str) -> Path:
    return Path(mark).parent / "run" / f"{Path(mark).name}.group"


def _carries(process: Path, mark: str) -> bool:
    try:
        return f"{MARK}={mark}".encode() in (process / "environ").read_bytes().split(b"\0")
    except OSError:
        return False


def _in_group(process: Path, group: int) -> bool:
    """In the process group, and at work in this project's folder: numbers of groups come round again."""
    try:
        fields = (process / "stat").read_text().rpartition(")")[2].split()
        return int(fields[2]) == group and (process / "cwd").readlink() == Path.cwd()
    except OSError:
        return False


def end(pids: Iterable[int], patience: float = PATIENCE_SECONDS) -> None:
    """Asks processes to end, and makes those end that have not after `patience` seconds."""
    left = list(pids)
    for how, seconds in ((signal.SIGTERM, patience), (signal.SIGKILL, patience)):
        for pid in left:
            try:
                os.kill(pid, how)
            except ProcessLookupError:
                continue
        deadline = time.monotonic() + seconds
        while left and time.monotonic() < deadline:
            left = [pid for pid in left if _lives(pid)]
            time.sleep(0.1)


def _lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def main() -> None:
    """Ends the leftovers of this mark, then becomes the command."""
    mark = os.environ[MARK]
    end(leftovers(mark))
    _group_file(mark).parent.mkdir(parents=True, exist_ok=True)
    _group_file(mark).write_text(str(os.getpgrp()))
    os.execvp(sys.argv[1], sys.argv[1:])  # noqa: S606 - the service takes this process's place under the supervisor


if __name__ == "__main__":
    main()
