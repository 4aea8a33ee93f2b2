"""Two figures of the same trips are held against each other: the mean fare minus the median one, tolls against tips."""

from __future__ import annotations

from collections.abc import Sequence

from include.llm.ask.trips.asked import Aggregate, Side
from include.llm.ask.trips.atoms import Atom
from include.llm.ask.trips.figure import IMPLIED, default_figure
from include.llm.ask.trips.figure_words import says_of, unit_of

APART = frozenset({"than", "minus", "vs", "versus", "or"})
EXTREMES = frozenset(
    {"maximum", "max", "minimum", "min", "highest", "lowest", "biggest", "largest", "smallest", "greatest", "least"}
)


def two_figures(atoms: Sequence[Atom], used: set[int], between: bool) -> tuple[tuple[Side, ...], set[int]]:
    """The two figures in the order in which they are named, and the words that they explain; none where there is one.

    `between`: a difference is asked for, so that `and` stands between the two.
    """
    if any(atom.is_a("per") and not atom.is_a("per", "trip") for atom in atoms):
        return (), set()
    for at, atom in enumerate(atoms):
        if atom.text not in APART and not (between and atom.text == "and"):
            continue
        ends = [_measured(atoms, part, used) for part in (range(at), range(at + 1, len(atoms)))]
        if found := _figures(atoms, ends[0], ends[1]):
            sides = tuple(Side(says_of(figure), figure=figure) for figure in found)
            return sides, {at, *ends[0], *ends[1]}
    return (), set()


def _measured(atoms: Sequence[Atom], part: range, used: set[int]) -> list[int]:
    """The columns, means and extremes of one half."""
    return [
        i
        for i in part
        if i not in used
        and (
            atoms[i].is_a("column")
            or atoms[i].is_a("aggregate")
            or atoms[i].is_a("per", "trip")
            or (atoms[i].text in EXTREMES and any(a.is_a("column") for a in atoms[i + 1 : i + 2]))
        )
    ]


def _figures(atoms: Sequence[Atom], first: Sequence[int], last: Sequence[int]) -> tuple[Aggregate, Aggregate] | None:
    """Two figures that are not the same and are counted in one unit."""
    columns = [[i for i in half if atoms[i].is_a("column") and atoms[i].text not in EXTREMES] for half in (first, last)]
    names = [{str(atoms[i].kinds["column"]) for i in half} - {"revenue"} for half in columns]
    for name, half in zip(names, (first, last), strict=True):
        if not name and any(atoms[i].is_a("aggregate", "total") for i in half):
            name.add("total_usd")  # the average total
    said = [_fn(atoms, half) for half in (first, last)]
    if any(len(found) > 1 for found in names) or not (names[0] or names[1]):
        return None
    both = [(names[0] or names[1]).copy().pop(), (names[1] or names[0]).copy().pop()]
    alike = both[0] == both[1]
    if not (names[0] and names[1]) and not (said[0] and said[1]):
        return None
    fns = said if alike else [said[0] or said[1], said[1] or said[0]]
    figures = [
        default_figure(column, fn, False, atoms, half or columns[1 - place])
        if fn not in ("max", "min")
        else Aggregate(fn, column)
        for place, (column, fn, half) in enumerate(zip(both, fns, columns, strict=True))
    ]
    if not any(said) and figures[0].fn != figures[1].fn:
        figures = [Aggregate("sum", figure.column) for figure in figures]
    if figures[0] == figures[1] or unit_of(figures[0]) != unit_of(figures[1]):
        return None
    return figures[0], figures[1]


def _fn(atoms: Sequence[Atom], half: Sequence[int]) -> str:
    """The aggregate that one half names, the last one before its column."""
    found = [str(atoms[i].kinds["aggregate"]) for i in half if atoms[i].is_a("aggregate", "mean", "median", "sum")]
    if any(atoms[i].is_a("per", "trip") for i in half) and not found:
        return "mean"
    extreme = ["max" if IMPLIED[str(atoms[i].kinds["order"])][1] else "min" for i in half if atoms[i].is_a("order")]
    return (found or extreme or [""])[-1]
