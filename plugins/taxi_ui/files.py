"""Files of the home over HTTP: nothing outside a folder, no kind that is not listed, again only when they changed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from fastapi import Request, Response
from fastapi.responses import FileResponse

TYPES = {
    ".html": "text/html; charset=utf-8", ".md": "text/plain; charset=utf-8", ".csv": "text/csv; charset=utf-8",
    ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".json": "application/json",
    ".map": "application/json", ".svg": "image/svg+xml", ".png": "image/png", ".gif": "image/gif",
    ".ico": "image/vnd.microsoft.icon", ".woff": "font/woff", ".woff2": "font/woff2", ".otf": "font/otf",
    ".ttf": "font/ttf",
}  # fmt: skip
"""Kinds of files that are handed out."""
REVALIDATE = "private, no-cache"
"""Nobody else's cache may keep it, and the reader's asks again: after a sign-out the answer is 401."""


def inside(root: Path, name: str) -> Path | None:
    """The file called so below `root`, links followed.

    None for what is not there, hidden, of another kind than TYPES, or anywhere else once `..` and links are resolved.
    """
    try:
        base = root.resolve(strict=True)
        found = Path(base, name).resolve(strict=True)
        below = found.relative_to(base).parts
    except (OSError, ValueError, RuntimeError):  # absent, too long; outside or a NUL byte; links in a circle
        return None
    if any(part.startswith(".") for part in below) or found.suffix.lower() not in TYPES or not found.is_file():
        return None
    return found


def send(request: Request, path: Path, headers: Mapping[str, str]) -> Response:
    """The file with its kind and an ETag of its time and size; 304 to whoever has it."""
    stat = path.stat()
    etag = f'"{stat.st_mtime_ns:x}-{stat.st_size:x}"'
    shown = {**headers, "etag": etag, "cache-control": REVALIDATE}
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=shown)
    return FileResponse(path, media_type=TYPES[path.suffix.lower()], headers=shown)
