"""A service beside Airflow, under Airflow's own address: one fixed upstream, headers and methods that are listed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx
from fastapi import FastAPI, Request, Response
from fastapi.responses import StreamingResponse

from taxi_ui.pages import notice

ASKED = ("accept", "accept-encoding", "accept-language", "content-type", "content-length", "if-none-match",
         "if-modified-since", "range")  # fmt: skip
"""Headers that go to a service. Cookies and Authorization are Airflow's and stay here."""
ANSWERED = ("content-type", "content-length", "content-encoding", "content-disposition", "content-range",
            "accept-ranges", "cache-control", "etag", "last-modified", "retry-after", "vary")  # fmt: skip
"""Headers that come back. A service sets no cookie and no policy of its own here."""
TIMEOUT = httpx.Timeout(60, connect=5)
MAX_BODY = 4_000_000
"""Bytes of a request; a batch of 10,000 trips takes about 1.5 million."""


@dataclass(frozen=True)
class Service:
    """What is behind the proxy; `todo` and `commands` tell a reader how to bring it up."""

    name: str
    address: str
    todo: str
    commands: tuple[str, ...]


@asynccontextmanager
async def connections(app: FastAPI) -> AsyncIterator[None]:
    """Lifespan of the application: one pool of connections, past any proxy that the environment names."""
    async with httpx.AsyncClient(timeout=TIMEOUT, trust_env=False, follow_redirects=False) as client:
        app.state.client = client
        yield


async def forward(
    request: Request, service: Service, path: str, headers: Mapping[str, str], also: tuple[str, ...] = ()
) -> Response:
    """The service's answer to this request, streamed, under our `headers`; 503 with the next step while it is away.

    `path` is below the service's address, decoded; `also` names further request headers that may go there.
    """
    if too_large(request):
        return notice("Too large", f"A request may have {MAX_BODY:,} bytes, and has to say how many.", status=413)
    if {".", ".."} & set(path.split("/")):
        return notice("Not here", f"{path} leads out of itself.", status=404)
    client: httpx.AsyncClient = request.app.state.client
    asked = {name: request.headers[name] for name in (*ASKED, *also) if name in request.headers}
    # Not even httpx's own default may stand in for an encoding that the reader did not offer.
    asked.setdefault("accept-encoding", "identity")
    body = request.stream() if "content-length" in asked else None
    url = httpx.URL(f"{service.address.rstrip('/')}/{quote(path.lstrip('/'))}", query=request.url.query.encode())
    try:
        answer = await client.send(client.build_request(request.method, url, headers=asked, content=body), stream=True)
    except httpx.TransportError as fault:
        return away(service, fault)
    kept = {name: answer.headers[name] for name in ANSWERED if name in answer.headers}
    return StreamingResponse(_stream(answer), answer.status_code, {**kept, **headers})


async def fetch_json(request: Request, service: Service, path: str) -> dict[str, Any]:
    """A JSON document of the service; httpx.HTTPError when it is away or answers with something else."""
    client: httpx.AsyncClient = request.app.state.client
    answer = (await client.get(f"{service.address.rstrip('/')}/{path}")).raise_for_status()
    return dict(answer.json())


def too_large(request: Request) -> bool:
    """True for a body beyond MAX_BODY, and for one of a length unknown."""
    length = request.headers.get("content-length", "0")
    return "transfer-encoding" in request.headers or not length.isdecimal() or int(length) > MAX_BODY


def away(service: Service, fault: Exception) -> Response:
    """503: the service does not answer, and how to bring it up."""
    said = str(fault) or type(fault).__name__
    sentence = f"{service.name} does not answer at {httpx.URL(service.address).copy_with(userinfo=b'')} ({said})."
    return notice(f"{service.name} is down", sentence, service.todo, *service.commands, status=503)


async def _stream(answer: httpx.Response) -> AsyncIterator[bytes]:
    try:
        async for chunk in answer.aiter_raw():
            yield chunk
    finally:
        await answer.aclose()
