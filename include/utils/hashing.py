"""Fingerprints: of files, of values, and of the code that made something."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).resolve().parents[1]


def file_sha256(path: Path) -> str:
    """Hex SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def fingerprint(*parts: Any) -> str:
    """16 hex digits of any JSON-able values; equal parts give equal fingerprints on every machine."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()[:16]


@cache
def code_hash(*modules: str) -> str:
    """16 hex digits of the source and data files under these paths of `include/`, e.g. "features", "trips/month.py".

    FileNotFoundError for a path that is not there: a renamed module must not silently drop out of the hash.
    """
    digest = hashlib.sha256()
    for module in modules:
        root = PACKAGE / module
        if not root.exists():
            raise FileNotFoundError(f"code_hash: include/{module} does not exist")
        files = [root] if root.is_file() else sorted(p for p in root.rglob("*") if p.suffix in {".py", ".csv", ".yaml"})
        for file in files:
            digest.update(str(file.relative_to(PACKAGE)).encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:16]
