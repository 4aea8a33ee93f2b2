"""Model cards as a list shows them."""

from __future__ import annotations

from pydantic import BaseModel, Field


class ModelCardEntry(BaseModel):
    """A model card that can be read under `/model-cards/{name}/{version}`."""

    name: str
    version: int
    service: str
    target: str
    family: str
    test_month: str
    written_at: str = Field(description="when the version was decided on")
    written_by: str = Field(description="code, or the language model that worded its prose")
    champion: bool = Field(description="whether this version answers now")
