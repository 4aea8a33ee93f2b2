"""Small drawings as SVG in HTML: no raster, no script; colours come by class, so that a page may be light or dark."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

WIDTH, ROW, NAMES, VALUES = 460, 24, 150, 64
"""SVG units: of a drawing, of a bar with its gap, of the room for labels before and behind the bars."""
HEIGHT, LABELLED = 150, 6
SIDE, MARGIN = 260, 44
"""Of a square plot, and of the room for its axes."""


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


def columns(title: str, rows: Sequence[tuple[str, float, str]]) -> str:
    """Rows of label, value from 0 on, and a remark -> columns; every sixth label is written, and the highest value."""
    if not rows:
        return ""
    wide, top = WIDTH / len(rows), max(value for _, value, _ in rows) or 1
    drawn = [f'<text x="0" y="12">{top:.3g}</text><line class="frame" x1="0" x2="{WIDTH}" y1="18" y2="18"/>']
    for place, (label, value, remark) in enumerate(rows):
        x, tall = place * wide, HEIGHT * value / top
        drawn.append(
            f'<rect class="bar" x="{x:.1f}" y="{18 + HEIGHT - tall:.1f}" width="{wide - 2:.1f}" height="{tall:.1f}">'
            f"<title>{escape(f'{label}: {remark}')}</title></rect>"
        )
        if place % LABELLED == 0:
            drawn.append(f'<text x="{x:.1f}" y="{HEIGHT + 34}">{escape(label)}</text>')
    return _figure(title, WIDTH, HEIGHT + 40, "".join(drawn))


def histogram(title: str, edges: Sequence[float], trips: Sequence[int], unit: str) -> str:
    """(n + 1,) edges around 0 and (n,) counts -> columns, with a line at 0."""
    wide, top = WIDTH / len(trips), max(trips) or 1
    drawn = []
    for place, n in enumerate(trips):
        tall = HEIGHT * n / top
        told = f"{edges[place]:g} to {edges[place + 1]:g} {unit}: {n:,} trips"
        drawn.append(
            f'<rect class="bar" x="{place * wide:.1f}" y="{HEIGHT - tall:.1f}" width="{wide - 1:.1f}" '
            f'height="{tall:.1f}"><title>{escape(told)}</title></rect>'
        )
    middle = WIDTH * (0 - edges[0]) / (edges[-1] - edges[0])
    drawn.append(f'<line class="axis" x1="{middle:.1f}" x2="{middle:.1f}" y1="0" y2="{HEIGHT}"/>')
    ends = ((0, "start", edges[0]), (middle, "middle", 0), (WIDTH, "end", edges[-1]))
    drawn += [f'<text x="{x:.1f}" y="{HEIGHT + 16}" text-anchor="{side}">{value:+g}</text>' for x, side, value in ends]
    return _figure(title, WIDTH, HEIGHT + 22, "".join(drawn))


def square(title: str, points: Sequence[tuple[float, float]], *, dots: bool = False) -> str:
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
    return _figure(title, SIDE + MARGIN + 20, SIDE + 36, drawn)
