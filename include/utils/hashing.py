"""Fingerprints: of files, of values, and of the code that made something."""

from __future__ import annotations

import ast
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

    Comments, docstrings and layout do not count: what runs is the same.

    FileNotFoundError for a path that is not there: a renamed module must not silently drop out of the hash.
    """
    digest = hashlib.sha256()
    for module in modules:
        root = PACKAGE / module
        if not root.exists():
            raise FileNotFoundError(f"code_hash: include/{module} does not exist")
        files = [root] if root.is_file() else sorted(p for p in root.rglob("*") if p.suffix in {".py", ".csv", ".yaml"})
        for file in files:
            digest.update(str(file.relative_to(PACKAGE)).encode() + b"\0" + _meaning(file) + b"\0")
    return digest.hexdigest()[:16]


def _meaning(file: Path) -> bytes:
    """A data file's bytes; a Python file's syntax tree without docstrings."""
    if file.suffix != ".py":
        return file.read_bytes()
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            node.body = [part for part in node.body if not _is_text(part)]
    return ast.dump(tree).encode()


def _is_text(part: ast.stmt) -> bool:
    return isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant) and isinstance(part.value.value, str)
