"""Figures of a training: who errs least, at what cost, and what the champion looks at."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from include.exploration.canvas import BLUE, ORANGE, bars, label, panels
from include.models.evaluate import loss_of
from include.models.explain import Explanation
from include.models.families import BASELINE

SHOWN = 10
"""Features drawn; the rest are summed."""
UNITS = {"duration_min": "minutes", "fare_usd": "dollars", "high_tip": "log loss"}


def gains_over_floor(boards: dict[str, pd.DataFrame]) -> Figure:
    """How much less than the floor each family errs on the test month; ordered by the tune days, which choose."""
    title = "Percent better than the floor on the test month, the best on the tune days first"
    figure, axes = panels(title, len(boards), height=3.8, width=13)
    for ax, (target, board) in zip(axes, boards.items(), strict=True):
        loss = board["test loss"].drop(BASELINE)
        gains = 100 * (1 - loss / board["test loss"][BASELINE])
        bars(ax, list(loss.index), list(gains), "{:+.2f}", color=[BLUE if g > 0 else ORANGE for g in gains])
        ax.axvline(0, color="black", linewidth=0.8)
        label(ax, f"percent of the {_loss_label(target)}", "", target)
    return figure


def cost_of_accuracy(runs: dict[str, pd.DataFrame]) -> Figure:
    """Every MLflow run but the floor's as a point: what its fit took, and its loss on the tune days."""
    title = "MLflow's runs: processor seconds of the fit and loss on the tune days (without the floor)"
    figure, axes = panels(title, len(runs), width=13, height=4.2)
    for ax, (target, table) in zip(axes, runs.items(), strict=True):
        shown = table[table["family"] != BASELINE].sort_values("cpu_seconds")
        seconds, loss = shown["cpu_seconds"].astype(float).clip(lower=0.001), shown[loss_of(target)].astype(float)
        ax.scatter(seconds, loss, color=BLUE)
        for position, (family, x, y) in enumerate(zip(shown["family"], seconds, loss, strict=True)):
            ax.annotate(family, (x, y), (0, 7 if position % 2 else -13), textcoords="offset points", fontsize=8,
                        ha="center")  # fmt: skip
        ax.set_xscale("log")
        ax.margins(x=0.25, y=0.15)
        label(ax, "processor seconds (logarithmic)", _loss_label(target), target)
    return figure


def _loss_label(target: str) -> str:
    return "log loss" if loss_of(target) == "log_loss" else f"mean absolute error, {UNITS[target]}"


def gain(shares: pd.Series, family: str) -> Figure:
    """The features whose splits gained most."""
    figure, (ax,) = panels(f"What {family}'s splits gained", height=3.6)
    top = shares.head(SHOWN)
    bars(ax, [*top.index, f"{len(shares) - len(top)} others"], [*top, shares.iloc[len(top) :].sum()])
    label(ax, "percent of the gain", "")
    return figure


def contributions(explanation: Explanation) -> Figure:
    """One prediction as a sum: from the average trip's, feature by feature, to this one's."""
    parts = explanation.largest_first()
    rest = sum(part for _, _, part in parts[SHOWN:])
    names = [f"{name} = {value:g}" for name, value, _ in parts[:SHOWN]] + [f"{len(parts) - SHOWN} others"]
    sizes = [part for _, _, part in parts[:SHOWN]] + [rest]
    unit = UNITS[explanation.target] if explanation.target != "high_tip" else "of probability"
    title = f"From {explanation.base:.1f} (average trip) to {explanation.value:.1f} {unit}"
    figure, axes = panels(title, 2, height=4.0, width=13)
    for ax, labels, values, heading in (
        (axes[0], list(explanation.by_origin()), list(explanation.by_origin().values()), "by part of the request"),
        (axes[1], names, sizes, "by feature"),
    ):
        bars(ax, labels, values, "{:+.2f}", color=[BLUE if value > 0 else ORANGE for value in values])
        ax.axvline(0, color="black", linewidth=0.8)
        ax.margins(x=0.2)
        label(ax, unit, "", heading)
    return figure


def calibration(intervals: dict[str, pd.DataFrame], chances: pd.DataFrame) -> Figure:
    """Do intervals hold 80 of 100 trips, short and long; do chances come true?"""
    figure, axes = panels("Calibration on the test month", len(intervals) + 1, width=13)
    for ax, (target, table) in zip(axes, intervals.items(), strict=False):
        ax.plot(table["predicted"], table["held"], marker="o", color=BLUE)
        ax.axhline(80, color=ORANGE, linestyle="--", label="promised")
        ax.set_ylim(50, 100)
        ax.legend(frameon=False)
        label(ax, f"predicted, {UNITS[target]}", "percent of trips inside the interval", target)
    ax, both = axes[-1], chances[["predicted", "came true"]].to_numpy()
    span = np.array([both.min(), both.max()])
    ax.plot(span, span, color=ORANGE, linestyle="--", label="as said")
    ax.plot(chances["predicted"], chances["came true"], marker="o", color=BLUE)
    ax.legend(frameon=False)
    label(ax, "predicted chance", "share that came true", "high_tip")
    return figure
