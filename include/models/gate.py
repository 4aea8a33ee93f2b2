"""Whether a challenger becomes champion: numbers and thresholds in, a decision with its rule and reason out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from include.config import Settings
from include.trips.month import Month

Action = Literal["promote", "promote_baseline", "keep"]
Rule = Literal[
    "older_month", "rolled_back", "first", "stand_in", "floor", "gain", "stale", "small_gain", "luck", "veto",
    "declined",
]  # fmt: skip


@dataclass(frozen=True)
class Rules:
    """Thresholds of the gate; data, not code. Shares are of the champion's loss."""

    min_gain: float
    veto_loss: float
    veto_rows: int
    stale_months: int
    stale_margin: float

    @classmethod
    def of(cls, settings: Settings) -> Rules:
        """The thresholds that a deployment chose."""
        return cls(
            settings.min_gain, settings.veto_loss, settings.veto_rows, settings.stale_months, settings.stale_margin
        )


@dataclass(frozen=True)
class Comparison:
    """The challenger against a reference on the same rows: relative gain in loss, and its bootstrap lower bound."""

    gain: float
    lower_bound: float


@dataclass(frozen=True)
class SliceLoss:
    """Part of the test month: its trips, the challenger's relative loss there (negative: it gains), lower bound."""

    name: str
    rows: int
    loss: float
    lower_bound: float


@dataclass(frozen=True)
class Incumbent:
    """The champion in office: since which test month, whether a rollback put it there, the last month it learnt from.

    `trained_to` is "" when its bundle was made by other feature code: then it cannot be met.
    """

    since: str
    rolled_back: bool
    trained_to: str


@dataclass(frozen=True)
class Evidence:
    """All that the gate looks at. `duel` is against the champion, None without one that can be met; `slices` go with
    the duel, or with the baseline where there is none."""

    test_month: str
    floor: Comparison
    duel: Comparison | None = None
    incumbent: Incumbent | None = None
    slices: tuple[SliceLoss, ...] = ()


@dataclass(frozen=True)
class Decision:
    """What to do with the alias, the rule that said so, and the sentence for people."""

    action: Action
    rule: Rule
    reason: str


def choose(evidence: Evidence, rules: Rules) -> Decision:
    """The gate: first what may never move the alias, then the floor, then the duel, then the slices.

    A challenger needs a gain that is large enough and not luck; against a champion whose training ended more than
    `stale_months` before the test month, not being worse is enough. A slice stops either. NaN is never a gain.
    """
    blocked = _no_move_for(evidence)
    if blocked:
        return blocked
    if evidence.duel is None:
        return _without_duel(evidence)
    if not evidence.floor.lower_bound > 0:
        return Decision("keep", "floor", f"does not beat the baseline for sure ({_shown(evidence.floor)})")
    verdict = _duel(evidence.duel, age_months(evidence), rules)
    stopped = vetoes(evidence.slices, rules) if verdict.action == "promote" else ()
    if stopped:
        parts = "; ".join(f"{s.name}: {s.loss:+.1%}, at least {s.lower_bound:+.1%}, {s.rows} trips" for s in stopped)
        return Decision("keep", "veto", f"{verdict.reason}, but its error is larger on {parts}")
    return verdict


def vetoes(slices: tuple[SliceLoss, ...], rules: Rules) -> tuple[SliceLoss, ...]:
    """The slices that are large enough and surely worse than the limit; all others are only reported."""
    return tuple(s for s in slices if s.rows >= rules.veto_rows and s.lower_bound > rules.veto_loss)


def age_months(evidence: Evidence) -> int:
    """Months from the last one that the champion learnt from to the test month; 0 without a champion to meet."""
    if evidence.incumbent is None or not evidence.incumbent.trained_to:
        return 0
    return Month.parse(evidence.test_month).ordinal - Month.parse(evidence.incumbent.trained_to).ordinal


def _no_move_for(evidence: Evidence) -> Decision | None:
    incumbent, month = evidence.incumbent, evidence.test_month
    if incumbent is None or month > incumbent.since:
        return None
    if month < incumbent.since:
        return Decision("keep", "older_month", f"the champion stands since {incumbent.since}; {month} is earlier")
    if incumbent.rolled_back:
        return Decision("keep", "rolled_back", f"{month} was rolled back by hand, which holds until a later month")
    return None


def _without_duel(evidence: Evidence) -> Decision:
    """Beat the baseline, or it stands in: somebody has to answer."""
    why = "first champion" if evidence.incumbent is None else "the champion is of other feature code and yields"
    if evidence.floor.lower_bound > 0:
        return Decision("promote", "first", f"{why}: {_shown(evidence.floor)} better than the baseline")
    return Decision(
        "promote_baseline",
        "stand_in",
        f"{why}: no family beats the baseline for sure ({_shown(evidence.floor)}), which stands in",
    )


def _duel(duel: Comparison, age: int, rules: Rules) -> Decision:
    if duel.gain >= rules.min_gain and duel.lower_bound > 0:
        return Decision("promote", "gain", f"{_shown(duel)} better than the champion on the same rows")
    if age > rules.stale_months and duel.lower_bound > -rules.stale_margin:
        return Decision(
            "promote", "stale", f"the champion learnt until {age} months ago and {_shown(duel)} is not worse than it"
        )
    if not duel.gain >= rules.min_gain:
        return Decision("keep", "small_gain", f"gain over the champion {_shown(duel)}, {rules.min_gain:.1%} is needed")
    return Decision("keep", "luck", f"gain over the champion {_shown(duel)} may be luck")


def _shown(comparison: Comparison) -> str:
    return f"{comparison.gain:.2%} (lower bound {comparison.lower_bound:.2%})"
