"""Figures of how good predictions are: pure functions of arrays, one question each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from include.exploration.canvas import BLUE, DENSITY, GREY, ORANGE, bars, label, panels

SHOWN = 0.995
"""Axes end at this quantile: a few extreme trips would press the others into a corner."""
CALIBRATION_BINS = 10
LEAST_ROWS = 30
"""A group with fewer trips has no error worth a bar."""


def plot_residuals(actual: np.ndarray, predicted: np.ndarray, unit: str) -> Figure:
    """Two (n,) arrays in `unit` -> what was said against what happened, and the distribution of the difference."""
    figure, (left, right) = panels("Predicted and actual", 2, height=4.2)
    end = float(np.quantile(np.concatenate([actual, predicted]), SHOWN)) or 1.0
    inside = (actual <= end) & (predicted <= end)
    left.hexbin(actual[inside], predicted[inside], gridsize=50, bins="log", cmap=DENSITY, mincnt=1)
    left.plot([0, end], [0, end], color=ORANGE, label="what a perfect model says")
    left.legend(frameon=False)
    label(left, f"actual, {unit}", f"predicted, {unit}")
    residual = predicted.astype(np.float64) - actual
    reach = float(np.quantile(np.abs(residual), SHOWN)) or 1.0
    right.hist(
        residual, bins=61, range=(-reach, reach), weights=np.full(len(residual), 100 / len(residual)), color=BLUE
    )
    right.axvline(0, color="black", linewidth=1)
    right.axvline(float(np.median(residual)), color=ORANGE, label=f"median {np.median(residual):+.2f} {unit}")
    right.legend(frameon=False)
    label(right, f"predicted minus actual, {unit}", "percent of trips")
    return figure


def plot_confusion_matrix(actual: np.ndarray, probability: np.ndarray, threshold: float = 0.5) -> Figure:
    """(n,) 0/1 and (n,) probabilities -> trips by what was said, cut at the threshold, and what happened."""
    figure, (ax,) = panels(f"Said yes from a probability of {threshold:g}", height=4.2, width=5.4)
    cell = 2 * (actual > 0.5).astype(int) + (probability >= threshold).astype(int)
    counts = np.bincount(cell, minlength=4).reshape(2, 2)
    shares = counts / max(counts.sum(), 1)
    ax.imshow(shares, cmap="Blues", vmin=0, vmax=max(shares.max(), 0.01))
    for row in range(2):
        for column in range(2):
            colour = "white" if shares[row, column] > 0.6 * shares.max() else "black"
            told = f"{counts[row, column]:,}\n{100 * shares[row, column]:.1f} %"
            ax.text(column, row, told, ha="center", va="center", color=colour)
    ax.set_xticks(range(2), ["no", "yes"])
    ax.set_yticks(range(2), ["no", "yes"])
    label(ax, "predicted", "actual")
    return figure


def plot_roc_curve(actual: np.ndarray, probabilities: Mapping[str, np.ndarray]) -> Figure:
    """(n,) 0/1 and (n,) probabilities per model -> its ROC curve and the area under it."""
    from sklearn.metrics import roc_auc_score, roc_curve

    figure, (ax,) = panels("Who is found at which price", height=4.6, width=5.6)
    for (name, probability), colour in zip(probabilities.items(), (BLUE, ORANGE, "black"), strict=False):
        wrong, right, _ = roc_curve(actual, probability)
        ax.plot(wrong, right, color=colour, label=f"{name}, AUC {roc_auc_score(actual, probability):.3f}")
    ax.plot([0, 1], [0, 1], color=GREY, linestyle="--", label="a coin")
    ax.legend(frameon=False, loc="lower right")
    label(ax, "share of the others called yes", "share of the yes found")
    return figure


def plot_calibration(actual: np.ndarray, probability: np.ndarray) -> Figure:
    """(n,) 0/1 and (n,) probabilities -> how often it happened where about so much was promised."""
    figure, (ax,) = panels("Promised and kept", height=4.6, width=5.6)
    promised, kept = calibration_points(actual, probability)
    ax.plot([0, 1], [0, 1], color=GREY, linestyle="--", label="what is promised")
    ax.plot(promised, kept, color=BLUE, marker="o", label="what happened")
    ax.legend(frameon=False)
    label(ax, "predicted probability, mean of the bin", "share that happened")
    return figure


def calibration_points(actual: np.ndarray, probability: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(n,) 0/1 and (n,) probabilities -> (b,) mean probability and (b,) observed share of at most ten equal bins."""
    order = np.argsort(probability, kind="stable")
    parts = [part for part in np.array_split(order, CALIBRATION_BINS) if len(part)]
    promised = np.array([probability[part].mean() for part in parts])
    return promised, np.array([actual[part].mean() for part in parts])


def plot_error_by(loss: np.ndarray, groups: np.ndarray, names: Sequence[str], title: str, unit: str) -> Figure:
    """(n,) loss and (n,) index into `names` -> the mean loss of each group with LEAST_ROWS trips, and of all."""
    counts = np.bincount(groups, minlength=len(names))
    sums = np.bincount(groups, loss, len(names))
    shown = np.flatnonzero(counts >= LEAST_ROWS)
    figure, (ax,) = panels(title, height=1.4 + 0.28 * max(len(shown), 3))
    told = [f"{names[group]} ({counts[group]:,})" for group in shown.tolist()]
    bars(ax, told, (sums[shown] / counts[shown]).tolist(), "{:.2f}")
    ax.axvline(float(loss.mean()), color=ORANGE, linestyle="--", label=f"all trips {loss.mean():.2f}")
    ax.legend(frameon=False, loc="lower right", bbox_to_anchor=(1, 1))  # above: a long last bar would be behind it
    label(ax, f"mean loss{f', {unit}' if unit else ''}", "")
    return figure


def plot_model_comparison(leaderboard: Sequence[Mapping[str, Any]], unit: str = "", baseline: str = "") -> Figure:
    """Rows of `family` and `loss`, smaller is better -> bars, best on top, the baseline in grey and as a line."""
    ranked = sorted(leaderboard, key=lambda row: row["loss"])
    figure, (ax,) = panels("Families on the tune days", height=1.4 + 0.34 * max(len(ranked), 3))
    names = [str(row["family"]) for row in ranked]
    colours = [GREY if name == baseline else BLUE for name in names]
    bars(ax, names, [float(row["loss"]) for row in ranked], "{:.3f}", color=colours)
    for row in ranked:
        if row["family"] == baseline:
            ax.axvline(float(row["loss"]), color=GREY, linestyle="--")
    label(ax, f"loss{f', {unit}' if unit else ''} (smaller is better)", "")
    return figure


def plot_importance(rows: Sequence[Mapping[str, Any]], unit: str = "", shown: int = 15) -> Figure:
    """Rows of `feature` and `importance` (loss added when the feature is shuffled) -> the heaviest ones as bars."""
    ranked = sorted(rows, key=lambda row: -row["importance"])[:shown]
    figure, (ax,) = panels("What the model relies on", height=1.4 + 0.28 * max(len(ranked), 3))
    bars(ax, [str(r["feature"]) for r in ranked], [float(r["importance"]) for r in ranked], "{:.3f}")
    label(ax, f"loss added when the feature is shuffled{f', {unit}' if unit else ''}", "")
    return figure
