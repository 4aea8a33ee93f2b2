"""What a source offers under a name, without fetching it; and why it refuses, told by a file known to be there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx

from include.errors import BadDataError, NotPublishedError, SourceUnavailableError, TaxiError
from include.ingestion.retries import tries
from include.ingestion.web import (
    Patience,
    ThrottledError,
    TryAgainError,
    open_client,
    require_web_address,
    retry_after_s,
    shown,
    transport_faults,
)

ABSENT = frozenset({403, 404})
"""TLC's store answers 403 for a name that is not there, and so does its throttle."""
BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})
THROTTLES = frozenset({429, 503})
NO_HEAD = frozenset({405, 501})


@dataclass(frozen=True)
class Vintage:
    """Which bytes the source offers; a republished month differs in it. Empty or 0: the server does not say."""

    url: str
    etag: str
    size: int
    last_modified: str = ""


def probe(*urls: str, patience: Patience = Patience(), known: Sequence[str] = ()) -> Vintage:  # noqa: B008 - frozen
    """The vintage of the first of `urls` that answers: different names the same file may have.

    `known` are addresses that should answer; one with a slash at its end is an index: it can vouch for a 404 when it
    answers, and proves nothing when it does not. When none of `urls` is there: NotPublishedError if a known one
    answers, else SourceUnavailableError.
    """
    for url in urls:
        require_web_address(url)
    with open_client(patience) as client:
        return tries(patience)(_probe_once, client, urls, known)


def _probe_once(client: httpx.Client, urls: Sequence[str], known: Sequence[str]) -> Vintage:
    for url in urls:
        answer = ask(client, url)
        if answer.is_success:
            refuse_page(url, answer)
            headers = answer.headers
            return Vintage(url, headers.get("etag", ""), size_of(answer), headers.get("last-modified", ""))
        if answer.status_code not in ABSENT:
            break
    raise refusal(client, urls, answer, known)


def ask(client: httpx.Client, url: str) -> httpx.Response:
    """Status and headers of `url` by HEAD, or by a GET of one byte from a server that refuses HEAD."""
    with transport_faults(url):
        answer = client.head(url)
        if answer.status_code in NO_HEAD:
            with client.stream("GET", url, headers={"Range": "bytes=0-0"}) as answer:
                return answer
        return answer


def size_of(answer: httpx.Response) -> int:
    """Bytes of the whole file by Content-Range or Content-Length; 0 when the server does not say."""
    if answer.status_code == httpx.codes.PARTIAL_CONTENT:
        said = answer.headers.get("content-range", "").rpartition("/")[2]
    else:
        said = answer.headers.get("content-length", "")
    return int(said) if said.isdigit() else 0


def refuse_page(url: str, answer: httpx.Response) -> None:
    """BadDataError for an answer that is a web page or an error document, whatever its status and name say."""
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in ("text/html", "application/xhtml+xml", "text/xml", "application/xml"):
        raise BadDataError(
            f"{shown(url)} answered with a page ({kind}) instead of a trip file: a login page, a proxy or an error "
            "page stands in between. Open the address in a browser and correct TAXI_SOURCE or the network."
        )


def refusal(client: httpx.Client, urls: Sequence[str], answer: httpx.Response, known: Sequence[str]) -> TaxiError:
    """The error that a refused request deserves; asks for `known` files where the status alone does not tell."""
    status, place = answer.status_code, shown(str(answer.url))
    if status in ABSENT:
        return _absent_or_blocked(client, urls, status, known)
    if status not in BUSY:
        return SourceUnavailableError(f"{place} answered HTTP {status}: check the address and the access it needs.")
    wait_s = retry_after_s(answer.headers, datetime.now(UTC))
    asks = f" and asks to wait {wait_s:.0f} s" if wait_s else ""
    fault = ThrottledError if status in THROTTLES else TryAgainError
    return fault(f"{place} answered HTTP {status}{asks}: overloaded or away; run the month later.", wait_s)


def _absent_or_blocked(client: httpx.Client, urls: Sequence[str], status: int, known: Sequence[str]) -> TaxiError:
    base, _, name = shown(urls[0]).rpartition("/")
    name += f" (nor its {len(urls) - 1} other names)" if len(urls) > 1 else ""
    witnesses = [url for url in known if url not in urls and not (url.endswith("/") and status != 404)]
    answers = {shown(url): ask(client, url).status_code for url in witnesses[:3]}
    for witness, said in answers.items():
        if said < 400:
            return NotPublishedError(
                f"{name} is not published at {base} (HTTP {status}, while {witness} answers): "
                "TLC publishes about two months late; run the month again once it is there."
            )
    answers = {witness: said for witness, said in answers.items() if not witness.endswith("/")}
    if not answers:
        return SourceUnavailableError(
            f"{base} answered HTTP {status} for {name}, and no file is known to be there that could tell a month that "
            "is not published from a wrong address or a block: check TAXI_SOURCE, or land a month that is there first."
        )
    also = ", ".join(f"{witness} (HTTP {said})" for witness, said in answers.items())
    if {status, *answers.values()} == {404}:
        return SourceUnavailableError(
            f"{base} answered HTTP 404 for {name} and for what should be there, {also}: "
            "check the address (TAXI_SOURCE, TAXI_TLC_BASE_URL)."
        )
    return ThrottledError(
        f"{base} refused {name} (HTTP {status}) and what is known to be there, {also}: "
        "throttled or blocked; wait some minutes, then run the month again."
    )
