"""The limits of `thresholds.yaml`: read once, checked value by value, merged era by era.

Each service has a list of eras. An era says what changes `since` a month; the limits of a month are those of every era
up to it, later ones over earlier ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Annotated, Any, NoReturn

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    RootModel,
    ValidationError,
    model_validator,
)

from include.errors import SettingsError
from include.trips.columns import ALL_SERVICES
from include.trips.month import Month

THRESHOLDS_FILE = Path(__file__).parent / "thresholds.yaml"
GROUPS = ("default", "filled", "known_values")
"""Names under `mostly` that stand for every rule of a kind without a limit of its own."""


def _in_order(band: tuple[float, float]) -> tuple[float, float]:
    if band[0] > band[1]:
        raise ValueError("the lower bound comes first, and is not above the upper one")
    return band


def _least(value: Any) -> Any:
    """A single share is the least one: `0.6` is `[0.6, 1]`."""
    return (value, 1.0) if isinstance(value, int | float) else value


Finite = Annotated[float, Field(allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1)]
Band = Annotated[tuple[Finite, Finite], AfterValidator(_in_order)]
ShareBand = Annotated[tuple[Share, Share], AfterValidator(_in_order), BeforeValidator(_least)]
RowBand = Annotated[tuple[Annotated[int, Field(ge=1)], int], AfterValidator(_in_order)]


class Era(BaseModel):
    """What changes `since` a month; everything that is left out stays as it was."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    since: Month
    rows: RowBand | None = None
    mostly: dict[str, Share] = {}
    filled: dict[str, ShareBand] = {}
    shares: dict[str, ShareBand] = {}
    medians: dict[str, Band] = {}


class Eras(RootModel[tuple[Era, ...]]):
    """The eras of a service, oldest first; the first one has a limit for everything that needs one."""

    model_config = ConfigDict(frozen=True)

    @model_validator(mode="after")
    def _whole(self) -> Eras:
        if not self.root:
            raise ValueError("at least one era is needed")
        starts = [era.since for era in self.root]
        if starts != sorted(set(starts)):
            raise ValueError(f"eras are in order of `since`, each month once; here: {', '.join(map(str, starts))}")
        absent = [name for name in GROUPS if name not in self.root[0].mostly]
        if absent or self.root[0].rows is None:
            raise ValueError(f"the first era needs rows and, under mostly, {', '.join(GROUPS)}")
        return self


class Thresholds(RootModel[dict[str, Eras]]):
    """The whole file: service -> eras."""

    model_config = ConfigDict(frozen=True)


@dataclass(frozen=True)
class Limits:
    """The limits of one service in one month."""

    rows: tuple[int, int]
    mostly: Mapping[str, float]
    filled: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    shares: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    medians: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    def share(self, *names: str) -> float:
        """The first of these limits that there is, else the default."""
        return next((self.mostly[name] for name in names if name in self.mostly), self.mostly["default"])


@cache
def load_thresholds(path: Path = THRESHOLDS_FILE) -> Mapping[str, tuple[Era, ...]]:
    """Service -> eras. SettingsError names file, key, value and expectation of everything that is wrong."""
    try:
        read = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as fault:
        raise SettingsError(f"The limits {path} cannot be read: {fault}") from None
    try:
        parsed = Thresholds.model_validate(read).root
    except ValidationError as error:
        _refuse(path, read, error)
    strangers = [name for name in parsed if name not in ALL_SERVICES]
    if strangers:
        raise SettingsError(f"{path.name}: {strangers[0]} is no service; known are {', '.join(ALL_SERVICES)}.")
    return {service: eras.root for service, eras in parsed.items()}


def merged(eras: tuple[Era, ...], month_start: datetime) -> Limits:
    """The limits of a month that starts then; months before the first era have the first era's."""
    first, *later = eras
    held = [first, *(era for era in later if era.since.start <= month_start)]
    rows = next(era.rows for era in reversed(held) if era.rows is not None)
    named: dict[str, dict[str, Any]] = {"mostly": {}, "filled": {}, "shares": {}, "medians": {}}
    for era in held:
        for group, values in named.items():
            values |= getattr(era, group)
    return Limits(rows, **named)


def _refuse(path: Path, read: Any, error: ValidationError) -> NoReturn:
    raise SettingsError("; ".join(f"{path.name}: {_told(read, detail)}" for detail in error.errors()) + ".") from None


def _told(read: Any, detail: Any) -> str:
    """`yellow since 2018-01: mostly.default = 1.2: Input should be less than or equal to 1`."""
    names = list(detail["loc"])
    place = str(names.pop(0)) if names else "the file"
    if names and isinstance(names[0], int):
        era = read[place][names.pop(0)]
        place += f" since {era.get('since', '?') if isinstance(era, dict) else '?'}"
    key = ".".join(map(str, names))
    value = "" if isinstance(detail["input"], dict | list) and not key else f" = {detail['input']!r}"
    if detail["type"] == "extra_forbidden":
        return f"{place}: {key}{value}: not a kind of limit; there are {', '.join(Era.model_fields)}"
    expected = detail["msg"].removeprefix("Value error, ")
    return f"{place}: {key}{value}: {expected}" if key else f"{place}: {expected}"
