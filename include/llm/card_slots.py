"""Every slot of `docs/MODEL_CARD_TEMPLATE.md` that is a fact, as text: a card's figures are made here alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from include.features.trip_features import PROBABILITIES
from include.llm.card_scores import AIM, scores_of_version
from include.llm.card_tables import drift_text, tables_of
from include.llm.card_texts import CAVEATS, CAVEATS_SHORT, REAL, RISKS, SAMPLE, TEXTS, TIP_CAVEAT
from include.llm.card_words import (
    UNITS,
    absent,
    count,
    loss_text,
    minute,
    months_text,
    part_name,
    plain,
    share,
    table,
)
from include.models.windows import TRAIN_DAYS

Facts = Mapping[str, Any]
DECISIONS = {"promote": "promoted", "promote_baseline": "the baseline was promoted", "keep": "registered, not promoted"}
WITHOUT_DUEL = ("first", "stand_in")


def slots_of(metadata: Facts, metrics: Facts) -> dict[str, str]:
    """Slot -> text. What is not known says so."""
    return {
        **_identity(metadata), **_making(metadata, metrics), **_decision(metadata), **_data(metadata),
        **scores_of_version(metadata, metrics), **_notes(metadata, metrics), **tables_of(metadata, metrics),
    }  # fmt: skip


def _identity(metadata: Facts) -> dict[str, str]:
    text = TEXTS[metadata["target"]]
    return {
        "model": metadata["model_name"], "version": str(metadata["version"]), "service": metadata["service"],
        "family": plain(metadata["family"]), "run_id": plain(metadata["run_id"]), "test_month": metadata["test_month"],
        "registered_at": minute(metadata["registered_at"]), "written_at": minute(metadata["written_at"]),
        "bundle_sha256": metadata["bundle"]["card_sha256"] or absent("no decision is recorded"),
        "target_meaning": text.meaning, "intended_use": text.use, "misuse": text.misuse, "loss_name": text.loss_name,
        "loss_meaning": text.loss_meaning, "other_metrics": text.other_metrics, "interval_meaning": text.interval,
    }  # fmt: skip


def _making(metadata: Facts, metrics: Facts) -> dict[str, str]:
    bundle, run = metadata["bundle"], metadata["run"]
    costs, tune = bundle["costs"], metrics["tune"]
    threads = run["threads"]
    params = ", ".join(f"{name} {value}" for name, value in sorted(bundle["params"].items()))
    return {
        "features": ", ".join(f"`{name}`" for name in bundle["features"]),
        "feature_count": str(len(bundle["features"])),
        "parameters": plain(params) or "none", "feature_code": f"`{bundle['feature_code']}`",
        "training_code": f"`{plain(run['training_code'])}`", "plan_key": f"`{plain(run['plan_key'])}`",
        "tuning": "none" if run["tuning"] in (None, "", "{}") else plain(run["tuning"]),
        "threads": f"{plain(threads)} thread{'' if threads == '1' else 's'}",
        "fit_seconds": f"{costs['fit_seconds']:.1f} s" if "fit_seconds" in costs else absent("no time is recorded"),
        "bundle_size": f"{costs['artefact_bytes'] / 1e6:.2f} MB" if "artefact_bytes" in costs else absent("no size"),
        "prediction_time": f"{costs['prediction_us']:.0f} us" if "prediction_us" in costs else absent("no time"),
        "parity": share(tune.get("parity_alike"), 2), "train_months": months_text(bundle["months"]["earlier"]),
        "train_rows": count(tune.get("rows_train")), "tune_rows": count(tune.get("rows_tune")),
        **_days(bundle["months"]["earlier"]),
        "gaps": ", ".join(bundle["months"]["gaps"]) or "none",
        "tune_loss": loss_text(metadata["target"], tune.get(metrics["loss"])),
    }  # fmt: skip


def _days(earlier: Sequence[str]) -> dict[str, str]:
    """What of the months fitted it, chose its family and calibrated it, as `include/models/windows.py` parts them."""
    later, alone = earlier[-1], len(earlier) == 1
    rest = f" after the first {TRAIN_DAYS}" if alone else ""
    return {
        "fit_months": f"the first {TRAIN_DAYS} days of {later}" if alone else months_text(earlier[:-1]),
        "tune_days": f"the odd days of {later}{rest}", "calibration_days": f"the even days of {later}{rest}",
    }  # fmt: skip


def _decision(metadata: Facts) -> dict[str, str]:
    row, rules = metadata["decision"], metadata["rules"]
    unknown = absent("no decision is recorded")
    by = (row or {}).get("actor") or ""
    return {
        "decision": DECISIONS.get(row["decision"], plain(row["decision"])) if row else unknown,
        "decision_rule": plain(row["rule"]) if row else unknown,
        "decision_reason": plain(row["reason"]) if row else unknown,
        "decision_by": "the gate" if by in ("", "gate") else plain(by),
        "vetoes": _vetoes(row) if row else unknown + ".",
        "min_gain": share(rules["min_gain"]), "veto_loss": share(rules["veto_loss"], 0),
        "veto_rows": count(rules["veto_rows"]), "stale_months": str(rules["stale_months"]),
        "bootstrap_rounds": str(rules["rounds"]),
    }  # fmt: skip


def _vetoes(decision: Facts) -> str:
    if decision["rule"] in WITHOUT_DUEL:
        return "Without a champion to meet, parts of the month were reported and could stop nothing."
    named = ", ".join(plain(part_name(name)) for name in decision["summary"].get("vetoes", ()))
    return f"Parts that stood against it: {named}." if named else "No part of the month stood against it."


def _data(metadata: Facts) -> dict[str, str]:
    months: Sequence[Facts] = metadata["months"]
    test, learnt = months[-1], months[:-1]
    counted = [m for m in learnt if m["rows_kept"] is not None]
    read, kept = (sum(m[name] for m in counted) for name in ("rows_read", "rows_kept"))
    made_up = any("embedded sample" in str(m["origin"]) for m in months)
    asked = [m["broken"] for m in months if m["broken"] is not None]
    unknown = absent("the warehouse does not know these months")
    return {
        "sample_note": SAMPLE if made_up else REAL,
        "sources": ", ".join(dict.fromkeys(_source(m) for m in learnt if m["origin"])) or unknown,
        "rows_read": count(read) if counted else unknown, "rows_kept": count(kept) if counted else unknown,
        "rows_rejected": count(read - kept) if counted else unknown,
        "rejected_share": share((read - kept) / read, 2) if read else unknown,
        "test_origin": _origin(test), "test_drift": drift_text(test["drift"]),
        "test_verdict": plain((test["verdict"] or {}).get("sentence") or absent("no verdict is recorded")),
        "expectations": count(sum(m["expectations"] or 0 for m in months)), "data_months": str(len(months)),
        "broken": count(sum(asked)) if asked else unknown, "waived": str(sum(m["waived"] for m in months)),
    }  # fmt: skip


def _source(month: Facts) -> str:
    """A month's origin without the month, so that a year from one place is told once."""
    return plain(str(month["origin"]).replace(month["month"], "(month)").removesuffix(" (month)"))


