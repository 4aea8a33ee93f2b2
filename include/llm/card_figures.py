"""The drawings of a card as SVG: no raster, no script, colours by class, so that a page is light or dark as it likes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from include.features.trip_features import PROBABILITIES
from include.llm.card_words import UNITS
from include.models.plots import LEAST_ROWS

Facts = Mapping[str, Any]
FIGURES = ("figure_slices", "figure_errors", "figure_coverage", "figure_age")
"""Slots of the template that only the page fills."""
WIDTH, ROW, NAMES, VALUES = 460, 24, 150, 64
"""SVG units: of a drawing, of a bar with its gap, of the labels before and behind the bars."""
SIDE, MARGIN = 260, 44
"""Of a square plot, and of the room for its axes."""


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
        "figure_slices": _grid([_error_by(document, by, title, unit) for by, title in (
            ("borough", "by borough of the pick-up"), ("distance", "by distance along the streets"),
            ("hour", "by hour of the pick-up"))]),
        **(chance if probability else quantity), "figure_age": _age(metrics["age"], unit),
    }  # fmt: skip


def _grid(figures: Sequence[str]) -> str:
    shown = "".join(figure for figure in figures if figure)
    return f'<div class="figures">{shown}</div>' if shown else ""


def _error_by(document: Facts, by: str, title: str, unit: str) -> str:
    rows = [row for row in (document.get("error_by") or {}).get(by, ()) if row["trips"] >= LEAST_ROWS]
    told = [(row["label"], row["loss"], f"{row['loss']:.2f}", f"{row['trips']:,} trips") for row in rows]
    return bars(f"Mean error {title}{f', {unit}' if unit else ''}", told)


def bars(title: str, rows: Sequence[tuple[str, float, str, str]], line: float | None = None) -> str:
    """Rows of label, value, the value as text and a remark -> horizontal bars; `line` marks a value to aim at."""
    if not rows:
        return ""
    top = max([value for _, value, _, _ in rows] + ([line] if line else [])) or 1
    room, height = WIDTH - NAMES - VALUES, ROW * len(rows) + 6
    drawn = []
    for place, (label, value, text, remark) in enumerate(rows):
        y, width = place * ROW, max(room * value / top, 1)
        drawn.append(
            f'<text class="name" x="{NAMES - 8}" y="{y + 16}">{escape(label)}</text>'
            f'<rect class="bar" x="{NAMES}" y="{y + 4}" width="{width:.1f}" height="{ROW - 8}" rx="2">'
            f"<title>{escape(f'{label}: {text}, {remark}')}</title></rect>"
            f'<text x="{NAMES + width + 6:.1f}" y="{y + 16}">{escape(text)}</text>'
        )
    if line:
        x = NAMES + room * line / top
        drawn.append(f'<line class="aim" x1="{x:.1f}" x2="{x:.1f}" y1="0" y2="{height - 4}"/>')
    return _figure(title, WIDTH, height, "".join(drawn))


def _figure(title: str, width: float, height: float, drawn: str) -> str:
    return (
        f'<figure><figcaption>{escape(title)}</figcaption><svg viewBox="0 0 {width:g} {height:g}" role="img" '
        f'aria-label="{escape(title)}">{drawn}</svg></figure>'
    )


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
    if not errors:
        return ""
    trips, edges, height = errors["trips"], errors["edges"], 150
    wide, top = WIDTH / len(trips), max(trips) or 1
    drawn = [f'<rect class="bar" x="{i * wide:.1f}" y="{height * (1 - n / top):.1f}" width="{wide - 1:.1f}" '
             f'height="{height * n / top:.1f}"><title>{edges[i]:g} to {edges[i + 1]:g} {unit}: {n:,} trips</title></rect>'
             for i, n in enumerate(trips)]  # fmt: skip
    middle = WIDTH * (0 - edges[0]) / (edges[-1] - edges[0])
    drawn.append(f'<line class="axis" x1="{middle:.1f}" x2="{middle:.1f}" y1="0" y2="{height}"/>')
    ends = ((0, "start", edges[0]), (middle, "middle", 0), (WIDTH, "end", edges[-1]))
    drawn += [f'<text x="{x:.1f}" y="{height + 16}" text-anchor="{side}">{value:+g}</text>' for x, side, value in ends]
    title = f"Said minus happened, {unit}; the outermost bars hold all beyond"
    return _grid([_figure(title, WIDTH, height + 22, "".join(drawn))])


def _calibration(groups: Sequence[Facts] | None) -> str:
    points = [(g["said"], g["was"]) for g in groups or ()]
    return _square("Said (across) and came true (up)", points, dots=True)


def _roc(roc: Facts | None) -> str:
    points = list(zip(roc["false_alarms"], roc["hits"], strict=True)) if roc else []
    return _square("False alarms (across) and hits (up), at every threshold", points)


def _square(title: str, points: Sequence[tuple[float, float]], *, dots: bool = False) -> str:
    """Points of the unit square joined by a line, and the diagonal."""
    if not points:
        return ""
    placed = [(MARGIN + SIDE * x, 10 + SIDE * (1 - y)) for x, y in points]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in placed)
    ticks = "".join(
        f'<text x="{MARGIN + SIDE * t}" y="{SIDE + 28}" text-anchor="middle">{t:g}</text>'
        f'<text class="name" x="{MARGIN - 6}" y="{14 + SIDE * (1 - t)}">{t:g}</text>' for t in (0, 0.5, 1)
    )  # fmt: skip
    marks = "".join(f'<circle class="bar" cx="{x:.1f}" cy="{y:.1f}" r="4"/>' for x, y in placed) if dots else ""
    drawn = (
        f'<rect class="frame" x="{MARGIN}" y="10" width="{SIDE}" height="{SIDE}"/>'
        f'<line class="aim" x1="{MARGIN}" y1="{10 + SIDE}" x2="{MARGIN + SIDE}" y2="10"/>'
        f'<polyline class="line" points="{path}"/>{marks}{ticks}'
    )
    return _grid([_figure(title, SIDE + MARGIN + 20, SIDE + 36, drawn)])


def _age(rows: Sequence[Facts], unit: str) -> str:
    """The mean loss of models by months since they learnt, weighted by trips."""
    ages = sorted({int(row["age_months"]) for row in rows if row["loss"] is not None})
    told = []
    for age in ages:
        of_age = [row for row in rows if row["age_months"] == age and row["loss"] is not None]
        trips = sum(row["rows_scored"] for row in of_age)
        loss = sum(row["loss"] * row["rows_scored"] for row in of_age) / max(trips, 1)
        told.append((f"{age} month{'' if age == 1 else 's'}", loss, f"{loss:.2f}", f"{len(of_age)} models"))
    return _grid([bars(f"Mean error by months since the model learnt{f', {unit}' if unit else ''}", told)])
