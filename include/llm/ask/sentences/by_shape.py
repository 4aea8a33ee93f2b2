"""Rows as sentences: the figure or the name that was asked for comes first, every number is one of the facts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from include.llm.ask.answering import Answer
from include.llm.ask.sentences.pairs import compared, difference, times
from include.llm.ask.sentences.ranks import margin, nearest, ranked, spread
from include.llm.ask.sentences.tallies import tallied
from include.llm.ask.sentences.values import averaged, counted, distance, having, listed, summed, value
from include.llm.ask.sentences.verdicts import same, threshold, yes
from include.warehouse.reading import Row

BY_SHAPE: dict[str, Callable[[Any, list[Row]], Answer]] = {
    "value": value,
    "ranked": ranked,
    "compared": compared,
    "difference": difference,
    "yes": yes,
    "threshold": threshold,
    "counted": counted,
    "averaged": averaged,
    "listed": listed,
    "same": same,
    "nearest": nearest,
    "times": times,
    "distance": distance,
    "tallied": tallied,
    "range": spread,
    "having": having,
    "margin": margin,
    "summed": summed,
}
