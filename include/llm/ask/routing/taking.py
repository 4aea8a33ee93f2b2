"""What a measure takes of a question: filters and roles that its rows know, and names that have to wait."""

from __future__ import annotations

from dataclasses import dataclass, field

from include.llm.ask.meanings.measure import Measure
from include.llm.ask.question.understood import Named, Understood
from include.llm.ask.routing.pending import says_little
from include.llm.ask.routing.sides import dimension_of, values_of


@dataclass
class Taken:
    """What of a question a measure's rows can be told: its filters and roles, the words that they use, and the rest."""

    filters: dict[str, list[str]] = field(default_factory=dict)
    roles: list[str] = field(default_factory=list)
    used: set[frozenset[int]] = field(default_factory=set)
    pending: list[Named] = field(default_factory=list)


def taken_of(measure: Measure, asked: Understood, covered: frozenset[int]) -> Taken:
    taken = Taken()
    checks = [n.span for n in asked.named if n.kind == "broken_rule" and n.kind in measure.implied_by]
    for named in asked.named:
        dimension = dimension_of(named, measure, asked)
        if not named.optional and any(named.span < span for span in checks):
            dimension = None  # a total below the fare is no row of the fare's column
        if named.kind == "role" and measure.source.roles:
            taken.roles.append(named.value)
        elif named.value == "zone_pair_median" and measure.source.name == "contest":
            taken.roles.append("baseline")
        elif named.value == "zone_pair_median" and measure.source.name == "decisions" and _is_floor(named, asked):
            pass  # gains are those over the baseline
        elif named.value == "baseline" and _is_a_family(named, measure, covered, asked):
            taken.filters["family"] = ["zone_pair_median"]  # is the baseline the champion?
        elif dimension is None and named.optional and named.kind in measure.implied_by:
            pass  # it says the measure itself: did not make it through cleaning
        elif (
            dimension is None
            or (named.optional and named.kind in measure.ignores)
            or _says_the_measure(named, dimension, measure, asked, covered)
        ):
            taken.pending.append(named)
            continue
        else:
            held = taken.filters.setdefault(dimension, [])
            held += [value for value in dict.fromkeys(values_of(named, dimension)) if value not in held]
        taken.used.add(named.span)
    return taken


def is_rival(named: Named, asked: Understood) -> bool:
    """Whether something is held against it: better than the baseline, over its baseline."""
    against = {"than", "beat", "over", "against", "vs", "versus", "outperform", "on", "behind"}
    held = bool(asked.orders) or bool({"difference", "times"} & asked.shapes)
    return held and bool(against & set(asked.words[max(0, named.first - 3) : named.first]))


def _is_floor(named: Named, asked: Understood) -> bool:
    """Over the pair median, on the median: the baseline, by the name of its family."""
    alone = len(asked.values("family")) == 1
    return alone and bool(
        {"over", "on", "against", "than", "beat", "versus", "vs", "to"}
        & set(asked.words[max(0, named.first - 3) : named.first])
    )


def _is_a_family(named: Named, measure: Measure, covered: frozenset[int], asked: Understood) -> bool:
    """Of champions the baseline is one by its family, unless the measure is called so."""
    of_champions = measure.equals == "family" or measure.name == "champions"
    return named.kind == "role" and of_champions and not named.span <= covered and not is_rival(named, asked)


def _says_the_measure(
    named: Named, dimension: str, measure: Measure, asked: Understood, covered: frozenset[int]
) -> bool:
    """A column or target that is part of how the measure is called, and so tells no rows apart."""
    needed = dimension in measure.needs or dimension in measure.source.needs
    if dimension == "column" and (measure.source.expressions or not needed) and says_little(named, asked):
        return True
    return named.kind in ("column", "target") and named.span <= covered and not needed
