"""What a card says of each target, whatever was measured: what it means, what it is for, where it fails."""

from __future__ import annotations

from typing import NamedTuple


class TargetText(NamedTuple):
    """The fixed words of a target."""

    meaning: str
    use: str
    misuse: str
    loss_name: str
    loss_meaning: str
    other_metrics: str
    interval: str


_QUANTITY = ("root mean squared error, which large errors move; the shares of trips within 2 and 5 {unit}; and how "
             "many trips the interval holds")  # fmt: skip
_INTERVAL = ("p10 and p90 are split conformal: 80 of 100 calibration trips of that size and time of day lie between "
             "them. Months that differ from the calibration days may hold more or fewer.")  # fmt: skip
_MEAN = "the mean distance of what was said from what happened, over all trips, {unit}"
_DRIVER = "ranking, paying or disciplining drivers; "

TEXTS = {
    "duration_min": TargetText(
        "how many minutes a trip will take", "telling somebody before the trip how long it may take.",
        _DRIVER + "arrival times that safety rests on (ambulances, flights); trips that are under way; places outside "
        "the TLC's zones.", "mean absolute error", _MEAN.format(unit="in minutes"), _QUANTITY.format(unit="minutes"),
        _INTERVAL,
    ),
    "fare_usd": TargetText(
        "what the meter will say in dollars, before surcharges, tolls and tip",
        "telling somebody before the trip what the meter may say.",
        _DRIVER + "charging a passenger, which the meter does; contracts with a fixed price; places outside the TLC's "
        "zones.", "mean absolute error", _MEAN.format(unit="in dollars"), _QUANTITY.format(unit="dollars"), _INTERVAL,
    ),
    "high_tip": TargetText(
        "the probability of a tip of at least 20 % of the total before it, if the trip is paid by card",
        "seeing how tips differ over places and hours, in sums.",
        _DRIVER + "refusing or preferring passengers or places by the tip that is expected; trips paid in cash, whose "
        "tips nobody records.", "log loss", "the mean of -log(probability given to what happened); lower is better",
        "the Brier score and the area under the ROC curve",
        "The answer is itself a probability: a line through log odds (Platt), learnt on the calibration days, holds it "
        "to what happened.",
    ),
}  # fmt: skip
CAVEATS = (
    "It knows the past: a new tariff, a closed bridge or a year like 2020 is learnt when months with it are there.",
    "Rare routes, trips from or to unknown zones and trips out of the city are quoted with large errors.",
    "Roads are not known: distance is that along the street grid between the middles of two zones.",
    "Months are published some two months late, so the model that answers is never younger than that.",
)
CAVEATS_SHORT = "new tariffs and closures, rare routes, unknown zones, trips out of the city."
TIP_CAVEAT = "Tips are recorded for card trips alone: nothing is said of cash."
SAMPLE = ("**These trips are made up**: they come from the sample that the project carries, and nobody drove them. "
          "What is measured here says that the pipeline works, and nothing of New York.")  # fmt: skip
REAL = "The trips are published records of real ones."
RISKS = (
    ("a quote that is wrong for a part of the city", "error by part in this card; the gate's veto on parts"),
    (
        "the city changes and the model does not",
        "drift, error by age, prospective scores, monthly training",
    ),
    (
        "something that is known only afterwards gets in",
        "features see what is known at pick-up alone; tests",
    ),
    ("a bad month is learnt", "critical expectations stop it; rows are set aside with a reason"),
    ("a worse model is promoted", "the gate on the same trips, with a lower bound; roll back by one command"),
    ("a bundle is damaged or swapped", "SHA-256 of each file; answers of a sample are repeated before a swap"),
)
