"""One line per request: what was asked and how it went; never a key, a coordinate, a query or a body.

The request path appends a tuple; a thread writes the lines four times a second, because writing one costs as much as
half a prediction. A killed process loses the last quarter of a second of them.
"""

from __future__ import annotations

import sys
import threading
from collections import deque
from datetime import UTC, datetime
from typing import NamedTuple

ROUND_SECONDS = 0.25
WAITING_LINES = 100_000
"""Lines that wait at most, for a standard error that is not read; older ones go first."""


class Finished(NamedTuple):
    """A request that got its answer: Unix time of its end, seconds it took, `route` the template of its path."""

    at: float
    request_id: str
    method: str
    route: str
    status: int
    seconds: float
    api_key: str


class AccessLog:
    """`note` from the event loop; `start` and `stop` once each."""

    def __init__(self) -> None:
        self._waiting: deque[Finished] = deque(maxlen=WAITING_LINES)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._write_forever, name="access_log", daemon=True)

    def note(self, finished: Finished) -> None:
        """Takes one request."""
        self._waiting.append(finished)

    def start(self) -> None:
        """Begins to write."""
        self._thread.start()

    def stop(self) -> None:
        """Writes what is left."""
        self._stopping.set()
        self._thread.join(5)

    def _write_forever(self) -> None:
        while not self._stopping.wait(ROUND_SECONDS):
            self._write()
        self._write()

    def _write(self) -> None:
        lines = [line_of(self._waiting.popleft()) for _ in range(len(self._waiting))]
        if lines:
            sys.stderr.write("".join(lines))
            sys.stderr.flush()


def line_of(finished: Finished) -> str:
    """Key=value like every other line of the service; its values can hold neither blanks nor quotes."""
    at = datetime.fromtimestamp(finished.at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return (
        f"timestamp={at} level=info event=request phase=serve request_id={finished.request_id} "
        f"method={finished.method} route={finished.route} status={finished.status} ms={finished.seconds * 1e3:.2f} "
        f"key={finished.api_key}\n"
    )
