"""A web server on this machine that publishes files the way TLC's does, and misbehaves on request."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import re
import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

PAGE = b"<!DOCTYPE html><html><body>Sign in to the guest network</body></html>"


@dataclass(frozen=True)
class Fault:
    """What one GET meets instead of its file. Fields combine, e.g. `Fault(cut_after=10, send_length=False)`."""

    status: int = 0
    """Answer this status and nothing else."""
    retry_after: str = ""
    stall_after: int = -1
    """Send this many bytes of the body, then nothing until the client leaves."""
    cut_after: int = -1
    """Send this many bytes of the body, then close the connection."""
    length_off_by: int = 0
    """Announce a Content-Length this much too long (or too short, when negative)."""
    page: str = ""
    """Send a web page with 200 and this content type."""
    republish: bytes = b""
    """Publish this body at the same path first: another version with another ETag."""
    drip: int = 0
    """Send the body in pieces of this many bytes, `drip_s` apart."""
    drip_s: float = 0.001
    span: int = 0
    """Send at most this many bytes of a range that is asked for, as RFC 9110 allows."""
    shift: int = 0
    """Start a range that is asked for this many bytes later."""
    send_etag: bool = True
    coding: str = ""
    """Claim this Content-Encoding."""


@dataclass(frozen=True)
class Seen:
    """One request and what it was answered."""

    method: str
    path: str
    range: str
    if_range: str
    status: int
    accepts: str
    """Codings the client would take."""
    user: str = ""
    """`name:password` of basic authentication."""


@dataclass
class TripServer:
    """State of the server; a test sets it between requests. `faults` are met by one GET each, in order."""

    url: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    faults: deque[Fault] = field(default_factory=deque)
    absent: int = 403
    """Status of a name that is not there: 403 as TLC's store answers, or 404."""
    throttled: int = 0
    """When set, every request is answered with it, whatever it asks for."""
    refuses_head: bool = False
    knows_range: bool = True
    obeys_if_range: bool = True
    weak_etags: bool = False
    index: bool = False
    """Whether the address of a folder answers."""
    seen: list[Seen] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)

    def publish(self, path: str, body: bytes) -> str:
        """Puts `body` at `path`, e.g. "yellow_tripdata_2019-01.parquet"; gives its address."""
        self.files[f"/{path}"] = body
        return f"{self.url}/{path}"

    def etag(self, body: bytes) -> str:
        """Another body has another one."""
        return ("W/" if self.weak_etags else "") + f'"{hashlib.sha256(body).hexdigest()[:16]}"'

    def gets(self) -> list[Seen]:
        """The GET requests so far."""
        return [seen for seen in self.seen if seen.method == "GET"]


class _Handler(BaseHTTPRequestHandler):
    state: TripServer

    def do_HEAD(self) -> None:
        if self.state.refuses_head:
            self._status(405)
        elif self._is_there():
            body = self.state.files[self.path]
            self._headers(200, {"Content-Length": str(len(body)), "ETag": self.state.etag(body)})

    def do_GET(self) -> None:
        if not self._is_there():
            return
        faults = self.state.faults
        fault = faults.popleft() if faults else Fault()
        if fault.status:
            self._status(fault.status, {"Retry-After": fault.retry_after} if fault.retry_after else {})
        elif fault.page:
            self._headers(200, {"Content-Type": fault.page, "Content-Length": str(len(PAGE))})
            self.wfile.write(PAGE)
        else:
            self.state.files[self.path] = fault.republish or self.state.files[self.path]
            self._file(self.state.files[self.path], fault)

    def _is_there(self) -> bool:
        index = self.state.index and self.path.endswith("/")
        if self.state.throttled:
            self._status(self.state.throttled)
        elif index or self.path not in self.state.files:
            self._status(200 if index else self.state.absent)
        else:
            return True
        return False

    def _file(self, body: bytes, fault: Fault) -> None:
        etag, headers = self.state.etag(body), {"Content-Type": "binary/octet-stream"}
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        same = self.headers.get("If-Range", etag) == etag or not self.state.obeys_if_range
        ranged = asked if self.state.knows_range and same else None
        first = int(ranged[1]) + fault.shift if ranged else 0
        if ranged and first >= len(body):
            self._status(416, {"Content-Range": f"bytes */{len(body)}"})
            return
        piece = body[first : int(ranged[2]) + 1] if ranged and ranged[2] else body[first:]
        if ranged:
            piece = piece[: fault.span or None]
            headers["Content-Range"] = f"bytes {first}-{first + len(piece) - 1}/{len(body)}"
        if fault.send_etag:
            headers["ETag"] = etag
        if fault.coding:
            headers["Content-Encoding"] = fault.coding
        headers["Content-Length"] = str(len(piece) + fault.length_off_by)
        self._headers(206 if ranged else 200, headers)
        self._body(piece[: len(piece) + min(fault.length_off_by, 0)], fault)

    def _body(self, piece: bytes, fault: Fault) -> None:
        end = next((after for after in (fault.stall_after, fault.cut_after) if after >= 0), len(piece))
        step = fault.drip or max(end, 1)
        for start in range(0, min(end, len(piece)), step):
            self.wfile.write(piece[start : min(start + step, end)])
            if fault.drip and self.state.closing.wait(fault.drip_s):
                return
        self.wfile.flush()
        if fault.stall_after >= 0:
            self.state.closing.wait(10)

    def _status(self, status: int, headers: dict[str, str] | None = None) -> None:
        self._headers(status, {"Content-Length": "0", **(headers or {})})

    def _headers(self, status: int, headers: dict[str, str]) -> None:
        asked = self.headers
        user = base64.b64decode(asked.get("Authorization", "").removeprefix("Basic ")).decode()
        seen = Seen(
            method=self.command,
            path=self.path,
            range=asked.get("Range", ""),
            if_range=asked.get("If-Range", ""),
            status=status,
            accepts=asked.get("Accept-Encoding", ""),
            user=user,
        )
        self.state.seen.append(seen)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def handle(self) -> None:
        with contextlib.suppress(ConnectionError):
            super().handle()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the signature is http.server's
        """Tests read `seen` instead."""


@pytest.fixture
def trip_server() -> Iterator[TripServer]:
    """A server on a free port with no file yet."""
    with running() as state:
        yield state


@contextlib.contextmanager
def running() -> Iterator[TripServer]:
    """The server while the block runs; a proxy of the developer's is not asked for this machine."""
    state = TripServer()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"state": state}))
    server.daemon_threads, server.block_on_close = True, False
    state.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("NO_PROXY", "127.0.0.1")
            yield state
    finally:
        state.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()
