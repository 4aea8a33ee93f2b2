"""The meeting on the test month: the best of the tune days, the baseline and the champion, on the same trips."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import Any

from include.config import Settings
from include.errors import BadDataError, OtherCodeError
from include.models.bundle import Bundle, read_bundle
from include.models.day_blocks import bootstrap_gain, bootstrap_losses
from include.models.families import BASELINE
from include.models.gate import Comparison, Decision, Evidence, Incumbent, Rules, SliceLoss, choose
from include.models.history import Move
from include.models.scoring import Score, Trips, score
from include.utils.logs import get_logger


@dataclass(frozen=True)
class Contest:
    """One target's meeting. `scores` is by role; a `champion` without a score is of other feature code.
    `decided_by` names the person who agreed or declined, where one had to."""

    challenger: dict[str, Any]
    baseline: dict[str, Any]
    champion: Move | None
    scores: dict[str, Score]
    evidence: Evidence
    decision: Decision
    decided_by: str = "gate"

    @property
    def chosen(self) -> dict[str, Any]:
        """The candidate that becomes a registered version, promoted or not."""
        return self.baseline if self.decision.action == "promote_baseline" else self.challenger


def hold_contest(
    month: str, target: str, candidates: list[dict[str, Any]], champion: Move | None, trips: Trips, settings: Settings
) -> Contest:
    """Scores the contestants and asks the gate; candidates that failed are none. BundleError for a damaged champion,
    BadDataError without a trip to compare on, or without a challenger or the baseline."""
    if not len(trips.day):
        raise BadDataError(f"{target}: {month} has no trip with that label, so nothing can be compared on it.")
    challenger, baseline = contestants(target, candidates)
    bundles = {"challenger": read_bundle(challenger["uri"]), "baseline": read_bundle(baseline["uri"])}
    met = _champion_bundle(champion)
    if met is not None:
        bundles["champion"] = met
    scores = {role: score(bundle, target, trips) for role, bundle in bundles.items()}
    incumbent = None
    if champion is not None:
        incumbent = Incumbent(champion.since, champion.rolled_back, met.card.trained_to if met else "")
    evidence = weigh(month, scores, incumbent, trips, settings.bootstrap_rounds)
    return Contest(challenger, baseline, champion, scores, evidence, choose(evidence, Rules.of(settings)))


def weigh(month: str, scores: dict[str, Score], incumbent: Incumbent | None, trips: Trips, rounds: int) -> Evidence:
    """Scores on the same trips -> what the gate looks at."""

    def against(role: str) -> Comparison:
        return Comparison(*bootstrap_gain(scores[role].loss, scores["challenger"].loss, trips.day, rounds))

    duel = against("champion") if "champion" in scores else None
    reference = scores["champion" if duel else "baseline"].loss
    parts = bootstrap_losses(reference, scores["challenger"].loss, trips.day, trips.slices, rounds)
    slices = tuple(SliceLoss(name, int(trips.slices[name].sum()), *losses) for name, losses in parts.items())
    return Evidence(month, against("baseline"), duel, incumbent, slices)


def contestants(target: str, candidates: list[dict[str, Any]]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The family that is best on the tune days, and the baseline; BadDataError names what failed when one is missing.

    Equal losses: the name that comes first in the alphabet. A loss that is no number is a failure.
    """
    ready = fitted_candidates(candidates)
    baseline = next((c for c in ready if c["family"] == BASELINE), None)
    others = [c for c in ready if c["family"] != BASELINE]
    if baseline is None or not others:
        failed = "; ".join(f"{family}: {reason}" for family, reason in failures(candidates).items()) or "none failed"
        lacking = f"the baseline {BASELINE}" if baseline is None else "any candidate beside the baseline"
        raise BadDataError(
            f"{target}: no contest without {lacking} ({failed}). The champion is untouched; mend the family or "
            "TAXI_FAMILIES, then train the month again."
        )
    return min(others, key=lambda c: (c["loss"], c["family"])), baseline


def fitted_candidates(candidates: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those that were fitted and have a finite loss on the tune days."""
    return [c for c in candidates if "failed" not in c and isfinite(c["loss"])]


def failures(candidates: list[dict[str, Any]]) -> dict[str, str]:
    """Family -> why it is no candidate."""
    ready = [c["family"] for c in fitted_candidates(candidates)]
    reasons = {c["family"]: str(c.get("failed", "its loss on the tune days is no number")) for c in candidates}
    return {family: reason for family, reason in reasons.items() if family not in ready}


def _champion_bundle(champion: Move | None) -> Bundle | None:
    """A champion of other feature code cannot be compared, and yields; a damaged one is an error."""
    if champion is None:
        return None
    try:
        return read_bundle(champion.uri, champion.card_sha256)
    except OtherCodeError as error:
        get_logger(phase="register").warning("the champion is of other code and is replaced", reason=str(error))
        return None
