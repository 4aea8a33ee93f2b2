"""Requests over connections that stay open, as many as a server takes: the load generator of the measurements.

    python -m tests.load.pressure http://127.0.0.1:8000/predict 16 5 body.json

It runs in a process of its own and prints one line of JSON; without a body file it asks by GET.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from time import perf_counter
from typing import cast
from urllib.parse import urlsplit

import uvloop

PATIENCE = 60.0
"""Seconds that the last answers may take."""


class Connection(asyncio.Protocol):
    """Sends the same request again as soon as it is answered, until `until`; notes how long each took."""

    def __init__(self, request: bytes, until: float) -> None:
        self.request, self.until = request, until
        self.seconds: list[float] = []
        self.failed = 0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._held, self._needed, self._sent = b"", 0, 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)  # uvloop's is none by its class
        self._send()

    def _send(self) -> None:
        self._held, self._needed, self._sent = b"", 0, perf_counter()
        self.transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        """Answers need a Content-Length; all servers here send it."""
        self._held += data
        if not self._needed and b"\r\n\r\n" in self._held:
            head, _, _ = self._held.partition(b"\r\n\r\n")
            self._needed = len(head) + 4 + int(head.lower().partition(b"content-length:")[2].split(None, 1)[0])
        if self._needed and len(self._held) >= self._needed:
            self._answered()

    def _answered(self) -> None:
        self.seconds.append(perf_counter() - self._sent)
        self.failed += self._held[9:12] != b"200"
        if perf_counter() < self.until:
            self._send()
        else:
            self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self.failed += exc is not None or perf_counter() < self.until
        self.done.set_result(None)


async def press(url: str, connections: int, seconds: float, body: bytes | None) -> dict[str, float]:
    """Requests, those that failed, wall seconds, and the median and 99th percentile of the time that one took."""
    parts, started = urlsplit(url), perf_counter()
    host, port = parts.hostname or "127.0.0.1", parts.port or 80
    method, content = ("GET", b"") if body is None else ("POST", body)
    head = f"{method} {parts.path or '/'} HTTP/1.1\r\nhost: {parts.netloc}\r\ncontent-type: application/json\r\n"
    request = f"{head}content-length: {len(content)}\r\n\r\n".encode() + content
    loop = asyncio.get_running_loop()
    made = [
        await loop.create_connection(lambda: Connection(request, started + seconds), host, port)
        for _ in range(connections)
    ]
    await asyncio.wait_for(asyncio.gather(*(connection.done for _, connection in made)), seconds + PATIENCE)
    took = sorted(second for _, connection in made for second in connection.seconds)
    return {
        "requests": len(took), "failed": sum(connection.failed for _, connection in made),
        "seconds": perf_counter() - started, "p50": took[len(took) // 2], "p99": took[int(len(took) * 0.99)],
    }  # fmt: skip


def main() -> None:
    """Presses as the command line says."""
    url, connections, seconds, *file = sys.argv[1:]
    body = Path(file[0]).read_bytes() if file else None
    print(json.dumps(uvloop.run(press(url, int(connections), float(seconds), body))))


if __name__ == "__main__":
    main()
