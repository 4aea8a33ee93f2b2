"""From a question's parts to a plan: the measure that explains every word, on rows that know everything that is named.

A measure is refused when its rows do not have what the question names, or when a word stays that nobody can explain:
then something else is asked for, and a number would be the answer to another question.
"""

from __future__ import annotations

from include.llm.ask.meanings.measures import measures
from include.llm.ask.question.understood import Understood
from include.llm.ask.routing.completeness import does_all
from include.llm.ask.routing.fit import IMPLIED, Fit
from include.llm.ask.routing.fitting import fit_of

IMPLYING = frozenset({"expectation"})
"""Nouns that ask for a measure without a word of its own: which check has the most rows?"""


def fits_of(asked: Understood) -> list[Fit]:
    """Every measure that can be asked so, the best first."""
    names = dict.fromkeys(
        [
            *asked.said,
            *(name for o in asked.orders for name in IMPLIED.get(o.value, ()) if _may_imply(name, asked)),
            *_implied(asked),
        ]
    )
    found = [fit for name in names if (fit := fit_of(measures()[name], asked)) is not None and does_all(asked, fit)]
    order = list(measures())
    # of two that say as much, a measure of its own goes before one of any column
    return sorted(
        found, key=lambda fit: (len(fit.left), -fit.score, "column" in fit.filters, order.index(fit.measure.name))
    )


def _implied(asked: Understood) -> list[str]:
    """Measures that a name asks for without a word of theirs: a reason, an expectation, two steps."""
    kinds = {n.kind for n in asked.named} | {
        noun.value for noun in asked.groups if noun.kind == "group" and noun.value in IMPLYING
    }
    return [measure.name for measure in measures().values() if kinds & set(measure.implied_by)]


def _may_imply(name: str, asked: Understood) -> bool:
    """Who is slow to fit needs a word of fitting or a family; the longest trip has neither."""
    fitting = {"fit", "train", "training", "fitting", "fitted", "trained", "learn"} & set(asked.words)
    grouped = any(g.value == "family" for g in asked.groups)
    return name not in ("fit_seconds", "mean_fit_seconds") or bool(fitting or grouped or asked.values("family"))
