"""Processes as /proc tells of them: which one runs a task, and which ones belong to a home."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

TASK_TITLE = "airflow worker -- "
Found = TypeVar("Found")


def until(found: Callable[[], Found | None], seconds: float, what: str, pause: float = 0.2) -> Found:
    """The first answer that is neither None, False nor empty; AssertionError names what did not come in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := found():
            return answer
        time.sleep(pause)
    raise AssertionError(f"{what}: not within {seconds:.0f} s")


def task_processes() -> dict[str, int]:
    """Task instance -> the process that runs it; Airflow names the process after the instance."""
    return {line.removeprefix(TASK_TITLE): pid for pid, line in command_lines() if _runs_a_task(line)}


def _runs_a_task(line: str) -> bool:
    return line.startswith(TASK_TITLE) and "LocalExecutor" not in line


def command_lines() -> Iterator[tuple[int, str]]:
    """(process id, command line) of every process that has one."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            line = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
        except OSError:
            continue
        if line:
            yield int(process.name), line


def child(parent: int, words: str) -> int:
    """The child of a process whose command line ends with these words."""
    for pid, line in command_lines():
        if line.endswith(words) and parent_of(pid) == parent:
            return pid
    raise AssertionError(f"process {parent} has no child {words!r}")


def parent_of(pid: int) -> int:
    """The parent's id, 0 for a process that is gone."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def members(session: int) -> dict[int, str]:
    """Living processes of a session, with their command lines. A supervisor begins one, and its children stay in it."""
    return {pid: line for pid, line in command_lines() if _session_of(pid) == session}


def _session_of(pid: int) -> int:
    try:
        return os.getsid(pid)
    except ProcessLookupError:
        return 0


def kill(pid: int) -> None:
    """Ends a process without a goodbye. AssertionError when it had ended by itself: then nothing was drilled."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        raise AssertionError(f"process {pid} ended before it could be killed") from None
