"""A warehouse or a lake that is away takes nothing out of the index: what it held of them stays.

Neither is asked at every question: the list of cards is kept for a while, and a silent warehouse is left in peace.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from sqlalchemy import Engine

from include.errors import TaxiError
from include.llm.pages.search_index import SearchIndex
from include.llm.pages.sources import CARD_SOURCES, RUN_SOURCES, Indexed, card_sources, run_sources
from include.utils.logs import get_logger

CARDS_SECONDS = 30.0
"""For so long the list of cards is taken as it was: every look at it reads the lake."""
AWAY_SECONDS = 30.0
"""For so long a warehouse that did not answer is not asked for its runs."""


class KeptSources:
    """The runs and the cards of now, or those that the index holds."""

    def __init__(self, index: SearchIndex) -> None:
        self._index = index
        self._asked_again = 0.0
        self._cards: tuple[float, list[Indexed]] = (0.0, [])

    def runs(self, engine: Callable[[], Engine]) -> list[Indexed]:
        """The runs; what the index holds of them stays where the warehouse is away, which is not asked again at
        once."""
        if time.monotonic() >= self._asked_again:
            try:
                return run_sources(engine())
            except TaxiError as fault:
                self._asked_again = time.monotonic() + AWAY_SECONDS
                get_logger(phase="ask").warning("runs not indexed", reason=str(fault))
        held = self._index.hashes()
        return [Indexed(name, value, tuple) for name, value in held.items() if name.startswith(RUN_SOURCES)]

    def cards(self, lake: str) -> list[Indexed]:
        """The cards, listed anew when the list is CARDS_SECONDS old; those of the index where the lake is away."""
        listed, cards = self._cards
        if time.monotonic() - listed < CARDS_SECONDS and listed:
            return cards
        try:
            cards = card_sources(lake)
        except (TaxiError, OSError) as fault:
            get_logger(phase="ask").warning("cards not indexed", reason=str(fault))
            held = self._index.hashes()
            cards = [Indexed(name, value, tuple) for name, value in held.items() if name.startswith(CARD_SOURCES)]
        self._cards = (time.monotonic(), cards)
        return cards
