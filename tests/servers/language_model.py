"""A server on this machine that speaks the OpenAI protocol, and answers as a test tells it to."""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Said:
    """One answer. `after` seconds of silence come first; `cut` sends half of the body under its whole length."""

    text: str = ""
    status: int = 200
    after: float = 0.0
    cut: bool = False
    body: str = ""
    retry_after: str = ""
    finish: str = "stop"


@dataclass
class LanguageModel:
    """State of the server. `answers` are given one by one, the last one from then on; `asked` holds the requests."""

    url: str = ""
    answers: deque[Said] = field(default_factory=deque)
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    def next(self) -> Said:
        return self.answers.popleft() if len(self.answers) > 1 else self.answers[0]

    def says(self, *answers: Said | str) -> None:
        """What comes next."""
        self.answers = deque(Said(text=answer) if isinstance(answer, str) else answer for answer in answers)


@contextmanager
def language_model() -> Iterator[LanguageModel]:
    """A server on a free port; it ends with the block."""
    state = LanguageModel()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            """Silent."""

        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["content-length"]))
            state.asked.append(json.loads(sent))
            state.keys.append(self.headers.get("authorization", ""))
            said = state.next()
            time.sleep(said.after)
            body = (said.body or _completion(said)).encode()
            self.send_response(said.status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            if said.retry_after:
                self.send_header("retry-after", said.retry_after)
            self.end_headers()
            self.wfile.write(body[: len(body) // 2] if said.cut else body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _completion(said: Said) -> str:
    choice = {"index": 0, "message": {"role": "assistant", "content": said.text}, "finish_reason": said.finish}
    return json.dumps({"id": "c1", "object": "chat.completion", "created": 1, "model": "local", "choices": [choice],
                       "usage": {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}})  # fmt: skip
