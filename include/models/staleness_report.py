"""The staleness matrix as files: a table, a heat map, and a run in MLflow that holds both."""

from __future__ import annotations

import csv
from dataclasses import astuple, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from include.config import Settings
from include.models.staleness_cost import Cell, age_costs
from include.models.tracking import client, experiment_id
from include.utils.files import atomic_path

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def publish_report(
    settings: Settings, service: str, target: str, family: str, cells: list[Cell], sentence: str, chance: bool
) -> list[str]:
    """CSV and heat map under `<home>/reports/staleness/`, and a run in MLflow that holds them; gives the two paths."""
    stem = settings.home / "reports" / "staleness" / f"{service}_{target}_{family}"
    table, picture = stem.with_suffix(".csv"), stem.with_suffix(".png")
    _write_csv(table, cells)
    with atomic_path(picture) as temporary:
        name = "log loss" if chance else f"mean absolute error of {target}"
        heat_map(cells, f"{service} {target}, {family}", name).savefig(temporary, format="png")
    _log(settings, service, target, family, cells, sentence, [table, picture])
    return [str(table), str(picture)]


def _write_csv(path: Path, cells: list[Cell]) -> None:
    ordered = sorted(cells, key=lambda cell: (cell.trained_to, cell.month))
    with atomic_path(path) as temporary, temporary.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow([field.name for field in fields(Cell)])
        writer.writerows(astuple(cell) for cell in ordered)


def _log(
    settings: Settings, service: str, target: str, family: str, cells: list[Cell], sentence: str, files: list[Path]
) -> None:
    mlflow_client = client(settings)
    experiment = experiment_id(settings, mlflow_client, f"nyc_taxi_{service}_staleness")
    tags = {"target": target, "family": family, "answer": sentence}
    run = mlflow_client.create_run(experiment, run_name=f"{target} {family}", tags=tags)
    for cost in age_costs(cells):
        mlflow_client.log_metric(run.info.run_id, "excess_loss", cost.excess, step=cost.age)
    for file in files:
        mlflow_client.log_artifact(run.info.run_id, str(file))
    mlflow_client.set_terminated(run.info.run_id)


def matrix(cells: list[Cell]) -> tuple[list[str], list[str], np.ndarray]:
    """-> training months (rows), scored months (columns), losses of that shape with NaN where there is no cell."""
    rows, columns = sorted({c.trained_to for c in cells}), sorted({c.month for c in cells})
    losses = np.full((len(rows), len(columns)), np.nan)
    for cell in cells:
        losses[rows.index(cell.trained_to), columns.index(cell.month)] = cell.loss
    return rows, columns, losses


def heat_map(cells: list[Cell], title: str, loss_name: str) -> Figure:
    """Two panels: the loss, and by how many percent it is above that of the freshest model on the same month."""
    from include.exploration.canvas import DENSITY, panels

    rows, columns, losses = matrix(cells)
    side = 1.6 + 0.46 * max(len(columns), 6)
    figure, axes = panels(f"Staleness: {title}", 2, height=1.2 + 0.36 * max(len(rows), 6), width=2 * side)
    freshest = np.array([column[np.flatnonzero(np.isfinite(column))[-1]] for column in losses.T])
    _panel(figure, axes[0], losses, rows, columns, (loss_name, "{:.2f}", DENSITY))
    _panel(figure, axes[1], 100 * (losses / freshest - 1), rows, columns,
           ("% above the freshest model on that month", "{:+.1f}", "RdBu_r"))  # fmt: skip
    return figure


def _panel(
    figure: Figure, ax: Any, values: np.ndarray, rows: list[str], columns: list[str], look: tuple[str, str, str]
) -> None:
    name, form, colours = look
    finite = values[np.isfinite(values)]
    limits: dict[str, Any] = {}
    if "+" in form:  # a difference: white is none
        reach = max(float(np.quantile(np.abs(finite), 0.95)), 1.0)
        limits = {"vmin": -reach, "vmax": reach}
    image = ax.imshow(values, cmap=colours, aspect="auto", **limits)
    figure.colorbar(image, ax=ax, label=name)
    ax.set_xticks(range(len(columns)), columns, rotation=90)
    ax.set_yticks(range(len(rows)), rows)
    ax.set_xlabel("scored on")
    ax.set_ylabel("trained to")
    for row, column in np.argwhere(np.isfinite(values)):
        red, green, blue, _ = image.cmap(image.norm(values[row, column]))
        dark = 0.3 * red + 0.59 * green + 0.11 * blue < 0.5
        text = form.format(values[row, column])
        ax.text(column, row, text, ha="center", va="center", fontsize=7, color="white" if dark else "black")
