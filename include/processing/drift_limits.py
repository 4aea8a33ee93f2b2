"""Limits of drift, read from `drift.yaml` and refused when they make no sense."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, Any, Self, get_args

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from include.errors import SettingsError
from include.processing.drift_columns import Kind

LIMITS_FILE = Path(__file__).with_name("drift.yaml")


def _in_order(band: tuple[float, float]) -> tuple[float, float]:
    warning, alarm = band
    if not 0 < warning < alarm:
        raise ValueError(f"write [warning, alarm] with 0 < warning < alarm, not [{warning:g}, {alarm:g}]")
    return band


Band = Annotated[tuple[float, float], AfterValidator(_in_order)]
Share = Annotated[float, Field(gt=0, lt=1)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Reference(_Part):
    """Which earlier months a month is compared with."""

    window: int = Field(ge=1, le=60)
    reach: int = Field(ge=1, le=120)
    least: int = Field(ge=1)

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if not self.least <= self.window <= self.reach:
            raise ValueError(f"least {self.least} <= window {self.window} <= reach {self.reach} does not hold")
        return self


class Named(_Part):
    """When a segment's value is named: shares of rows."""

    least_rows: int = Field(ge=1)
    least_seen: int = Field(ge=1)
    constant: Share
    constant_before: Share
    appears: Share
    absent: Share

    @model_validator(mode="after")
    def _apart(self) -> Self:
        for low, high in (("constant_before", "constant"), ("absent", "appears")):
            if not getattr(self, low) < getattr(self, high):
                raise ValueError(f"{low} {getattr(self, low):g} must be below {high} {getattr(self, high):g}")
        return self


class Bands(_Part):
    """[warning, alarm] of both distances."""

    psi: Band
    ks: Band


class DriftLimits(_Part):
    """Everything in `drift.yaml`. `limits` has every kind of column."""

    reference: Reference
    least_rows: int = Field(ge=30)
    chance: float = Field(gt=0, le=0.05)
    named: Named
    limits: dict[Kind, Bands]

    @model_validator(mode="after")
    def _complete(self) -> Self:
        absent = [kind for kind in get_args(Kind) if kind not in self.limits]
        if absent:
            raise ValueError(f"limits lack {', '.join(absent)}")
        return self


@cache
def drift_limits(path: Path = LIMITS_FILE) -> DriftLimits:
    """The file's limits, read once a process. SettingsError names the entry that is wrong and what it must be."""
    return parse_limits(yaml.safe_load(path.read_text(encoding="utf-8")), path.name)


def parse_limits(values: Any, origin: str) -> DriftLimits:
    """Plain values -> limits; SettingsError for what is missing, misspelt or out of order."""
    try:
        return DriftLimits.model_validate(values)
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, fault['loc'])) or 'the file'}: "
                           f"{fault['msg'].removeprefix('Value error, ')}" for fault in error.errors())  # fmt: skip
        raise SettingsError(f"{origin} is refused: {faults}.") from None
