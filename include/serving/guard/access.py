"""Who may ask what: the key of a request, the scope that its path needs, and how many requests a key may send.

A path that nobody listed needs the scope `read`, so a new endpoint is never open by accident.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from include.config import Settings
from include.config.api_keys import ApiKey, find_key
from include.errors import SettingsError
from include.serving.guard.rate_limit import Allowance, RateLimit
from include.serving.log.rows import ASKED
from include.serving.web.problems import problem

OPEN_PATHS = ("/health", "/docs", "/openapi.json", "/static/")
"""Paths, and beginnings of paths, that anybody may ask."""
SCOPE_OF_PATH = {"/predict": "predict", "/predict/batch": "predict"}
HEADER = "X-API-Key"


class KeyRing:
    """The keys that are known now. `refresh` reads them again, so a key is given or withdrawn without a restart."""

    def __init__(self, settings: Settings) -> None:
        self._settings, self.keys = settings, settings.known_keys()

    def refresh(self) -> None:
        """SettingsError for a file that cannot be read or would leave the API open; the known keys then stay."""
        keys = self._settings.known_keys()
        if self.keys and not keys:
            raise SettingsError(
                f"{self._settings.api_keys_path} and TAXI_API_KEYS hold no key any more; the last known ones stay. "
                "To open the API, start it again without keys, on loopback."
            )
        self.keys = keys

    def opens(self, given: str, scope: str) -> bool:
        """Whether this text is a key with the scope; anything is where there are no keys."""
        key = find_key(self.keys, given) if given else None
        return not self.keys or (key is not None and scope in key.scopes)


def scope_of(path: str) -> str | None:
    """The scope that a path needs; None for one that is open."""
    if path.startswith(OPEN_PATHS):
        return None
    return "admin" if path.startswith("/admin/") else SCOPE_OF_PATH.get(path, "read")


def key_in(headers: Mapping[bytes, bytes]) -> str:
    """The key of a request: X-API-Key, or `Authorization: Bearer`, which any Prometheus can send; else ""."""
    if given := headers.get(b"x-api-key", b""):
        return given.decode("latin-1")
    kind, _, given = headers.get(b"authorization", b"").partition(b" ")
    return given.strip().decode("latin-1") if kind.lower() == b"bearer" else ""


class AccessGuard:
    """401 without a known key, 403 without the scope, 429 beyond the limit. Without any keys everything is open but
    what needs `admin`, which always needs a key."""

    def __init__(self, app: ASGIApp, ring: KeyRing, limit: str) -> None:
        self.app, self.ring = app, ring
        self.limit = RateLimit(limit) if limit else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        needed = scope_of(scope["path"]) if scope["type"] == "http" else None
        if needed is None:
            await self.app(scope, receive, send)
            return
        given = key_in(dict(scope["headers"]))
        key = find_key(self.ring.keys, given) if given else None
        allowance = self.limit.take(_payer(scope, key)) if self.limit else None
        refused = self._refusal(key, needed, allowance)
        if key is not None and (asked := ASKED.get()) is not None:
            asked.api_key = key.name
        send = _telling(send, allowance) if allowance else send
        if refused is None:
            await self.app(scope, receive, send)
            return
        status, detail, headers = refused
        await problem(status, detail, scope["state"]["request_id"], headers=headers)(scope, receive, send)

    def _refusal(
        self, key: ApiKey | None, needed: str, allowance: Allowance | None
    ) -> tuple[int, str, dict[str, str]] | None:
        if allowance is not None and not allowance.granted:
            wait = str(allowance.seconds)
            said = f"At most {allowance.policy} requests are answered; ask again in {wait} s."
            return 429, said, {"retry-after": wait}
        if key is None and (self.ring.keys or needed == "admin"):
            said = f"Send a known key of scope {needed} as {HEADER}; make api-key makes one."
            return 401, said, {"www-authenticate": f'ApiKey header="{HEADER}", Bearer'}
        if key is not None and needed not in key.scopes:
            return 403, f"The key {key.name} has {_listed(key)}; this needs the scope {needed}.", {}
        return None


def _listed(key: ApiKey) -> str:
    return f"the scope{'s' if len(key.scopes) > 1 else ''} {', '.join(sorted(key.scopes))}"


def _payer(scope: Scope, key: ApiKey | None) -> str:
    """Whose allowance a request uses: its key's, or for a wrong key and an open API the client's address."""
    if key is not None:
        return f"key {key.name}"
    return f"address {scope['client'][0] if scope.get('client') else ''}"


def _telling(send: Send, allowance: Allowance) -> Send:
    """Says with every answer what is left."""

    async def answer(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", ()), *allowance.headers]
        await send(message)

    return answer


def declare_keys(document: dict[str, Any]) -> None:
    """Writes into an OpenAPI document which operations need a key, and which refusals that brings."""
    schemes = document.setdefault("components", {}).setdefault("securitySchemes", {})
    schemes["ApiKey"] = {"type": "apiKey", "in": "header", "name": HEADER}
    for path, operations in document["paths"].items():
        if scope := scope_of(path):
            for operation in operations.values():
                operation["security"] = [{"ApiKey": [scope]}]
