"""Whether the service answers, and what it uses."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field


class Dependency(BaseModel):
    """One thing that the service uses, and whether it is there."""

    status: Literal["ok", "degraded", "away", "off"]
    detail: str = ""


class HealthResponse(BaseModel):
    """Whether the service answers, and with what. `live` and `ready` never depend on a database or the network."""

    status: Literal["ok", "degraded", "no_champion"]
    live: bool = True
    ready: bool = Field(description="at least one service can be quoted")
    models: dict[str, str] = Field(description="registered model -> `<name>/<version>` that answers for it")
    problems: list[str]
    dependencies: dict[str, Dependency] = Field(default_factory=dict)
