"""Whether a challenger becomes champion: pure numbers in, a decision with its reason out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Comparison:
    """The challenger against a reference on the same rows: relative gain in loss, and its bootstrap lower bound."""

    gain: float
    lower_bound: float


@dataclass(frozen=True)
class Rules:
    """Thresholds of the gate; data, not code."""

    min_gain: float


@dataclass(frozen=True)
class Decision:
    """What to do with the alias, and the sentence that says why."""

    action: Literal["promote", "promote_baseline", "keep"]
    reason: str


def choose(
    against_baseline: Comparison,
    against_champion: Comparison | None,
    champion_month: str,
    test_month: str,
    rules: Rules,
) -> Decision:
    """The gate. `champion_month` is the month that the champion was tested on, "" without a champion.

    Never moves the alias for a month before the champion's; needs a gain that is large enough and not
    luck. Without a champion the challenger must beat the baseline, else the baseline itself is promoted.
    """
    if champion_month and test_month < champion_month:
        return Decision("keep", f"the champion was tested on {champion_month}; {test_month} is earlier")
    beats_floor = against_baseline.lower_bound > 0
    if against_champion is None:
        if beats_floor:
            return Decision("promote", f"first champion: {_shown(against_baseline)} better than zone_pair_median")
        return Decision(
            "promote_baseline", f"no family beats zone_pair_median for sure ({_shown(against_baseline)}); it stands in"
        )
    if not beats_floor:
        return Decision("keep", f"the challenger does not beat zone_pair_median for sure ({_shown(against_baseline)})")
    if not against_champion.gain >= rules.min_gain:  # NaN is not a gain
        return Decision("keep", f"gain over the champion {_shown(against_champion)}, {rules.min_gain:.1%} is needed")
    if not against_champion.lower_bound > 0:
        return Decision("keep", f"gain over the champion {_shown(against_champion)} may be luck")
    return Decision("promote", f"{_shown(against_champion)} better than the champion on the same rows")


def _shown(comparison: Comparison) -> str:
    return f"{comparison.gain:.2%} (lower bound {comparison.lower_bound:.2%})"
