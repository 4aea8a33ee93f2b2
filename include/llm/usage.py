"""What a language model was asked for, by call: JSON lines in one file, never the facts, the text or a key."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from include.utils.logs import get_logger

FILE = "usage.jsonl"
LARGEST = 20_000_000
"""Bytes, about 100,000 calls; then the file becomes `usage.jsonl.1` and replaces the last one of that name."""


def record(folder: Path, **facts: Any) -> None:
    """Adds a line, stamped in UTC; processes may write at once. Where nothing can be written, only it is lost."""
    line = json.dumps({"at": datetime.now(UTC).isoformat(timespec="seconds"), **facts}, sort_keys=True) + "\n"
    path = folder / FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if path.exists() and path.stat().st_size > LARGEST:
            path.replace(path.with_suffix(".jsonl.1"))
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            os.write(handle, line.encode())  # one write: lines of several processes do not mix
        finally:
            os.close(handle)
    except OSError as fault:
        get_logger(phase="llm").warning("tokens were not written down", folder=str(folder), fault=str(fault))
