"""A name that the rows do not know is let pass only where it changes nothing."""

from __future__ import annotations

from collections.abc import Iterable

from include.llm.ask.meanings.lexicon import lexicon
from include.llm.ask.meanings.measure import Measure
from include.llm.ask.question.understood import Named, Understood

SOFT = frozenset({"excluded", "side", "decision", "severity_word", "days"})
"""What may be named without effect."""
KEPT = frozenset({"totals", "trips", "statistics", "kept", "cleaning", "months", "verdicts", "judged"})
STAGED = {
    "raw": frozenset({"cleaning", "months", "kept", "verdicts", "judged", "outliers"}),
    "clean": KEPT,
    "features": KEPT,
}
"""Sources whose rows are of a stage anyhow: trips that were kept are clean, what was read is raw."""
ROLE_OF_THE_WORDS = frozenset({"decisions", "champions", "versions", "decisions_taken", "staleness"})
"""Sources that are about champions and decisions anyhow: a role is part of how they are asked for."""


def may_pend(
    pending: Iterable[Named], measure: Measure, covered: frozenset[int], used: set[frozenset[int]], asked: Understood
) -> bool:
    """What could not be used must be words of the measure itself, words of something used, or without effect."""
    for named in pending:
        soft = (
            named.kind in SOFT
            or named.optional
            or (named.kind == "weekday" and bool(asked.when.days))
            or named.kind == "table"
            or named.kind in measure.ignores
            or (named.kind == "role" and _role_is_said(named, measure))
        )
        word_of_stage = named.kind == "stage" and measure.source.name in STAGED.get(named.value, ())
        if soft or named.span <= covered or any(named.span <= span for span in used):
            continue
        little = named.kind in ("column", "target") and says_little(named, asked)
        if named.kind in ("column", "target") and _is_of_a_reason(named, measure, asked):
            continue
        if little or (named.kind == "column" and _is_model_word(named, measure)):
            continue
        if word_of_stage:
            continue
        return False
    return True


def _role_is_said(named: Named, measure: Measure) -> bool:
    if named.value == "prospective" or measure.counts:
        return False
    if measure.source.name == "decisions_taken":
        return named.value == "champion"
    if measure.name == "champions" and named.value == "baseline":
        return False
    return measure.source.name in ROLE_OF_THE_WORDS or (
        measure.source.name == "fits" and named.value in ("champion", "baseline")
    )


def _is_of_a_reason(named: Named, measure: Measure, asked: Understood) -> bool:
    """Bad durations, below a minute: the column of a reason that is named says nothing more."""
    reasons = asked.values("reason") if "reason" in measure.source.dimensions else ()
    return any(reason.split("_")[0] == named.value.split("_")[0] for reason in reasons)


def says_little(named: Named, asked: Understood) -> bool:
    """In total is no column."""
    return named.last - named.first == 1 and all(
        word in lexicon().harmless for word in asked.words[named.first : named.last]
    )


def _is_model_word(named: Named, measure: Measure) -> bool:
    return "target" in measure.source.dimensions and named.value in ("duration_min", "fare_usd", "high_tip")
