"""Texts that a language model wrote, kept by everything that they depend on."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from include.utils.files import write_json
from include.utils.logs import get_logger

KEPT = 5000
"""Texts at most, of one or two kilobytes; the longest unused go first."""


class AnswerCache:
    """A folder of JSON files. What cannot be read is not there, and what cannot be written is not kept."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @staticmethod
    def key(*parts: Any) -> str:
        """Hex SHA-256 of any JSON-able parts."""
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()

    def get(self, key: str) -> dict[str, str] | None:
        """What was kept under the key, None without a whole file."""
        path = self._folder / f"{key}.json"
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
            path.touch()
        except (OSError, ValueError):
            return None
        return kept if isinstance(kept, dict) and {"text", "model"} <= kept.keys() else None

    def put(self, key: str, value: dict[str, str]) -> None:
        """Keeps the value, whole or not at all."""
        try:
            write_json(self._folder / f"{key}.json", value)
            self._prune()
        except OSError as fault:
            get_logger(phase="llm").warning("text was not kept", folder=str(self._folder), fault=str(fault))

    def _prune(self) -> None:
        files = list(self._folder.glob("*.json"))
        if len(files) <= KEPT:
            return
        for path in sorted(files, key=lambda file: file.stat().st_mtime)[: len(files) - KEPT]:
            path.unlink(missing_ok=True)
