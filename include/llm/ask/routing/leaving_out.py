"""What is named to be left out: apart from, other than, not. Of its own kind it is left out of a ranking."""

from __future__ import annotations

from include.llm.ask.question.understood import Named, Understood
from include.llm.ask.routing.taking import Taken

LEAVING_OUT = frozenset({"except", "excluding", "exclude", "besides", "apart"})
TURNING = frozenset({"without", "not"})


def leave_out(asked: Understood, taken: Taken) -> dict[str, tuple[str, ...]]:
    """The top reason apart from the clock change: its kind and value are taken out of the filters, and returned."""
    ranked = {noun.value for noun in asked.groups} if asked.orders else set()
    found: dict[str, tuple[str, ...]] = {}
    for named in asked.named:
        kind = named.kind
        if kind in ranked and named.value in taken.filters.get(kind, ()) and _is_left_out(named, asked):
            found[kind] = (*found.get(kind, ()), named.value)
            taken.filters[kind] = [value for value in taken.filters[kind] if value != named.value]
            if not taken.filters[kind]:
                del taken.filters[kind]
    return found


def is_turned(asked: Understood, taken: Taken, covered: frozenset[int], without: dict[str, tuple[str, ...]]) -> bool:
    """Whether a name that is used as a filter is turned round, so that the rest is asked for."""
    ranked = [n.span for n in asked.named if n.value in without.get(n.kind, ())]
    checks = [n.span for n in asked.named if n.kind in ("expectation", "broken_rule") and n.span in taken.used]
    return any(
        named.span in taken.used
        and not named.span <= covered
        and not any(named.span <= span for span in ranked)
        # without a passenger is itself an expectation
        and (_is_left_out(named, asked) or (_is_negated(named, asked) and not any(named.span <= s for s in checks)))
        for named in asked.named
    )


def _is_left_out(named: Named, asked: Understood) -> bool:
    before = _before(named, asked)
    return bool(LEAVING_OUT & set(before)) or before[-2:] == ("other", "than")


def _is_negated(named: Named, asked: Understood) -> bool:
    """Not on weekends, older than version 2: what is asked for is the rest, which no filter here is."""
    before = _before(named, asked)
    beyond = {"than", "above", "beyond", "after"} & set(asked.words[named.first - 2 : named.first])
    return bool(TURNING & set(before)) or "non" in before[-1:] or (named.kind == "version" and bool(beyond))


def _before(named: Named, asked: Understood) -> tuple[str, ...]:
    """The three words before a name, but those of what is excluded beside it."""
    excluded = frozenset[int]().union(*(n.span for n in asked.named if n.kind == "excluded"))
    places = range(max(0, named.first - 3), named.first)
    return tuple("" if place in excluded else asked.words[place] for place in places)
