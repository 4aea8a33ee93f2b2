"""What the words of trips can be put together to, and is none of the figures that trips have."""

from __future__ import annotations

from collections.abc import Sequence

from include.llm.ask.question.form import AVERAGES
from include.llm.ask.trips.asked import Aggregate
from include.llm.ask.trips.atoms import Atom, Condition
from include.llm.ask.trips.reading import Reading
from include.llm.ask.trips.shaping import COMPARING

OF_A_PART = frozenset({"value", "compared", "yes", "threshold", "ranked"})
"""Shapes in which a share is the share of a part of the trips."""


def is_held_against(atoms: Sequence[Atom]) -> bool:
    """Something is held against something: without two sides nothing says what."""
    return any(atom.text in COMPARING or atom.text == "than" for atom in atoms)


def says_what_of(reading: Reading, keys: tuple[str, ...]) -> bool:
    """How many zones had trips; how many months are there asks for no trips."""
    atoms = reading.atoms
    placed = bool(reading.when) or any(atom.is_a("service") for atom in atoms)
    return (
        any(atom.is_a("limit") and atom.kinds["limit"].unit == "trip" for atom in atoms)
        or (placed and keys not in (("month",), ("service",)))
        or any(atom.is_a("subject") or atom.is_a("column") or atom.is_a("earn") for atom in atoms)
    )


def is_no_figure_of_trips(
    atoms: Sequence[Atom], figure: Aggregate, keys: tuple[str, ...], conditions: Sequence[Condition]
) -> bool:
    """A model's time is worse, trips have no mean of themselves, and some percentiles are those of the features."""
    judged = figure.column == "duration_min" and any(atom.text in ("worse", "better") for atom in atoms)
    averaged = any(atom.is_a("per", "trip") and AVERAGES & {*atom.words} for atom in atoms)
    unweighted = any(atom.is_a("aggregate", "unweighted") for atom in atoms)
    return (
        judged
        or (averaged and figure == Aggregate() and not keys)
        or (unweighted and figure.fn not in ("mean", "median"))
        or (figure.fn == "percentile" and figure.number in (0.01, 0.99) and not conditions)
    )
