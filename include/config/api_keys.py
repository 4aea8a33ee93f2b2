"""Who may ask the API: names, scopes, and the SHA-256 of each key. A key itself is in no file and in no log.

Keys are 256 random bits, so there is no dictionary to try against a stolen file, and one round of SHA-256 is enough;
scrypt would cost every request 50 ms and protect nothing more. It is passwords, which people choose, that need it.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from include.errors import SettingsError

SCOPES = ("predict", "read", "admin")
"""Quotes; models, metrics, quality and experiments; rollback and reload. A key has the scopes it was given."""
PLAIN_SCOPES = frozenset({"predict", "read"})
"""Of a key in TAXI_API_KEYS: what every such key could do before there were scopes."""
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
DIGEST = re.compile(r"[0-9a-f]{64}")
FORM = "name:scope,scope:<SHA-256 of the key, 64 hexadecimal digits>"


@dataclass(frozen=True)
class ApiKey:
    """A key's name, what it may do, and its digest."""

    name: str
    scopes: frozenset[str]
    digest: bytes


def digest_of(key: str) -> bytes:
    """SHA-256 of a key's text."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()


def plain_keys(text: str) -> list[ApiKey]:
    """Comma-separated keys, hashed; each is called after the beginning of its digest."""
    digests = [digest_of(key.strip()) for key in text.split(",") if key.strip()]
    return [ApiKey(f"key-{digest.hex()[:8]}", PLAIN_SCOPES, digest) for digest in digests]


def file_keys(path: Path) -> list[ApiKey]:
    """The keys of a file with one a line, `#` before a remark; none where there is no file.

    SettingsError for a line of another form, a scope that is not known, or a name that comes twice.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as fault:
        raise SettingsError(f"The file of API keys {path} cannot be read: {fault}.") from None
    keys = [
        _parsed(path, number, line)
        for number, line in enumerate(lines, 1)
        if line.strip() and not line.lstrip().startswith("#")
    ]
    names = [key.name for key in keys]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise SettingsError(f"{path} has {', '.join(twice)} twice: give every key a name of its own.")
    return keys


def _parsed(path: Path, number: int, line: str) -> ApiKey:
    name, _, rest = line.strip().partition(":")
    scopes, _, digest = rest.partition(":")
    wanted = frozenset(scope.strip() for scope in scopes.split(","))
    if not NAME.fullmatch(name) or not DIGEST.fullmatch(digest) or not wanted <= set(SCOPES):
        raise SettingsError(
            f"{path}, line {number} is no API key: {FORM} is expected, with scopes of {', '.join(SCOPES)}. "
            "make api-key NAME=... SCOPES=... writes one."
        )
    return ApiKey(name, wanted, bytes.fromhex(digest))


def find_key(keys: Iterable[ApiKey], given: str) -> ApiKey | None:
    """The key that this text is, or None. Every digest is compared in constant time, and none is left out."""
    digest, found = digest_of(given), None
    for key in keys:
        if hmac.compare_digest(digest, key.digest):
            found = key
    return found


def new_key() -> str:
    """256 random bits as text; the beginning lets scanners for leaked secrets know it."""
    return f"taxi_{secrets.token_urlsafe(32)}"
