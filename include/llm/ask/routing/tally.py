"""The same comparison, drawn for each of what a noun tells apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Quantifier = Literal["all", "any", "many", "which"]


@dataclass(frozen=True)
class Tally:
    """What is drawn for each value of `over`: a pair held apart, who is the best, a limit, a name, one name for all, or
    each against the one of them that is `wanted`. Without `over` it is only asked whether that one is the best."""

    over: tuple[str, ...]
    quantifier: Quantifier
    by: Literal["pair", "best", "limit", "is", "same", "reference"]
    apart: str = ""
    """The dimension whose values are held against each other."""
    wanted: str = ""
