"""Features, tables and zones are called by their own names, and by what people call them."""

from __future__ import annotations

from collections.abc import Mapping

CHECKS = {
    "in_range": "(range check|in range|range rule)",
    "type": "(type check|type)",
    "filled": "(filled check|filled)",
    "null_band": "null band",
    "known_values": "known value",
    "median": "median (check|band|rule)",
}
"""Checks that columns have of their own, as the end of an expectation's name and in words."""


def feature_names(synonyms: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Every feature and label by name, with its words apart where there are several, beside the given synonyms."""
    from include.features.dictionary import AFTER_TRIP, FEATURES

    found = {name: [name, *said] if name != "hour" else list(said) for name, said in synonyms.items()}
    for feature in (*FEATURES, *AFTER_TRIP):
        if "_" in feature.name:
            found.setdefault(feature.name, [feature.name, feature.name.replace("_", " ")])
    return found


def matrix_columns() -> list[str]:
    """Features and labels; what is only known after the trip and is no label is in no matrix."""
    from include.features.dictionary import AFTER_TRIP, FEATURES

    return [feature.name for feature in (*FEATURES, *AFTER_TRIP) if feature.role in ("feature", "label")]


def expectation_names(columns: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """What is checked of each column, by the column's words: fare in range, type of the fare, fare filled."""
    found: dict[str, list[str]] = {}
    for name, said in feature_names(columns).items():
        for kind, told in CHECKS.items():
            ways = [way for each in dict.fromkeys((name, *said)) for way in (f"{each} {told}", f"{told} of {each}")]
            found[f"{name}_{kind}"] = list(dict.fromkeys(ways))
    return found


def table_names() -> dict[str, list[str]]:
    from include.warehouse.meanings import names_of_tables

    return {name: [name] for name in names_of_tables()}


def zone_names(aliases: Mapping[int, list[str]]) -> dict[str, list[str]]:
    """Every zone by its name, by the parts of a name with a slash, and by what people call it."""
    from include.trips.zones import zone_rows

    found: dict[str, list[str]] = {str(zone): list(said) for zone, said in aliases.items()}
    taken = {text for said in found.values() for text in said}
    for row in zone_rows():
        name = row["zone"]
        parts = [part for part in name.split("/") if " " in part.strip() or len(part) > 6] if "/" in name else []
        for text in (name, *parts):
            if text.lower() not in taken and row["borough"] != "Unknown":
                taken.add(text.lower())
                found.setdefault(row["LocationID"], []).append(text)
    return found
