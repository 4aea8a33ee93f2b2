"""Tells people what they must know: in the log, as an error."""

from __future__ import annotations

from include.utils.logs import get_logger


def tell(subject: str, text: str) -> None:
    """One error line with the whole message."""
    get_logger(subject=subject).error(text)
