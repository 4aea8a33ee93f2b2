"""Figures of a month's features."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from include.exploration.canvas import BLUE, DENSITY, ORANGE, bars, label, panels
from include.exploration.feature_tables import varying
from include.features.dictionary import FEATURES

ROW = 4
BINS = 40


def distributions(features: pd.DataFrame, kind: str) -> Figure:
    """One small panel per varying feature of a kind, `number` or `category`."""
    chosen = [f for f in FEATURES if f.type == kind and f.name in varying(features)]
    figure = Figure(figsize=(10, 2.0 * -(-len(chosen) // ROW)), layout="constrained", dpi=90)
    figure.suptitle(f"Features of type {kind}", fontsize=13, fontweight="bold")
    axes = np.atleast_1d(figure.subplots(-(-len(chosen) // ROW), ROW)).ravel()
    for ax, feature in zip(axes, chosen, strict=False):
        values = features[feature.name]
        bins = int(min(BINS, values.nunique()))
        ax.hist(values, bins=bins, weights=np.full(len(values), 100 / len(values)), color=BLUE)
        ax.spines[["top", "right"]].set_visible(False)
        ax.tick_params(labelsize=7)
        label(ax, feature.unit, "", feature.name)
    for ax in axes[len(chosen) :]:
        ax.set_axis_off()
    figure.supylabel("percent of trips", fontsize=9)
    return figure


def flags(features: pd.DataFrame) -> Figure:
    """Percent of trips that each flag is set on."""
    shares = {f.name: 100 * float(features[f.name].mean()) for f in FEATURES if f.type == "flag"}
    figure, (ax,) = panels("Flags", height=3.6)
    bars(ax, list(shares), list(shares.values()), "{:.1f} %")
    label(ax, "percent of trips", "")
    return figure


def correlation_map(correlations: pd.DataFrame) -> Figure:
    """Rank correlations of everything with everything; blocks are features that tell the same."""
    figure, (ax,) = panels("Rank correlation (Spearman), strength without sign", height=9.0)
    mesh = ax.imshow(correlations.abs(), vmin=0, vmax=1, cmap=DENSITY)
    ax.set_xticks(range(len(correlations)), correlations.columns, rotation=90, fontsize=7)
    ax.set_yticks(range(len(correlations)), correlations.index, fontsize=7)
    figure.colorbar(mesh, ax=ax, shrink=0.7)
    return figure


def against(correlations: pd.DataFrame, target: str, labels: list[str], count: int = 15) -> Figure:
    """The features that go most with a label, by themselves."""
    alone = correlations[target].drop(labels)
    strongest = alone.sort_values(key=np.abs, ascending=False).head(count)
    figure, (ax,) = panels(f"Rank correlation with {target}", height=4.2)
    colours = [BLUE if value >= 0 else ORANGE for value in strongest]
    bars(ax, list(strongest.index), strongest.tolist(), "{:.2f}", color=colours)
    label(ax, "Spearman's correlation", "")
    return figure


def importances(found: dict[str, pd.DataFrame], count: int = 12) -> Figure:
    """What shuffling a feature, or all features of a source, adds to the error; one panel per target."""
    figure, axes = panels("What shuffling adds to the error of later days", len(found), height=4.6, width=12.0)
    for ax, (target, table) in zip(axes, found.items(), strict=True):
        top = table["added"].drop("nothing shuffled").nlargest(count)
        bars(ax, list(top.index), top.tolist(), "{:.2f}")
        label(ax, f"added to {table['mae']['nothing shuffled']:.2f}", "", target)
    return figure
