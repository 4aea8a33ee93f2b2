"""The champions that answer."""

from __future__ import annotations

from pydantic import BaseModel, Field


class ModelInfo(BaseModel):
    """A champion that answers."""

    name: str
    version: int
    service: str
    target: str
    family: str
    features: list[str]
    feature_code: str = Field(description="fingerprint of the code that made the features")
    trained_to: str
    test_month: str = Field(description="the month on which it was compared and promoted")
    promoted_at: str
    months: dict[str, list[str]]
    metrics: dict[str, float] = Field(description="of the tune days")
