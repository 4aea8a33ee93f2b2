"""Which drawings a card has, from what was measured of its version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from include.features.trip_features import PROBABILITIES
from include.llm.card_words import UNITS
from include.llm.svg import bars, columns, histogram, square
from include.models.plots import LEAST_ROWS

Facts = Mapping[str, Any]
FIGURES = ("figure_slices", "figure_errors", "figure_coverage", "figure_age")
"""Slots of the template that only the page fills."""


def figures_of(target: str, metrics: Facts) -> dict[str, str]:
    """Slot -> HTML of its figures; "" where nothing was measured."""
    document, probability = metrics["evaluation"] or {}, target in PROBABILITIES
    unit = UNITS.get(target, "")
    chance = {
        "figure_errors": _roc(document.get("roc")),
        "figure_coverage": _calibration(document.get("calibration")),
    }
    quantity = {
        "figure_errors": _errors(document.get("errors"), unit),
        "figure_coverage": _coverage(metrics["coverage"]),
    }
    return {
        "figure_slices": _grid([
            _error_by(document, "borough", "by borough of the pick-up", unit),
            _error_by(document, "distance", "by distance along the streets", unit),
            _error_by_hour(document, unit),
        ]),
        **(chance if probability else quantity), "figure_age": _age(metrics["age"], unit),
    }  # fmt: skip


def _grid(figures: Sequence[str]) -> str:
    shown = "".join(figure for figure in figures if figure)
    return f'<div class="figures">{shown}</div>' if shown else ""


def _error_by(document: Facts, by: str, title: str, unit: str) -> str:
    rows = [row for row in (document.get("error_by") or {}).get(by, ()) if row["trips"] >= LEAST_ROWS]
    told = [(row["label"], row["loss"], _short(row["loss"], unit), f"{row['trips']:,} trips") for row in rows]
    return bars(f"Mean error {title}{f', {unit}' if unit else ''}", told)


def _error_by_hour(document: Facts, unit: str) -> str:
    rows = (document.get("error_by") or {}).get("hour", ())
    told = [(row["label"][:2], row["loss"], f"{_short(row['loss'], unit)}, {row['trips']:,} trips") for row in rows]
    return columns(f"Mean error by hour of the pick-up{f', {unit}' if unit else ''}", told)


def _short(loss: float, unit: str) -> str:
    """Log loss has no unit, and moves in its third digit."""
    return f"{loss:.2f}" if unit else f"{loss:.3f}"


def _coverage(coverage: Facts | None) -> str:
    if not coverage:
        return ""

    def drawn(rows: Sequence[Facts], title: str) -> str:
        told = [(g["label"], 100 * g["coverage"], f"{100 * g['coverage']:.1f} %", f"{g['trips']:,} trips")
                for g in rows if g["trips"] >= LEAST_ROWS]  # fmt: skip
        return bars(title, told, 80.0)

    return _grid([drawn(coverage["size"], "Trips inside the interval, by size of the prediction"),
                  drawn(coverage["borough"], "Trips inside the interval, by borough of the pick-up")])  # fmt: skip


def _errors(errors: Facts | None, unit: str) -> str:
    """The histogram of said minus happened."""
    title = f"Said minus happened, {unit}; the outermost bars hold all beyond"
    return _grid([histogram(title, errors["edges"], errors["trips"], unit)]) if errors else ""


def _calibration(groups: Sequence[Facts] | None) -> str:
    points = [(g["said"], g["was"]) for g in groups or ()]
    return _grid([square("Said (across) and came true (up)", points, dots=True)])


def _roc(roc: Facts | None) -> str:
    points = list(zip(roc["false_alarms"], roc["hits"], strict=True)) if roc else []
    return _grid([square("False alarms (across) and hits (up), at every threshold", points)])


def _age(rows: Sequence[Facts], unit: str) -> str:
    """The mean loss of models by months since they learnt, weighted by trips."""
    ages = sorted({int(row["age_months"]) for row in rows if row["loss"] is not None})
    told = []
    for age in ages:
        of_age = [row for row in rows if row["age_months"] == age and row["loss"] is not None]
        trips = sum(row["rows_scored"] for row in of_age)
        loss = sum(row["loss"] * row["rows_scored"] for row in of_age) / max(trips, 1)
        told.append((f"{age} month{'' if age == 1 else 's'}", loss, _short(loss, unit), f"{len(of_age)} models"))
    return _grid([bars(f"Mean error by months since the model learnt{f', {unit}' if unit else ''}", told)])
