"""A file on its way: the bytes so far, and which version of the file they belong to."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from include.utils.files import write_json


@dataclass(frozen=True)
class Part:
    """`<name>.part` holds the bytes, `<name>.part.json` their address, ETag and full size, written before them."""

    path: Path

    @property
    def about(self) -> Path:
        return self.path.with_name(self.path.name + ".json")

    @property
    def size(self) -> int:
        """Bytes that are there."""
        return self.path.stat().st_size if self.path.exists() else 0

    def begin(self, url: str, etag: str, size: int) -> None:
        """Starts from zero with the version that `etag` names."""
        self.discard()
        write_json(self.about, {"url": url, "etag": etag, "size": size})
        self.path.touch()

    def resume(self, url: str) -> tuple[int, str]:
        """(bytes to keep, their ETag), or (0, "") when what is there cannot be continued with safety.

        Only a strong ETag says that two files are equal byte for byte (RFC 9110, 8.8.1). A part that is already whole
        gives its last byte back, so that the server is asked whether this is still its version.
        """
        try:
            about = json.loads(self.about.read_text())
            etag, whole = str(about["etag"]), int(about["size"])
        except (OSError, ValueError, KeyError, TypeError):
            return 0, ""
        keep = min(self.size, whole - 1) if whole else self.size
        if keep <= 0 or about.get("url") != url or not etag or etag.startswith("W/"):
            return 0, ""
        os.truncate(self.path, keep)
        return keep, etag

    def discard(self) -> None:
        """Bytes first: what is left by a crash in between is not taken for a part."""
        self.path.unlink(missing_ok=True)
        self.about.unlink(missing_ok=True)
