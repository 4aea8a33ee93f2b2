"""The register phase: choose the challenger on the tune days, meet the champion on the test month, move the alias."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import fsspec

from include.config import Settings, get_settings
from include.errors import BadDataError, OtherCodeError
from include.features.trip_features import PROBABILITIES, targets_of
from include.models.bundle import (
    CARD_FILE,
    Bundle,
    Pointer,
    copy_bundle,
    model_name,
    publish_pointer,
    read_bundle,
    read_pointer,
)
from include.models.evaluate import bootstrap_gain, compute_metrics, loss_of, pointwise_loss
from include.models.families import BASELINE
from include.models.gate import Comparison, Decision, Rules, choose
from include.models.records import known_decision, record_contest, record_runs
from include.models.rows import TargetRows, load_rows
from include.models.tracking import register_version, set_alias
from include.models.train_all import compare_models, split_outcomes
from include.utils.logs import get_logger

REGISTER_SECONDS = 900
"""How long a promotion waits for another one of the same model, in any process."""


@dataclass(frozen=True)
class Contest:
    """One target's meeting on the test month. `scores` holds each role's metrics on the same rows."""

    challenger: dict[str, Any]
    baseline: dict[str, Any]
    champion: Pointer | None
    scores: dict[str, dict[str, float]]
    decision: Decision
    comparison: Comparison
    metric: str


def register_best(
    plan: dict[str, Any], fitted: list[list[dict[str, Any]]], settings: Settings | None = None
) -> dict[str, Any]:
    """Step: the candidates of all families -> per target a registered version, a decision, and perhaps a new champion.

    A month that was decided before with the same plan is reported, not decided again.
    """
    settings = settings or get_settings()
    candidates, failures = split_outcomes(fitted)
    told = "; ".join(f"{f['family']} for {f['target']}: {f['failed']}" for f in failures)
    if not candidates:
        raise BadDataError(f"No family has a candidate for {plan['month']}, every champion stays: {told}")
    test = load_rows(plan["uris"][plan["month"]], plan["service"])
    if not len(test.day):
        raise BadDataError(f"The test month {plan['month']} has no trips: nothing can be compared on it.")
    record_runs(settings, plan, candidates)
    outcome = {}
    for target in targets_of(plan["service"]):
        failed = {f["family"]: f["failed"] for f in failures if f["target"] == target}
        mine, rows = [c for c in candidates if c["target"] == target], test.of(target)
        if mine and len(rows):
            outcome[target] = _register_target(plan | {"test_rows": len(rows)}, target, mine, rows, settings)
        else:
            outcome[target] = {"action": "none", "reason": "no candidate, or no labelled trip in the test month"}
        outcome[target]["failed"] = failed
    return outcome


def _register_target(
    plan: dict[str, Any], target: str, candidates: list[dict[str, Any]], test: TargetRows, settings: Settings
) -> dict[str, Any]:
    from include.warehouse.engine import get_engine
    from include.warehouse.schema import exclusive

    name = model_name(plan["service"], target)
    with exclusive(get_engine(settings), f"register-{name}", REGISTER_SECONDS):
        decided, status = _decide_and_enact(plan, target, name, candidates, test, settings)
    return decided | {"leaderboard": _leaderboard(candidates), "status": status}


def _decide_and_enact(
    plan: dict[str, Any], target: str, name: str, candidates: list[dict[str, Any]], test: TargetRows, settings: Settings
) -> tuple[dict[str, Any], str]:
    decided = known_decision(settings, name, plan)
    status = "unchanged" if decided else "done"
    if decided is None:
        decided = _decide(plan, target, name, candidates, test, settings)
    enact(settings, name, decided)
    return decided, status


def _decide(
    plan: dict[str, Any], target: str, name: str, candidates: list[dict[str, Any]], test: TargetRows, settings: Settings
) -> dict[str, Any]:
    """Holds the contest, registers what it chose, and writes the decision down. Nothing has moved yet."""
    contest = hold_contest(plan, target, candidates, test, settings)
    chosen = contest.baseline if contest.decision.action == "promote_baseline" else contest.challenger
    version, uri, digest = publish_version(chosen["uri"], settings)
    decided = _summary(plan, name, version, chosen, contest) | {
        "uri": uri, "card_sha256": digest, "decided_at": datetime.now(UTC).isoformat()
    }  # fmt: skip
    record_contest(settings, plan, name, version, uri, chosen, contest, decided)
    get_logger(phase="register", service=plan["service"], month=plan["month"], model=name).info(
        contest.decision.reason, action=contest.decision.action, version=version
    )
    return decided


def enact(settings: Settings, name: str, decided: dict[str, Any]) -> None:
    """Moves what a decision says to move, however often it is asked: a run that died half-way ends the same.

    The champion's alias moves before the pointer that the service reads; both aliases move only forward in time.
    """
    stands = read_pointer(settings.lake, name)
    forward = stands is None or (stands.test_month, stands.promoted_at) < (decided["month"], decided["decided_at"])
    if decided["action"] != "keep" and forward:
        set_alias(settings, name, "champion", decided["version"])
        now = datetime.now(UTC).isoformat()
        pointer = Pointer(name, decided["version"], decided["uri"], decided["card_sha256"], now, decided["month"])
        publish_pointer(settings.lake, pointer)
    if stands is None or stands.test_month <= decided["month"]:
        set_alias(settings, name, "challenger", decided["version"])


def hold_contest(
    plan: dict[str, Any], target: str, candidates: list[dict[str, Any]], test: TargetRows, settings: Settings
) -> Contest:
    """Scores challenger, baseline and champion on the same rows of the test month and asks the gate."""
    (ranked,) = compare_models(candidates).values()
    challenger = next((c for c in ranked if c["family"] != BASELINE), None)
    baseline = next((c for c in ranked if c["family"] == BASELINE), None)
    if baseline is None or challenger is None:
        raise BadDataError(
            f"{target} needs {BASELINE}, the floor that every champion has to beat, and a family beside it; candidates "
            f"are {', '.join(c['family'] for c in ranked)}. See why the others failed, or name more in TAXI_FAMILIES."
        )
    pointer = read_pointer(settings.lake, model_name(plan["service"], target))
    loss, scores = {}, {}
    for role, bundle in _contestants(challenger, baseline, pointer).items():
        loss[role] = pointwise_loss(target, test.y, bundle.predict(test.x))
        scores[role] = score_bundle(bundle, target, test)
    rounds = settings.bootstrap_rounds
    floor = Comparison(*bootstrap_gain(loss["baseline"], loss["challenger"], test.day, rounds))
    duel = None
    if "champion" in loss:
        duel = Comparison(*bootstrap_gain(loss["champion"], loss["challenger"], test.day, rounds))
    stands_on = pointer.test_month if pointer else ""
    decision = choose(floor, duel, stands_on, plan["month"], Rules(settings.min_gain))
    return Contest(challenger, baseline, pointer, scores, decision, duel or floor, loss_of(target))


def score_bundle(bundle: Bundle, target: str, rows: TargetRows) -> dict[str, float]:
    """Metrics of a bundle's target on these rows; of a quantity also the share that the interval holds."""
    if target in PROBABILITIES:
        return compute_metrics(target, rows.y, bundle.predict(rows.x))
    predicted, low, high = bundle.predict_with_interval(rows.x)
    covered = float(((rows.y >= low) & (rows.y <= high)).mean())
    return compute_metrics(target, rows.y, predicted) | {"coverage": covered}


