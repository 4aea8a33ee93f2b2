"""What every request to a source shares: the client, its patience, and faults told apart by what cures them."""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import cache

import httpx

from include.errors import SettingsError, SourceUnavailableError


class TryAgainError(SourceUnavailableError):
    """A fault that another try may cure; `wait_s` is what the server asked for in Retry-After, else 0."""

    def __init__(self, message: str, wait_s: float = 0) -> None:
        super().__init__(message)
        self.wait_s = wait_s


class ThrottledError(TryAgainError):
    """The source is there and does not want to be asked so often, or by us."""


@dataclass(frozen=True)
class Patience:
    """How long a source is waited for. Waits between tries are random up to `pause_s`, doubled at each one."""

    attempts: int = 5
    """Tries in a row that bring nothing; one that brings `retries.PROGRESS_BYTES` starts the count again."""
    timeout_s: float = 60
    """Seconds without a byte; also the seconds over which a transfer must not be slower than `slowest_bytes_per_s`."""
    connect_s: float = 10
    pause_s: float = 0.5
    longest_pause_s: float = 30
    longest_retry_after_s: float = 120
    """A server that asks for more than this is left alone: the step fails and is retried by whoever schedules it."""
    slowest_bytes_per_s: float = 512


def open_client(patience: Patience) -> httpx.Client:
    """A client that asks for files as they are, not compressed on the way: sizes and ranges mean the file's bytes."""
    timeout = httpx.Timeout(patience.timeout_s, connect=min(patience.connect_s, patience.timeout_s))
    headers = {"Accept-Encoding": "identity"}
    return httpx.Client(timeout=timeout, follow_redirects=True, headers=headers, verify=_certificates())


@cache
def _certificates() -> ssl.SSLContext:
    # Reading the bundle of certificates takes longer than a request does.
    return httpx.create_ssl_context()


def require_web_address(url: str) -> str:
    """`url` again when it is an http(s) address with a host; else SettingsError."""
    try:
        address = httpx.URL(url)
    except httpx.InvalidURL:
        address = httpx.URL()
    if address.scheme not in ("http", "https") or not address.host:
        raise SettingsError(
            f"{shown(url)} is not an address that files can be fetched from: expected http://host/... or "
            "https://host/...; for files on this machine give the folder's path (TAXI_SOURCE=/path/to/months)."
        )
    return url


def shown(url: str) -> str:
    """`url` for messages and records: without the user name and password that it may carry."""
    return re.sub(r"(?<=://)[^/?#]*@", "", url)


def retry_after_s(headers: Mapping[str, str], now: datetime) -> float:
    """Seconds that Retry-After asks for, as a number or as an HTTP date; 0 when it is absent or unreadable."""
    value = headers.get("retry-after", "").strip()
    if value.isdigit():
        return float(value)
    try:
        return max(0.0, (parsedate_to_datetime(value) - now).total_seconds())
    except (TypeError, ValueError):
        return 0.0


@contextmanager
def transport_faults(url: str) -> Iterator[None]:
    """Turns faults of the connection into a TryAgainError that names the address and what happened."""
    try:
        yield
    except httpx.TransportError as fault:
        raise TryAgainError(
            f"{shown(url)}: {_what(fault)}. Check the network and the address, then run the month again."
        ) from None
    except httpx.HTTPError as fault:
        raise SourceUnavailableError(f"{shown(url)}: {fault}. Check the address (TAXI_SOURCE).") from None


def _what(fault: httpx.TransportError) -> str:
    if isinstance(fault, httpx.ConnectTimeout):
        return "no connection within the time allowed"
    if isinstance(fault, httpx.ReadTimeout):
        return "connected, but no byte came within the time allowed (TAXI_DOWNLOAD_TIMEOUT_S)"
    if isinstance(fault, httpx.ConnectError):
        return f"no connection ({fault})"
    return f"the connection was cut ({fault or type(fault).__name__})"
