"""The slots of a card that say how well a version did: over all trips, by part of the month, on later months."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Any

from include.features.trip_features import PROBABILITIES
from include.llm.card_words import UNITS, absent, count, loss_text, months_text, part_name, plain, share
from include.llm.guard import Direction

Facts = Mapping[str, Any]
QUANTITY_ONLY, PROBABILITY_ONLY = "for quantities only", "for probabilities only"
AIM = 0.8
"""Share of trips that an interval is to hold."""


def scores_of_version(metadata: Facts, metrics: Facts) -> dict[str, str]:
    """Slot -> text. What was not measured says so."""
    target = metadata["target"]
    return {**_scores(target, metrics), **_parts(metadata, metrics), **_since(target, metrics)}


def directions_of(metadata: Facts, metrics: Facts) -> dict[str, Direction]:
    """Slots that a comparison may be about: whether they stand for a larger or a smaller error."""
    ways: dict[str, Direction] = {}
    ranked = ranked_parts(metadata, metrics)
    if ranked and ranked[0][1]["loss"] > ranked[-1][1]["loss"]:
        ways |= {"worst_slice": "up", "best_slice": "down"}
    gain = gain_over(metrics, "baseline")
    if gain:
        ways["baseline_gain"] = "down" if gain > 0 else "up"
    return ways


def gain_over(metrics: Facts, role: str) -> float | None:
    """Share by which the version's loss is below that of another contestant on the same trips; None without one."""
    own, other = metrics["own"], metrics["contest"].get(role)
    if own is None or other is None or other is own or not other["loss"]:
        return None
    return float(1 - own["loss"] / other["loss"])


def ranked_parts(metadata: Facts, metrics: Facts) -> list[tuple[str, Facts]]:
    """The parts of the test month that are large enough to be ranked, the largest error first."""
    parts = (metrics["own"] or {}).get("slices") or {}
    large = [(name, part) for name, part in parts.items() if part["rows"] >= metadata["rules"]["veto_rows"]]
    return sorted(large, key=lambda item: (-item[1]["loss"], item[0]))


def _scores(target: str, metrics: Facts) -> dict[str, str]:
    own, contest = metrics["own"] or {}, metrics["contest"]
    unit, gain = UNITS.get(target, ""), gain_over(metrics, "baseline")
    probability = target in PROBABILITIES
    other = PROBABILITY_ONLY if not probability else None
    within = [
        QUANTITY_ONLY if probability else f"{share(own.get(name))}{told} {reach} {unit}"
        for name, reach, told in (("within_2", 2, " of its quotes lay within"), ("within_5", 5, " within"))
    ]  # fmt: skip
    floor = contest.get("baseline")
    itself = metrics["own"] is not None and floor is metrics["own"]
    return {
        "test_loss": loss_text(target, own.get("loss")), "test_rows": count(own.get("rows_scored")),
        "rmse": QUANTITY_ONLY if probability else loss_text(target, own.get("rmse")),
        "within_2": within[0], "within_5": within[1],
        "coverage": QUANTITY_ONLY if probability else share(own.get("coverage")),
        "coverage_aim": share(AIM, 0), "brier": other or _four(own.get("brier")),
        "roc_auc": other or _four(own.get("roc_auc")),
        "baseline_loss": "it is the baseline itself" if itself else loss_text(target, (floor or {}).get("loss")),
        "baseline_gain": absent("there is no other contestant's score") if gain is None else share(abs(gain)),
    }  # fmt: skip


def _four(value: float | None) -> str:
    return absent("no such score is recorded") if value is None or not isfinite(value) else f"{value:.4f}"


def _parts(metadata: Facts, metrics: Facts) -> dict[str, str]:
    target, ranked = metadata["target"], ranked_parts(metadata, metrics)
    none = absent("no part of the month has so many trips")
    airport = ((metrics["own"] or {}).get("slices") or {}).get("airport")
    slots = {"slice_floor": count(metadata["rules"]["veto_rows"])}
    for kind, found in (("worst", ranked[:1]), ("best", ranked[-1:])):
        name, part = found[0] if found else ("", {})
        slots |= {
            f"{kind}_slice": plain(part_name(name)) if found else none,
            f"{kind}_loss": loss_text(target, part.get("loss")), f"{kind}_rows": count(part.get("rows")),
        }  # fmt: skip
    there = absent("no trip began or ended at an airport")
    return slots | {"airport_loss": loss_text(target, airport["loss"]) if airport else there,
                    "airport_rows": count(airport["rows"]) if airport else "0"}  # fmt: skip


def _since(target: str, metrics: Facts) -> dict[str, str]:
    scored = metrics["prospective"]
    trips = sum(row["rows_scored"] for row in scored)
    mean = sum(row["loss"] * row["rows_scored"] for row in scored) / trips if trips else None
    return {
        "prospective_months": months_text([row["month"] for row in scored]) if scored else "no later month",
        "prospective_loss": loss_text(target, mean) if scored else absent("no later month has come"),
        "prospective_rows": count(trips),
    }
