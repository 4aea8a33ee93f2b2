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
    metrics = [key for key in contest.scores["baseline"].metrics if key != "loss"]
    lines.append(f"{'':<44}" + "".join(f"{key:>10}" for key in ("loss", *metrics)))
    for role, scored in contest.scores.items():
        values = "".join(f"{scored.metrics[key]:>10.4f}" for key in ("loss", *metrics))
        lines.append(f"{role:<11}{_who(role, contest):<33}{values}")
    lines.append(f"gain over the baseline {_gain(contest.evidence.floor)}")
    if contest.evidence.duel:
        age = age_months(contest.evidence)
        lines.append(f"gain over the champion {_gain(contest.evidence.duel)}; it learnt until {age} months before")
    return "\n".join([*lines, *_slice_lines(contest, rules)])


def _who(role: str, contest: Contest) -> str:
    if role == "champion":
        return f"version {contest.champion.version}" if contest.champion else ""
    return str(getattr(contest, role)["family"])


def _slice_lines(contest: Contest, rules: Rules) -> list[str]:
    against = "champion" if contest.evidence.duel else "baseline"
    stopping = vetoes(contest.evidence.slices, rules) if contest.evidence.duel else ()
    ranked = sorted(contest.evidence.slices, key=lambda s: (s not in stopping, s.rows < rules.veto_rows, -s.loss))
    lines = [f"{'part (' + str(len(ranked)) + ' in all)':<44}{'trips':>10}{'loss to ' + against:>18}{'at least':>10}"]
    return lines + [_slice_line(part, rules, part in stopping) for part in ranked[:SHOWN_SLICES]]


def _slice_line(part: SliceLoss, rules: Rules, stops: bool) -> str:
    note = "  VETO" if stops else "  few trips" if part.rows < rules.veto_rows else ""
    return f"{part.name:<44}{part.rows:>10}{_percent(part.loss):>18}{_percent(part.lower_bound):>10}{note}"


def _gain(comparison: Comparison) -> str:
    return f"{_percent(comparison.gain)}, with 95 % certainty at least {_percent(comparison.lower_bound)}"


def _percent(value: float) -> str:
    return f"{value:+.2%}" if isfinite(value) else "unknown"
