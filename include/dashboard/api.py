"""The prediction API as pages use it. The key belongs to one session of one reader and is sent, never stored."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

import httpx

from include.dashboard.faults import AwayError, NothingYetError, RefusedError

SECONDS = 10.0
MOVE_SECONDS = 130.0
"""The API itself gives a champion's move two minutes: it may wait for a month that is being registered."""
ANSWER_SECONDS = 90.0
"""How long an answer in words may take: a language model may have to write it."""


class Api:
    """One address and perhaps a key. AwayError when nobody answers, RefusedError with the API's own words."""

    def __init__(self, base: str, key: str = "", transport: httpx.BaseTransport | None = None) -> None:
        self.base, self._key, self._transport = base.rstrip("/"), key, transport

    def get(self, path: str) -> Any:
        """The JSON of an address."""
        return self._json(path, self._answer("GET", path))

    def post(self, path: str, body: Any) -> Any:
        """The JSON that a body is answered with."""
        return self._json(path, self._answer("POST", path, body))

    def text(self, path: str, kind: str = "text/plain") -> str:
        """What an address says, as text of that media type."""
        return self._answer("GET", path, kind=kind).text

    def predict(self, trip: Mapping[str, Any]) -> dict[str, Any]:
        """The quote of one trip."""
        return dict(self.post("/predict", dict(trip)))

    def predict_batch(self, trips: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """The quotes of several trips, in order; a trip that is not valid has `error`."""
        return list(self.post("/predict/batch", {"trips": [dict(trip) for trip in trips]})["predictions"])

    def move(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Another version answers from now on; `version` names it, without one it is the champion before."""
        path = "/admin/rollback"
        return dict(self._json(path, self._answer("POST", path, dict(asked), seconds=MOVE_SECONDS)))

    def ask(self, question: str, service: str | None) -> dict[str, Any]:
        """The assistant's answer; of any service when none is named."""
        body = {"question": question, "service": service}
        return dict(self._json("/ask", self._answer("POST", "/ask", body, seconds=ANSWER_SECONDS)))

    def cards(self) -> list[dict[str, Any]]:
        """The model cards there are."""
        return list(self.get("/model-cards"))

    def card(self, name: str, version: str) -> str:
        """A model card as Markdown."""
        return self.text(f"/model-cards/{quote(name, safe='')}/{quote(version, safe='')}", "text/markdown")

    def _answer(
        self, method: str, path: str, body: Any = None, kind: str = "*/*", seconds: float = SECONDS
    ) -> httpx.Response:
        if not (self._key.isascii() and self._key.isprintable()):
            raise RefusedError(401, "The key at the left holds a character that no key has: type or paste it again.")
        headers = {"Accept": kind} | ({"X-API-Key": self._key} if self._key else {})
        try:
            with httpx.Client(timeout=seconds, transport=self._transport, trust_env=False) as client:
                response = client.request(method, f"{self.base}{path}", json=body, headers=headers)
        except httpx.HTTPError as fault:
            raise AwayError(f"The API at {self.base} does not answer ({type(fault).__name__}).") from None
        if response.is_error:
            raise self._refusal(path, response)
        return response

    def _json(self, path: str, response: httpx.Response) -> Any:
        """AwayError when something else than the API answers at its address, as a proxy's own page does."""
        try:
            return response.json()
        except ValueError:
            raise AwayError(f"What answers at {self.base} is not the API: {path} gave no JSON.") from None

    def _refusal(self, path: str, response: httpx.Response) -> AwayError | NothingYetError | RefusedError:
        try:
            detail = str(response.json().get("detail", ""))
        except ValueError:
            detail = response.text[:200]
        if response.status_code >= 500:
            return AwayError(f"The API at {self.base} cannot answer {path} ({response.status_code}): {detail}")
        if response.status_code == 404 and "champion" in detail:
            return NothingYetError(f"{detail}. `make run` or `make pipeline` trains and promotes one.")
        if response.status_code in (401, 403):
            detail += " Type a key into the field at the left; it is kept for this session alone."
        return RefusedError(response.status_code, f"The API refused {path} ({response.status_code}): {detail}")


def as_curl(base: str, trip: Mapping[str, Any], with_key: bool = False) -> str:
    """The command that asks for the same quote; the key is a variable, never the key itself."""
    key = ' \\\n  -H "X-API-Key: $TAXI_API_KEY"' if with_key else ""
    body = shlex.quote(json.dumps(dict(trip)))
    return f"curl -s {base}/predict -H 'content-type: application/json'{key} \\\n  -d {body}"
