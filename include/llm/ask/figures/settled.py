"""A settled plan has its service, months and roles, or there is a sentence why it cannot have them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from include.llm.ask.routing.plan import Plan


@dataclass(frozen=True)
class Settled:
    """A plan whose service, months and roles are known, and what was assumed on the way, in words."""

    plan: Plan
    filters: Mapping[str, tuple[str, ...]]
    group: tuple[str, ...]
    roles: tuple[str, ...]
    months: tuple[str, ...]
    notes: tuple[str, ...] = ()


class Unanswerable(Exception):  # noqa: N818 - not a fault: the sentence that is said instead of a figure
    """The tables do not have what is asked for; the text says so and what they have near it."""