def _contestants(challenger: dict[str, Any], baseline: dict[str, Any], pointer: Pointer | None) -> dict[str, Bundle]:
    """Bundles by role. A champion of other feature code cannot be compared, and yields; a damaged one is an error."""
    bundles = {"challenger": read_bundle(challenger["uri"]), "baseline": read_bundle(baseline["uri"])}
    if pointer is not None:
        try:
            bundles["champion"] = read_bundle(pointer.uri, pointer.card_sha256)
        except OtherCodeError as error:
            get_logger(phase="register").warning("the champion is of other code and is replaced", reason=str(error))
    return bundles


def publish_version(candidate_uri: str, settings: Settings) -> tuple[int, str, str]:
    """Registers a candidate's bundle and copies it to `<lake>/bundles/`; gives version, uri and the card's SHA-256.

    The content is part of the name: a registry that was lost counts from one again, and must not write over a champion.
    """
    card = read_bundle(candidate_uri).card
    version = register_version(settings, card, candidate_uri)
    fs, root = fsspec.url_to_fs(candidate_uri)
    digest = hashlib.sha256(fs.cat_file(f"{root}/{CARD_FILE}")).hexdigest()
    uri = f"{settings.lake}/bundles/{card.model_name}/v{version}-{digest[:12]}"
    return version, uri, copy_bundle(candidate_uri, uri)


def _leaderboard(candidates: list[dict[str, Any]]) -> list[dict[str, Any]]:
    ranked = sorted(candidates, key=lambda c: c["loss"])
    return [{"family": c["family"], "tune_loss": round(c["loss"], 4)} for c in ranked]


def _summary(plan: dict[str, Any], name: str, version: int, chosen: dict[str, Any], contest: Contest) -> dict[str, Any]:
    champion = f"{name}/{version}"
    if contest.decision.action == "keep" and contest.champion:
        champion = f"{name}/{contest.champion.version}"
    return {
        "model": name, "version": version, "family": chosen["family"], "month": plan["month"], "champion": champion,
        "action": contest.decision.action, "reason": contest.decision.reason,
        "test_loss": {role: round(score[contest.metric], 4) for role, score in contest.scores.items()},
    }  # fmt: skip
