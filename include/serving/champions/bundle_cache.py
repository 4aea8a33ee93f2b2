"""The service's own copies of what answers, so that it starts and answers when everything else is away.

    <cache>/bundles/<SHA-256 of the card>/    a bundle, checked like any other whenever it is read
    <cache>/champions/<model>.json            the last champion that was loaded
    <cache>/fallbacks/<model>.npz             the last fallback table

A folder is complete before it has its name. A cache that cannot be written is a warning, not a failure.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import shutil
import tempfile
from dataclasses import asdict
from pathlib import Path

import fsspec

from include.errors import BundleError, LakeError
from include.models.bundle import CARD_FILE, Pointer, copy_bundle
from include.utils.files import atomic_path, write_json

DIGEST = re.compile("[0-9a-f]{64}")
KEPT = 3
"""Bundles of a model that stay: the one that answers, and earlier ones for the day it is rolled back."""


class BundleCache:
    """Copies under one folder; several processes may share it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def bundle(self, pointer: Pointer) -> Path | None:
        """Where a pointer's bundle is kept, None while it is not."""
        kept = self._place(pointer.card_sha256)
        return kept if kept is not None and (kept / CARD_FILE).exists() else None

    def keep(self, pointer: Pointer) -> None:
        """Copies a pointer's bundle from where it is published. OSError when it cannot; then nothing has changed."""
        digest = pointer.card_sha256 or _card_digest(pointer.uri)
        target = self._place(digest)
        if target is None:
            raise BundleError(f"{pointer.model_name}: its pointer's card_sha256 {digest[:80]!r} is no SHA-256.")
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".copy-", dir=target.parent) as scratch:
            try:
                copy_bundle(pointer.uri, f"{scratch}/bundle")
            except LakeError as full:  # said of a lake, but this is the cache's own disk
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(target)) from full
            if target.exists():  # a damaged copy, or another process was first
                shutil.rmtree(target, ignore_errors=True)
            Path(scratch, "bundle").replace(target)

    def remember(self, pointer: Pointer) -> None:
        """Writes down who answered last, and removes the copies that nobody will ask for again."""
        path = self.folder / "champions" / f"{pointer.model_name}.json"
        history = [asdict(pointer), *(asdict(p) for p in self.remembered(pointer.model_name) if p != pointer)]
        write_json(path, history[:KEPT])
        wanted = {known.card_sha256 for file in path.parent.glob("*.json") for known in self.remembered(file.stem)}
        for copy in (self.folder / "bundles").glob("[0-9a-f]*"):
            if copy.name not in wanted:
                shutil.rmtree(copy, ignore_errors=True)

    def remembered(self, name: str) -> list[Pointer]:
        """The last champions of a model, newest first; none when nothing was kept or the file is damaged."""
        try:
            held = json.loads((self.folder / "champions" / f"{name}.json").read_text())
            return [Pointer(**one) for one in held]
        except (OSError, ValueError, TypeError):
            return []

    def keep_fallback(self, name: str, data: bytes) -> None:
        """Keeps a published table."""
        with atomic_path(self.folder / "fallbacks" / f"{name}.npz") as temporary:
            temporary.write_bytes(data)

    def fallback(self, name: str) -> bytes | None:
        """The kept table's bytes, None while there is none."""
        try:
            return (self.folder / "fallbacks" / f"{name}.npz").read_bytes()
        except OSError:
            return None

    def _place(self, digest: str) -> Path | None:
        """A digest names the folder, so it has to be one: a pointer is somebody else's text."""
        return self.folder / "bundles" / digest if DIGEST.fullmatch(digest) else None


def _card_digest(uri: str) -> str:
    fs, root = fsspec.url_to_fs(uri)
    return hashlib.sha256(fs.cat_file(f"{root}/{CARD_FILE}")).hexdigest()
