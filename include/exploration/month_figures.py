"""Figures of a month before and after cleaning, of broken expectations, and of months side by side."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
from matplotlib.figure import Figure

from include.exploration.canvas import BLUE, GREY, ORANGE, bars, label, panels
from include.processing.report.charts import tick_spacing
from include.processing.report.measures import distributions

PALEST = 0.6
"""The part of a colour scale that black figures can be read on."""
TICKS = 3
"""Months named below a small panel."""


def broken_rows(table: pd.DataFrame, most: int = 15) -> Figure:
    """The expectations that most rows break, as `findings` lists them; those that do not hold in orange."""
    shown = table[table["percent"] > 0].nlargest(most, "percent")
    figure, (ax,) = panels("Rows that break an expectation", height=1.4 + 0.3 * max(len(shown), 2))
    names = [name.replace("_", " ") for name in shown.index]
    colours = np.where(shown["holds"], BLUE, ORANGE).tolist()
    bars(ax, names, shown["percent"].tolist(), "{:.2f} %", color=colours)
    label(ax, "percent of the rows with a value (blue: few enough, orange: too many)", "")
    return figure


def before_and_after(raw: pa.Table, kept: pa.Table) -> Figure:
    """Each measure's histogram, rows that are set aside stacked on those that are kept; ends hold what lies outside."""
    found = distributions(raw, kept)
    figure, axes = panels("Before and after cleaning", len(found), 3.0, 2.8 * len(found))
    for ax, measure in zip(axes, found, strict=True):
        places, before, after = np.arange(len(measure.before)), np.array(measure.before), np.array(measure.after)
        ax.bar(places, after, width=1, color=BLUE, label="kept")
        ax.bar(places, before - after, bottom=after, width=1, color=ORANGE, label="set aside")
        every = tick_spacing(len(measure.edges) - 1)
        ax.set_xticks([0.5 + n for n in range(0, len(measure.edges), every)],
                      [f"{edge:g}" for edge in measure.edges[::every]])  # fmt: skip
        label(ax, measure.unit, "", measure.measure)
    axes[0].set_ylabel("rows")
    axes[-1].legend(frameon=False, fontsize=9)
    return figure


def share_grid(table: pd.DataFrame, title: str) -> Figure:
    """Percentages by row and month as coloured cells with their numbers.

    Rows differ a thousandfold, so each is coloured against its own greatest value.
    """
    figure, (ax,) = panels(title, height=1.4 + 0.32 * max(len(table), 2))
    if table.empty:
        ax.text(0.5, 0.5, "nothing to show: no month has any", ha="center", transform=ax.transAxes)
        ax.set_axis_off()
        return figure
    shares = table.to_numpy(np.float64)
    scaled = shares / np.maximum(shares.max(axis=1, keepdims=True, initial=0), 1e-9)
    ax.imshow(scaled, aspect="auto", cmap="Blues", vmin=0, vmax=1 / PALEST)
    for (row, column), share in np.ndenumerate(shares):
        ax.text(column, row, f"{share:.2f}", ha="center", va="center", fontsize=9)
    ax.set_xticks(range(len(table.columns)), table.columns, rotation=45 if len(table.columns) > 8 else 0)
    ax.set_yticks(range(len(table)), [str(name).replace("_", " ") for name in table.index])
    label(ax, "percent of the month's rows; the colour compares a row's months with each other", "")
    return figure


def typical(table: pd.DataFrame) -> Figure:
    """What `typical_over_months` holds, a panel per column."""
    figure, axes = panels("What is typical, month by month", len(table.columns), 2.6, 2.4 * len(table.columns))
    for ax, name in zip(axes, table.columns, strict=True):
        ax.plot(table.index, table[name], marker="o", color=BLUE)
        ax.grid(axis="y", color=GREY, alpha=0.3)
        ax.set_ylim(0, 1.15 * max(table[name].max(), 1e-9))
        ax.set_xticks(range(0, len(table), -(-len(table) // TICKS)))
        ax.set_title(name.replace("_", " "), fontsize=11)
    return figure