def _origin(month: Facts) -> str:
    if not month["origin"]:
        return absent("the warehouse does not know this month") + "."
    return f"{plain(month['origin'])}, {count(month['rows_read'])} rows, SHA-256 `{plain(month['sha256'])}`."


def _notes(metadata: Facts, metrics: Facts) -> dict[str, str]:
    probability = metadata["target"] in PROBABILITIES
    caveats = [*CAVEATS, *([TIP_CAVEAT] if probability else [])]
    told, age = metrics["evaluation"], metrics["age"]
    drawn = absent("no evaluation of this version is kept") + "."
    families = ", ".join(sorted({row["family"] for row in age}))
    return {
        "caveats": "\n".join(f"- {text}" for text in caveats), "caveats_short": CAVEATS_SHORT,
        "risks": table(["risk", "what is done"], [list(risk) for risk in RISKS], ""),
        "errors_note": _errors_note(metadata["target"], told) if told else drawn,
        "coverage_note": "Groups of as many trips each, from the least to the likeliest." if probability else
        f"{share(AIM, 0)} is aimed at. The first rows are fifths of the trips by size of the prediction.",
        "age_note": f"Measured by `make staleness` with {plain(families)} models of each month." if age else
        absent("`make staleness` has not run for this target, or had too few months") + ".",
    }  # fmt: skip


def _errors_note(target: str, document: Facts) -> str:
    if target in PROBABILITIES:
        return "Said and come true are set side by side below."
    middle = document["errors"]["median"]
    side = "more" if middle > 0 else "less"
    return f"In the middle of all trips it says {abs(middle):.2f} {UNITS[target]} {side} than what happens."
