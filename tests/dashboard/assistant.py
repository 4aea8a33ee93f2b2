"""A stand-in for the API's assistant and model cards: fixed answers, and a refusal or a fault for certain questions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

MODEL = "nyc_taxi_yellow_fare_usd"
CARDS = [
    {"name": MODEL, "version": version, "service": "yellow", "target": "fare_usd", "family": family,
     "test_month": month, "written_at": f"{month}-28T10:00:00Z", "champion": version == 3}
    for version, family, month in ((2, "ridge", "2019-03"), (3, "additive_log", "2019-04"))
]  # fmt: skip
CARD = "# Card of {name}, version {version}\n\nIt costs $5 and $7.\n\n![a picture](https://elsewhere.example/p.png)\n"
ANSWER: dict[str, Any] = {
    "answer": "The champion errs by **$2.31** a trip, and by $2.75 in Queens. ![spy](https://elsewhere.example/spy.png)",
    "abstained": False, "kind": "number", "written_by": "rules", "request_id": "r-1",
    "facts": [{"name": "mae", "value": 2.31, "unit": "USD", "month": "2019-04", "model": f"{MODEL}/3"},
              {"name": "rows", "value": 4012, "unit": "", "month": "2019-04", "model": f"{MODEL}/3"}],
    "citations": [
        {"kind": "table", "source": "model_performance", "title": "Scores of the fare models",
         "where": {"model": f"{MODEL}/3", "month": "2019-04"}},
        {"kind": "document", "source": "docs/DASHBOARD.md", "title": "The dashboard",
         "where": {"heading": "The dashboard"}},
        {"kind": "document", "source": "docs/../.env", "title": "Not a document", "where": {"heading": "x"}},
        {"kind": "card", "source": f"{MODEL}/3", "title": "Card of the fare champion", "where": {}},
        {"kind": "run", "source": "mlflow", "title": "The fit", "where": {"run_id": "abc"}},
        {"kind": "feature", "source": "manhattan_km", "title": "Distance along the grid", "where": {}},
    ],
}  # fmt: skip
UNKNOWN = {"answer": "", "abstained": True, "kind": "unknown", "facts": [], "citations": [], "written_by": "rules",
           "request_id": "r-2"}  # fmt: skip
FAULTS = {"refuse": (401, "Send a known key of scope read."), "break": (503, "the warehouse is away")}


class StandIn(BaseHTTPRequestHandler):
    """The API's documents and answers."""

    def do_GET(self) -> None:
        if self.path == "/health":
            self._send(200, {"status": "ok", "models": {}, "problems": []})
        elif self.path == "/model-cards":
            self._send(200, CARDS)
        elif self.path.startswith("/model-cards/") and self.headers["accept"] == "text/markdown":
            _, _, name, version = self.path.split("/")
            self._send(200, CARD.format(name=name, version=version))
        else:
            self._send(404, {"detail": f"nothing at {self.path}"})

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        question = asked["question"]
        if question in FAULTS:
            status, detail = FAULTS[question]
            self._send(status, {"detail": detail})
        else:
            self._send(200, UNKNOWN if "weather" in question else ANSWER)

    def _send(self, status: int, body: Any) -> None:
        sent = (body if isinstance(body, str) else json.dumps(body)).encode()
        self.send_response(status)
        self.send_header("content-type", "text/markdown" if isinstance(body, str) else "application/json")
        self.send_header("content-length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)

    def log_message(self, *_: Any) -> None:
        """Says nothing: the tests' own report is enough."""


@contextmanager
def stand_in(port: int = 0) -> Iterator[str]:
    """Its address, while it answers."""
    server = ThreadingHTTPServer(("127.0.0.1", port), StandIn)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
