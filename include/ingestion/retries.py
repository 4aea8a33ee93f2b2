"""How often and after which waits a try is repeated."""

from __future__ import annotations

from collections.abc import Callable

from tenacity import RetryCallState, Retrying, retry_if_exception_type, wait_random_exponential
from tenacity.stop import stop_base

from include.ingestion.web import Patience, TryAgainError

PROGRESS_BYTES = 1 << 20
"""A try that brings this much more than any before it was worth it: a long file over a bad line still arrives."""


def tries(patience: Patience, have: Callable[[], int] = lambda: 0) -> Retrying:
    """Repeats on TryAgainError with exponential, random waits, or with the longer one that the server asked for.

    `have` says how many bytes are there, so that tries that bring some are not counted. The last fault is raised.
    """
    backoff = wait_random_exponential(multiplier=patience.pause_s, max=patience.longest_pause_s)
    return Retrying(
        stop=_NothingNew(patience, have),
        wait=lambda state: max(backoff(state), _asked_wait_s(state)),
        retry=retry_if_exception_type(TryAgainError),
        reraise=True,
    )


class _NothingNew(stop_base):
    def __init__(self, patience: Patience, have: Callable[[], int]) -> None:
        self.patience, self.have = patience, have
        self.best, self.in_vain = have(), 0

    def __call__(self, state: RetryCallState) -> bool:
        have = self.have()
        if have >= self.best + PROGRESS_BYTES:
            self.best, self.in_vain = have, 0
        self.in_vain += 1
        asked_too_much = _asked_wait_s(state) > self.patience.longest_retry_after_s
        return asked_too_much or self.in_vain >= self.patience.attempts


def _asked_wait_s(state: RetryCallState) -> float:
    fault = state.outcome.exception() if state.outcome else None
    return fault.wait_s if isinstance(fault, TryAgainError) else 0.0
