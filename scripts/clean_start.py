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
    """What a service and all its children carry in their environment."""
    return f"{home}/{name}"


def marked(prefix: str) -> list[int]:
    """Processes whose mark begins so, apart from this one; none where /proc does not tell."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            environment = (folder / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        if any(entry.startswith(f"{MARK}={prefix}".encode()) for entry in environment):
            found.append(int(folder.name))
    return [pid for pid in found if pid != os.getpid()]


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
    end(marked(os.environ[MARK]))
    os.execvp(sys.argv[1], sys.argv[1:])  # noqa: S606 - the service takes this process's place under the supervisor


if __name__ == "__main__":
    main()
