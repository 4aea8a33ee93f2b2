"""Who answers for a month that breaks a named expectation, why, and until when: read from a versioned file.

A waived critical expectation stays broken and is shown as waived, but lets the month pass.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from include.errors import SettingsError
from include.processing.expectations import expectation_names
from include.trips.columns import ALL_SERVICES
from include.trips.month import Month

WAIVERS_FILE = Path(__file__).parent / "waivers.yaml"
Text = Field(min_length=3, max_length=500)


class Waiver(BaseModel):
    """One entry. It holds through the day `until`; `suite` is the stage whose expectation is meant."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    service: str
    month: Month
    suite: Literal["raw", "clean", "features"] = "raw"
    expectation: str
    who: str = Text
    why: str = Text
    until: date

    def words(self) -> str:
        """`waived by A. Person until 2026-12-31: why`."""
        return f"waived by {self.who} until {self.until}: {self.why}"


@dataclass(frozen=True)
class Waivers:
    """What the file says of one month at one stage: by expectation, in force and no longer."""

    in_force: dict[str, Waiver]
    expired: dict[str, Waiver]

    def key(self) -> list[Any]:
        """What of it decides the verdict; part of the month's quality key."""
        return [waiver.model_dump(mode="json") for _, waiver in sorted(self.in_force.items())]


def load_waivers(path: Path = WAIVERS_FILE) -> tuple[Waiver, ...]:
    """Every waiver of the file. SettingsError names entry, key and value of what is wrong, and unknown expectations."""
    try:
        read = yaml.safe_load(path.read_text(encoding="utf-8")) or []
    except (OSError, yaml.YAMLError) as fault:
        raise SettingsError(f"The waivers {path} cannot be read: {fault}. Correct TAXI_WAIVERS or the file.") from None
    try:
        found = TypeAdapter(tuple[Waiver, ...]).validate_python(read)
    except ValidationError as error:
        raise SettingsError("; ".join(f"{path.name}: {_told(detail)}" for detail in error.errors()) + ".") from None
    for number, waiver in enumerate(found, start=1):
        _refuse_unknown(path, number, waiver)
    _refuse_twice(path, found)
    return found


def waivers_of(waivers: Iterable[Waiver], service: str, month: str, suite: str, today: date) -> Waivers:
    """The waivers of a month at a stage, split by whether they still hold today."""
    mine = [w for w in waivers if (w.service, str(w.month), w.suite) == (service, month, suite)]
    return Waivers({w.expectation: w for w in mine if today <= w.until},
                   {w.expectation: w for w in mine if today > w.until})  # fmt: skip


def _refuse_unknown(path: Path, number: int, waiver: Waiver) -> None:
    if waiver.service not in ALL_SERVICES:
        raise SettingsError(f"{path.name}: entry {number}: service = {waiver.service!r}: known services are "
                            f"{', '.join(ALL_SERVICES)}.")  # fmt: skip
    known = expectation_names(waiver.service)[waiver.suite]
    if waiver.expectation not in known:
        near = difflib.get_close_matches(waiver.expectation, sorted(known), n=1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(sorted(known))}."
        raise SettingsError(f"{path.name}: entry {number}: expectation = {waiver.expectation!r}: the {waiver.suite} "
                            f"suite of {waiver.service} has none of that name; {hint}")  # fmt: skip


def _refuse_twice(path: Path, waivers: tuple[Waiver, ...]) -> None:
    named = [(w.service, str(w.month), w.suite, w.expectation) for w in waivers]
    twice = next((entry for entry in named if named.count(entry) > 1), None)
    if twice:
        raise SettingsError(f"{path.name}: {' '.join(twice)} is waived twice; keep one entry.")


def _told(detail: Any) -> str:
    if not detail["loc"]:
        return f"{detail['msg']}; it is a list of entries"
    number, *key = detail["loc"]
    place = f"entry {number + 1}" if isinstance(number, int) else str(number)
    name = f": {'.'.join(map(str, key))}" if key else ""
    value = "" if isinstance(detail["input"], dict) else f" = {detail['input']!r}"
    if detail["type"] == "extra_forbidden":
        return f"{place}{name}{value}: not a key of a waiver; there are {', '.join(Waiver.model_fields)}"
    return f"{place}{name}{value}: {detail['msg'].removeprefix('Value error, ')}"
