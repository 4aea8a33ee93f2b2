"""Cividis, whose brightness alone tells the order, without the library that draws with it.

The scale is by Nunez, Anderton and Renslow (https://doi.org/10.1371/journal.pone.0199239). Ten places along it are
listed, as plotly has them; between two of them a colour is mixed in proportion.
"""

from __future__ import annotations

from itertools import pairwise

CIVIDIS = (
    "#00224e", "#123570", "#3b496c", "#575d6d", "#707173", "#8a8678", "#a59c74", "#c3b369", "#e1cc55", "#fee838",
)  # fmt: skip


def cividis(place: float) -> str:
    """0 (little, dark) to 1 (much, bright) -> the colour as `#rrggbb`."""
    if not 0 <= place <= 1:
        raise ValueError(f"a place on the scale is {place}, expected 0 to 1: divide by the greatest value first")
    along = place * (len(CIVIDIS) - 1)
    before = min(int(along), len(CIVIDIS) - 2)
    low, high = list(pairwise(CIVIDIS))[before]
    return "#" + "".join(_mixed(low[at : at + 2], high[at : at + 2], along - before) for at in (1, 3, 5))


def _mixed(low: str, high: str, share: float) -> str:
    first, second = int(low, 16), int(high, 16)
    return f"{round(first + (second - first) * share):02x}"


def amount_steps(count: int) -> list[str]:
    """So many colours from little to much; one alone is the middle of the scale."""
    return [cividis(0.5 if count == 1 else step / (count - 1)) for step in range(count)]
