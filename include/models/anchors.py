"""Published results on these trips, replayed: what others printed, beside what their protocol and ours give here.

`make anchors` reads each anchor's months from TAXI_SOURCE, prints one table and writes it to
`<home>/reports/anchors.md`. A month that is not there leaves its anchor empty with the reason. Made-up trips are
refused: a figure on them says nothing beside a published one.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from include.config import Settings, get_settings
from include.errors import BadDataError, SettingsError, TaxiError
from include.ingestion.frames import dataframe_to_table, is_synthetic, load_parquet_to_dataframe
from include.ingestion.sources import find_month
from include.models.anchor_protocols import (
    Months,
    one_hot_zones,
    pair_and_metered_distance,
    quote_time,
)
from include.trips.month import Month, parse_months
from include.utils.files import atomic_path
from include.utils.logs import configure

SAMPLE_REFUSED = "TAXI_SOURCE=sample is made up: name a folder or URL of published months"


@dataclass(frozen=True)
class Anchor:
    """One published protocol. `published` holds what the source printed, by the label of the replay's line.

    `minutes` bounds the trips, in training and in test, both included: it is part of the protocol, and a filter on the
    label. `replay` gives our figures by label, of the same metric.
    """

    name: str
    source: str
    service: str
    train: str
    tune: str
    test: str
    minutes: tuple[float, float]
    metric: str
    published: Mapping[str, float]
    replay: Callable[[Months, int], dict[str, float]]
    remark: str = ""


@dataclass(frozen=True)
class Line:
    """One line of the table; a figure that there is none of is None, and `reason` says why."""

    anchor: Anchor
    label: str
    theirs: float | None
    ours: float | None
    reason: str = ""


ANCHORS: tuple[Anchor, ...] = (
    Anchor(
        "green 2021-02", "MLOps Zoomcamp of DataTalks.Club, experiment tracking (2022), notebook duration-prediction",
        "green", "2021-01", "", "2021-02", (1, 60), "rmse",
        {"linear on zone pair and metered distance": 7.48, "XGBoost on zone pair and metered distance": 6.304},
        pair_and_metered_distance,
        "Theirs know the metered distance, which is known only after the trip, and XGBoost stops on the month that it "
        "reports. Another print of the notebook says 7.759 for the linear model.",
    ),
    Anchor(
        "yellow 2022-02", "MLOps Zoomcamp of DataTalks.Club, introduction (2023), solution of the homework",
        "yellow", "2022-01", "", "2022-02", (1, 60), "rmse", {"linear on both zones": 7.786}, one_hot_zones,
        "Theirs knows the zones and nothing else, so it could quote.",
    ),
    Anchor(
        "yellow 2019-09", "best found for this project on 10,000 trips of each month, and the floor",
        "yellow", "2018-09:2019-07", "2019-08", "2019-09", (1, 120), "mae",
        {"zone_pair_median duration_min": 4.96, "lightgbm duration_min": 3.81,
         "zone_pair_median fare_usd": 2.97, "lightgbm fare_usd": 2.19},
        quote_time,
        "Only what is known when the passenger gets in. Other months than those samples give other figures.",
    ),
)  # fmt: skip


def replay_anchor(anchor: Anchor, settings: Settings) -> list[Line]:
    """Our figures for an anchor beside the published ones, the published first.

    Ours are empty, with the reason, when a month is absent, made up or cannot be had.
    """
    try:
        ours, reason = anchor.replay(_months(anchor, settings), settings.fit_threads), ""
    except SettingsError:
        raise
    except TaxiError as fault:
        ours, reason = {}, str(fault)
    labels = dict.fromkeys((*anchor.published, *ours))
    return [Line(anchor, label, anchor.published.get(label), ours.get(label), reason) for label in labels]


def _months(anchor: Anchor, settings: Settings) -> Months:
    """The protocol's months as canonical tables. All are looked for before the first one is fetched."""
    if settings.source == "sample":
        raise BadDataError(SAMPLE_REFUSED)
    roles = [parse_months(said) if said else () for said in (anchor.train, anchor.tune, anchor.test)]
    for month in (m for months in roles for m in months):
        find_month(anchor.service, month, settings)
    train, tune, test = ([(m, read_month(anchor.service, m, settings)) for m in months] for months in roles)
    return Months(anchor.service, anchor.minutes, train, tune, test)


def read_month(service: str, month: Month, settings: Settings) -> pa.Table:
    """A published month as the contract has it, uncleaned. BadDataError for one that calls itself synthetic."""
    with tempfile.TemporaryDirectory() as scratch:
        path = find_month(service, month, settings).fetch(Path(scratch))
        if is_synthetic(path):
            raise BadDataError(f"{path.name} calls itself synthetic: no figure on it can stand beside a published one.")
        return dataframe_to_table(load_parquet_to_dataframe(path, service), service)


def report(lines: list[Line]) -> str:
    """The lines as Markdown: one table, then each anchor's source, remark, and why figures are missing."""
    rows = [
        f"| {' | '.join((of.anchor.name, of.label, of.anchor.metric, _shown(of.theirs), _shown(of.ours)))} |"
        for of in lines
    ]
    table = ["| test month | model | metric | theirs | ours |", "|---|---|---|---|---|", *rows]
    return "\n".join(["# Published figures and ours", "", *table, "", *_footnotes(lines)]) + "\n"


def _shown(figure: float | None) -> str:
    return "" if figure is None else f"{figure:.3f}"


def _footnotes(lines: list[Line]) -> Iterator[str]:
    for line in {line.anchor.name: line for line in lines}.values():
        anchor, (low, high) = line.anchor, line.anchor.minutes
        tuned = f", {anchor.tune} tunes and calibrates" if anchor.tune else ""
        yield (f"- **{anchor.name}** ({anchor.source}): {anchor.service}, trained on {anchor.train}{tuned}, trips of "
               f"{low:g} to {high:g} minutes. {anchor.remark}")  # fmt: skip
        if line.reason:
            yield f"  Ours is empty: {line.reason}"


def main() -> None:
    """`make anchors`."""
    configure()
    try:
        settings = get_settings()
        text = report([line for anchor in ANCHORS for line in replay_anchor(anchor, settings)])
    except TaxiError as error:
        sys.exit(f"error: {error}")
    with atomic_path(settings.home / "reports" / "anchors.md") as temporary:
        temporary.write_text(text)
    print(text)


if __name__ == "__main__":
    main()
