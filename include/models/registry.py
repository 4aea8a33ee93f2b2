"""The register phase: who stands is scored, the challenger meets it, the decision is written down, then followed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from include.config import Settings, get_settings
from include.errors import BadDataError, BundleError, OtherCodeError
from include.features.trip_features import PROBABILITIES, targets_of
from include.models.bundle import model_name, read_bundle
from include.models.contest import Contest, failures, fitted_candidates, hold_contest
from include.models.fallback import fallback_of, publish_fallback
from include.models.gate import Rules, vetoes
from include.models.history import known_decision, moves, standing, stood_before
from include.models.promotion import enact, publish_version
from include.models.records import record_decision, record_prospective, record_runs
from include.models.scoring import Trips, labelled_trips, score
from include.models.train_all import Rows, load_rows
from include.models.verdict import contest_table
from include.utils.logs import get_logger

REGISTER_SECONDS = 900
"""How long a promotion waits for another one of the same model, in any process."""


def register_best(
    plan: dict[str, Any], fitted: list[list[dict[str, Any]]], settings: Settings | None = None
) -> dict[str, Any]:
    """Step: the candidates of all families -> per target a registered version, a decision, and perhaps a new champion.

    Every champion that stood before the month is scored on it first, whether or not anything was fitted. A month that
    was decided before with the same plan is reported, not decided again. A target without a contest, or whose champion
    is damaged, leaves its champion untouched and fails the step, after the other targets are decided.
    """
    settings = settings or get_settings()
    candidates, targets = [candidate for family in fitted for candidate in family], targets_of(plan["service"])
    test, faults, outcomes = load_rows(plan["uris"][plan["month"]], plan["service"]), dict[str, str](), {}
    for target in targets:
        with _told(target, faults):
            _score_standing(plan, target, test, settings)
    if not fitted_candidates(candidates):
        told = "; ".join(f"{c['family']} for {c['target']}: {c.get('failed', 'no finite loss')}" for c in candidates)
        none = f"No family has a candidate for {plan['month']}, every champion stays: {told}"
        raise BadDataError(" ".join([none, *faults.values()]))
    record_runs(settings, plan, candidates)
    for target in (target for target in targets if target not in faults):
        with _told(target, faults):
            outcomes[target] = _register_target(plan, target, candidates, test, settings)
    if faults:
        raise BadDataError(" ".join(faults.values()))
    return outcomes


@contextmanager
def _told(target: str, faults: dict[str, str]) -> Iterator[None]:
    """A fault that needs a person is remembered for its target, and the other targets go on."""
    try:
        yield
    except (BadDataError, BundleError) as fault:
        faults[target] = str(fault) if str(fault).startswith(f"{target}:") else f"{target}: {fault}"


def _score_standing(plan: dict[str, Any], target: str, test: Rows, settings: Settings) -> None:
    """The prospective score of a target whose month is not decided; none without a label to score against."""
    name, month = model_name(plan["service"], target), plan["month"]
    with _alone(name, settings):
        if known_decision(settings, name, month, plan["decision_key"]) is None:
            trips = labelled_trips(test, target)
            if len(trips.day):
                score_prospectively(settings, name, target, month, trips)


@contextmanager
def _alone(name: str, settings: Settings) -> Iterator[None]:
    """No other process registers or rolls back this model meanwhile."""
    from include.warehouse.engine import get_engine
    from include.warehouse.schema import exclusive

    with exclusive(get_engine(settings), f"register-{name}", REGISTER_SECONDS):
        yield


def _register_target(
    plan: dict[str, Any], target: str, candidates: list[dict[str, Any]], test: Rows, settings: Settings
) -> dict[str, Any]:
    name, mine = model_name(plan["service"], target), [c for c in candidates if c["target"] == target]
    with _alone(name, settings):
        decided, status = known_decision(settings, name, plan["month"], plan["decision_key"]), "unchanged"
        if decided is None:
            decided, status = _decide(plan, target, name, mine, test, settings), "done"
        stands = enact(settings, name, decided)
    outcome = {key: value for key, value in decided.items() if key != "table"}
    if stands is not None:
        outcome["champion"] = f"{name}/{stands.version}"
    return outcome | {"leaderboard": _leaderboard(mine), "failed": failures(mine), "status": status}


def _decide(
    plan: dict[str, Any], target: str, name: str, candidates: list[dict[str, Any]], test: Rows, settings: Settings
) -> dict[str, Any]:
    """Holds the contest, registers what it chose, writes the decision. Nothing has moved yet."""
    trips = labelled_trips(test, target)
    if not len(trips.day):
        raise BadDataError(f"{target}: {plan['month']} has no trip with that label, so nothing can be compared on it.")
    contest = hold_contest(plan["month"], target, candidates, standing(settings, name), trips, settings)
    publish_fallback(settings.lake, fallback_of(read_bundle(contest.baseline["uri"])))
    version, uri, digest, card = publish_version(contest.chosen["uri"], settings)
    decided = {
        **_summary(name, version, target, contest, settings), "uri": uri, "card_sha256": digest,
        "decided_at": datetime.now(UTC).isoformat(),
    }  # fmt: skip
    record_decision(settings, plan, card, contest, trips, decided)
    log = get_logger(phase="register", service=plan["service"], month=plan["month"], model=name)
    for line in decided["table"].splitlines():
        log.info(line)
    return decided


def score_prospectively(settings: Settings, name: str, target: str, month: str, trips: Trips) -> None:
    """The champion that stood before this month, on this month: what its users got. No champion, no score.

    It is looked up in the promotion log, not in today's pointer, so a month that is done again scores the same one.
    """
    stood = stood_before(moves(settings, name), month)
    if stood is None:
        return
    try:
        scored = score(read_bundle(stood.uri, stood.card_sha256), target, trips)
    except OtherCodeError as error:
        log = get_logger(phase="register", month=month, model=name, version=stood.version)
        log.warning("the champion is of other code and cannot be scored", reason=str(error))
        return
    record_prospective(settings, name, stood.version, month, scored, trips)


def _leaderboard(candidates: list[dict[str, Any]]) -> list[dict[str, Any]]:
    ranked = sorted(fitted_candidates(candidates), key=lambda c: c["loss"])
    return [{"family": c["family"], "tune_loss": round(c["loss"], 4)} for c in ranked]


def _summary(name: str, version: int, target: str, contest: Contest, settings: Settings) -> dict[str, Any]:
    """What is remembered of a decision; `test_loss` holds the loss that decides, which `loss` names."""
    decision, evidence, rules = contest.decision, contest.evidence, Rules.of(settings)
    shown, stops = evidence.duel or evidence.floor, vetoes(evidence.slices, rules) if evidence.duel else ()
    keeps = decision.action == "keep" and contest.champion is not None
    return {
        "model": name, "version": version, "family": contest.chosen["family"], "month": evidence.test_month,
        "champion": f"{name}/{contest.champion.version if keeps and contest.champion else version}",
        "action": decision.action, "rule": decision.rule, "reason": decision.reason,
        "loss": "log loss" if target in PROBABILITIES else "mae",
        "test_loss": {role: round(scored.metrics["loss"], 4) for role, scored in contest.scores.items()},
        "gain": str(shown.gain), "lower_bound": str(shown.lower_bound), "vetoes": [part.name for part in stops],
        "table": contest_table(name, contest, rules),
    }  # fmt: skip
