"""Groups get names that a person can use: what sets a group's centre apart from all rows, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

TELLING = 0.7
"""A centre so many spreads away from the mean of all rows is worth a word."""
WORDS = 2


@dataclass(frozen=True)
class Trait:
    """A column of what is grouped, and what a high and a low value of it are called; "" for not worth saying."""

    name: str
    high: str
    low: str = ""


def name_groups(centres: np.ndarray, x: np.ndarray, traits: Sequence[Trait]) -> list[str]:
    """(k, t) centres and all (n, t) rows in the traits' columns -> k different names, such as "long trips, midday"."""
    spread = x.std(axis=0)
    distance = (centres - x.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    names = [_name(row, traits) for row in distance]
    counts = Counter(names)
    place = Counter[str]()
    for group, name in enumerate(names):
        place[name] += 1
        names[group] = f"{name} {place[name]}" if counts[name] > 1 else name
    return names


def _name(distance: np.ndarray, traits: Sequence[Trait]) -> str:
    told = [(abs(d), trait.high if d > 0 else trait.low) for d, trait in zip(distance, traits, strict=True)]
    words = [word for size, word in sorted(told, key=lambda pair: -pair[0]) if word and size >= TELLING]
    return ", ".join(words[:WORDS]) or "like the whole city"
