"""A contest as text for people: who scored what, which bounds decided, which parts of the month stand out."""

from __future__ import annotations

from math import isfinite

from include.models.contest import Contest
from include.models.gate import Comparison, Rules, SliceLoss, age_months, vetoes

SHOWN_SLICES = 12


def contest_table(name: str, contest: Contest, rules: Rules) -> str:
    """Lines of fixed width: the decision, the contestants' metrics, the gains, the parts that lose most first."""
    month, decision = contest.evidence.test_month, contest.decision
    lines = [f"{name} on {month}: {decision.action} ({decision.rule}): {decision.reason}"]
    metrics = _metrics(contest)
    lines.append(f"{'':<44}" + "".join(f"{key:>10}" for key in metrics))
    for role, scored in contest.scores.items():
        values = "".join(f"{scored.metrics[key]:>10.4f}" for key in metrics)
        lines.append(f"{role:<11}{_who(role, contest):<33}{values}")
    return "\n".join([*lines, *_gains(contest), *_slice_lines(contest, rules)])


def contest_markdown(contest: Contest, rules: Rules) -> str:
    """The same as tables in Markdown, for pages that keep no fixed width: Airflow folds the lines of a code block."""
    metrics, against = _metrics(contest), _against(contest)
    scores = [
        [role, _who(role, contest), *(f"{scored.metrics[key]:.4f}" for key in metrics)]
        for role, scored in contest.scores.items()
    ]  # fmt: skip
    parts = [
        [part.name, str(part.rows), _percent(part.loss), _percent(part.lower_bound), f"**{note}**" if note else ""]
        for part, note in _ranked(contest, rules)[:SHOWN_SLICES]
    ]  # fmt: skip
    return "\n\n".join([
        _table(["", "", *metrics], scores), *_gains(contest),
        _table([f"part ({len(contest.evidence.slices)} in all)", "trips", f"loss to {against}", "at least", ""], parts),
    ])  # fmt: skip


def _table(head: list[str], rows: list[list[str]]) -> str:
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, ["---"] * len(head), *rows])


def _metrics(contest: Contest) -> list[str]:
    """The loss that decides, then the others."""
    return ["loss", *(key for key in contest.scores["baseline"].metrics if key != "loss")]


def _gains(contest: Contest) -> list[str]:
    lines = [f"gain over the baseline {_gain(contest.evidence.floor)}"]
    if contest.evidence.duel:
        age = age_months(contest.evidence)
        lines.append(f"gain over the champion {_gain(contest.evidence.duel)}; it learnt until {age} months before")
    return lines


def _who(role: str, contest: Contest) -> str:
    if role == "champion":
        return f"version {contest.champion.version}" if contest.champion else ""
    return str(getattr(contest, role)["family"])


def _against(contest: Contest) -> str:
    return "champion" if contest.evidence.duel else "baseline"


def _ranked(contest: Contest, rules: Rules) -> list[tuple[SliceLoss, str]]:
    """The parts, those that stop a promotion first, then by loss, small ones last; each with what is to be noted."""
    stopping = vetoes(contest.evidence.slices, rules) if contest.evidence.duel else ()
    ranked = sorted(contest.evidence.slices, key=lambda s: (s not in stopping, s.rows < rules.veto_rows, -s.loss))
    return [(s, "VETO" if s in stopping else "few trips" if s.rows < rules.veto_rows else "") for s in ranked]


def _slice_lines(contest: Contest, rules: Rules) -> list[str]:
    ranked = _ranked(contest, rules)
    name, loss = f"part ({len(ranked)} in all)", f"loss to {_against(contest)}"
    return [f"{name:<44}{'trips':>10}{loss:>18}{'at least':>10}", *(_slice_line(*row) for row in ranked[:SHOWN_SLICES])]


def _slice_line(part: SliceLoss, note: str) -> str:
    shown = f"  {note}" if note else ""
    return f"{part.name:<44}{part.rows:>10}{_percent(part.loss):>18}{_percent(part.lower_bound):>10}{shown}"


def _gain(comparison: Comparison) -> str:
    return f"{_percent(comparison.gain)}, with 95 % certainty at least {_percent(comparison.lower_bound)}"


def _percent(value: float) -> str:
    return f"{value:+.2%}" if isfinite(value) else "unknown"
