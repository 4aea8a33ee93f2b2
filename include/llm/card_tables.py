"""The tables of a card: months, rejects, contest, parts, intervals, ages, later months, decisions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from include.features.trip_features import PROBABILITIES
from include.llm.card_words import UNITS, absent, count, loss_text, minute, part_name, place_name, plain, share, table
from include.models.plots import LEAST_ROWS

Facts = Mapping[str, Any]
ROLES = ("challenger", "champion", "baseline")


def tables_of(metadata: Facts, metrics: Facts) -> dict[str, str]:
    """Slot -> Markdown table, or a sentence in its place."""
    target = metadata["target"]
    return {
        "table_months": _months(metadata["months"]),
        "table_rejects": _rejects(metadata["months"]),
        "table_contest": _contest(target, metrics),
        "table_slices": _slices(target, metrics),
        "table_coverage": _coverage(target, metrics),
        "table_prospective": _prospective(target, metrics["prospective"]),
        "table_history": _history(metadata["history"]),
    }


def _months(months: Sequence[Facts]) -> str:
    rows = [[m["month"], count(m["rows_read"]), count(m["rows_kept"]), plain((m["verdict"] or {}).get("level", "none")),
             drift_text(m["drift"])] for m in months]  # fmt: skip
    return table(
        ["month", "rows read", "rows kept", "verdict", "drift"], rows, absent("no month is known") + ".", (1, 2)
    )


def drift_text(drift: Facts | None) -> str:
    """What a comparison with earlier months found."""
    if drift is None:
        return absent("no comparison is recorded")
    if not drift["compared"]:
        return absent(plain(drift["note"]))
    found = ", ".join(plain(name) for name in drift["told"]) or "none stands out"
    return f"{drift['compared']} comparisons; {found}"


def _rejects(months: Sequence[Facts]) -> str:
    total: dict[str, int] = {}
    meanings: dict[str, str] = {}
    for month in months:
        meanings |= month["meanings"]
        for reason, rows in (month["rejects"] or {}).items():
            total[reason] = total.get(reason, 0) + rows
    rows = [[plain(meanings.get(reason) or reason), count(n)] for reason, n in sorted(total.items(), key=_largest) if n]
    none = "No row was set aside." if total else absent("nothing is recorded") + "."
    return table(["reason", "rows"], rows, none, (1,))


def _largest(item: tuple[str, int]) -> tuple[int, str]:
    return -item[1], item[0]


def _contest(target: str, metrics: Facts) -> str:
    contest = metrics["contest"]
    rows = [[_who(role, metrics), loss_text(target, contest[role]["loss"]), *_others(target, contest[role]),
             count(contest[role]["rows_scored"])] for role in ROLES if role in contest]  # fmt: skip
    unit = UNITS.get(target, "")
    others = (
        ["Brier score"] if target in PROBABILITIES else ["RMSE", f"within 2 {unit}", f"within 5 {unit}", "interval"]
    )
    return table(
        ["on the test month", "loss", *others, "trips"], rows, absent("no contest is recorded") + ".", range(1, 8)
    )


def _who(role: str, metrics: Facts) -> str:
    return "this version" if metrics["contest"][role] is metrics["own"] else role


def _others(target: str, row: Facts) -> list[str]:
    if target in PROBABILITIES:
        return [absent("no such score") if row["brier"] is None else f"{row['brier']:.4f}"]
    return [loss_text(target, row["rmse"]), *(share(row[name]) for name in ("within_2", "within_5", "coverage"))]


def _slices(target: str, metrics: Facts) -> str:
    own, reference = metrics["own"], metrics["reference"]
    if not own or not own["slices"]:
        return absent("no part of the month was scored") + "."
    named = {name: part for name, part in own["slices"].items() if part["rows"] >= LEAST_ROWS}
    other = reference["slices"] if reference else {}
    rows = [[plain(part_name(name)), count(part["rows"]), loss_text(target, part["loss"]),
             loss_text(target, other[name]["loss"]) if name in other else absent("not scored there")]
            for name, part in sorted(named.items(), key=lambda item: -item[1]["rows"])]  # fmt: skip
    against = reference["role"] if reference else "baseline"
    small = len(own["slices"]) - len(named)
    left = f"\n\nParts with fewer than {LEAST_ROWS} trips are left out: {small}." if small else ""
    head = ["part, the largest first; they overlap", "trips", "loss", f"loss of the {against}"]
    return table(head, rows, "", (1, 2, 3)) + left


def _coverage(target: str, metrics: Facts) -> str:
    if target in PROBABILITIES:
        groups = (metrics["evaluation"] or {}).get("calibration") or []
        rows = [[share(g["said"]), share(g["was"]), count(g["trips"])] for g in groups]
        none = absent("no evaluation of this version is kept") + "."
        return table(["said", "came true", "trips"], rows, none, range(3))
    held, unit = metrics["coverage"] or {}, UNITS[target]
    named = [(f"{g['label']} {unit}", g) for g in held.get("size", ())]
    named += [(f"pick-up in {place_name(g['label'])}", g) for g in held.get("borough", ()) if g["trips"] >= LEAST_ROWS]
    rows = [[label, count(g["trips"]), share(g["coverage"]), f"{g['width']:.1f} {unit}"] for label, g in named]
    none = absent("the test month or the code of this version is not here any more") + "."
    return table(["prediction", "trips", "inside p10 to p90", "mean width"], rows, none, (1, 2, 3))


def _prospective(target: str, scored: Sequence[Facts]) -> str:
    rows = [
        [row["month"], loss_text(target, row["loss"]), "-" if row["coverage"] is None else share(row["coverage"]),
         count(row["rows_scored"])]
        for row in scored
    ]  # fmt: skip
    none = absent("no later month has been scored with this version") + "."
    return table(["later month", "loss", "interval", "trips"], rows, none, (1, 2, 3))


def _history(decided: Sequence[Facts]) -> str:
    rows = [[str(row["summary"].get("version", "-")), row["test_month"], plain(row["decision"]), plain(row["reason"]),
             minute(row["decided_at"])] for row in decided]  # fmt: skip
    return table(["version", "month", "decision", "reason", "at"], rows, absent("no decision is recorded") + ".")
