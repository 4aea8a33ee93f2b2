"""Facts as a card writes them: numbers with units, names that people use, Markdown that shows what it was given."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from include.features.trip_features import PROBABILITIES
from include.trips.zones import UNKNOWN_ZONES, load_zones

UNITS = {"duration_min": "min", "fare_usd": "USD"}
HOURS = {"night": "0 to 5", "morning": "6 to 9", "midday": "10 to 15", "evening": "16 to 19", "late": "20 to 23"}
SPECIAL = re.compile(r"([\\`*\[\]<>|#~])")
USER = re.compile(r"//[^/@\s]+@")
QUERY = re.compile(r"(\w+://[^\s?]+\?)\S+")
"""What follows the path of an address: a signed one carries its key there."""


def absent(reason: str) -> str:
    """What stands where a fact is not there."""
    return f"not measured: {reason}"


def loss_text(target: str, value: float | None) -> str:
    """`3.76 min`, `2.12 USD`, `0.6864`."""
    if value is None:
        return absent("no such score is recorded")
    return f"{value:.4f}" if target in PROBABILITIES else f"{value:.2f} {UNITS[target]}"


def share(value: float | None, digits: int = 1) -> str:
    """0.7935 -> `79.4 %`."""
    return absent("no such score is recorded") if value is None else f"{100 * value:.{digits}f} %"


def count(value: float | None) -> str:
    """20000 -> `20,000`."""
    return absent("nobody counted") if value is None else f"{int(value):,}"


def months_text(months: Sequence[str]) -> str:
    """`2019-01 to 2019-03` for a run of them, the list for others."""
    from include.trips.month import Month

    if not months:
        return "no month"
    ordinals = [Month.parse(month).ordinal for month in months]
    unbroken = ordinals == list(range(ordinals[0], ordinals[0] + len(ordinals)))
    return f"{months[0]} to {months[-1]}" if unbroken and len(months) > 1 else ", ".join(months)


def minute(at: str | None) -> str:
    """An ISO time in UTC to the minute."""
    return f"{str(at)[:16].replace('T', ' ')} UTC" if at else absent("no time is recorded")


def part_name(name: str) -> str:
    """A part of a month as people call it: `boroughs Queens > Bronx` is `trips from Queens to Bronx`."""
    kind, _, rest = name.partition(" ")
    if kind == "boroughs":
        return "trips from " + place_name(rest).replace(" > ", " to ")
    if kind == "hours":
        return f"{rest} trips ({HOURS.get(rest, '')} h)"
    if kind == "route":
        start, end = (_zone(int(zone)) for zone in rest.split("-"))
        return f"trips from {start} to {end}"
    return {"airport": "airport trips", "app_dispatched": "trips sent by an app"}.get(name, name)


def place_name(borough: str) -> str:
    """A borough, or two, in a sentence."""
    return borough.replace("Unknown", "an unknown place")


def _zone(zone: int) -> str:
    return "an unknown zone" if zone in UNKNOWN_ZONES else load_zones().name[zone]


def plain(text: Any) -> str:
    """Text from outside as Markdown that shows it: nothing in it becomes markup, a line break, or a secret."""
    hidden = QUERY.sub(r"\1...", USER.sub("//", " ".join(str(text).split())))
    return SPECIAL.sub(r"\\\1", hidden)


def table(head: Sequence[str], rows: Iterable[Sequence[str]], none: str, numbers: Collection[int] = ()) -> str:
    """A Markdown table, or the sentence that says why there is none; `numbers` are columns that go to the right."""
    listed = [list(row) for row in rows]
    if not listed:
        return none
    rule = ["---:" if place in numbers else "---" for place in range(len(head))]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in [list(head), rule, *listed])
