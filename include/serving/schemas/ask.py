"""A question, and its answer with where it stands."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from include.config.settings import Service


class AskRequest(BaseModel):
    """A question in English."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"question": "How many yellow trips were kept in March 2019?", "service": None}]
        },
    )

    question: str = Field(
        min_length=1, max_length=500, description="about models, months, zones, or how something is done"
    )
    service: Service | None = Field(default=None, description="which service is meant where the question names none")


class AskFact(BaseModel):
    """A figure or a name of the tables that the answer rests on; further fields say what it is of."""

    model_config = ConfigDict(extra="allow")

    name: str
    value: float | str = Field(description="exact; of a share a fraction")
    unit: str = Field(description="minutes, dollars, share, log loss, trips, name, ...")
    shown: str = Field(description="as the answer shows it")


class AskCitation(BaseModel):
    """Where it stands."""

    kind: Literal["table", "run", "document", "card", "feature"]
    source: str = Field(description="a table or view, or a file of the documentation")
    where: dict[str, str] = Field(description="month, heading, run_id, ...")
    title: str


class AskResponse(BaseModel):
    """The answer, what it rests on, and where that stands."""

    answer: str = Field(description="Markdown")
    abstained: bool = Field(description="it is not known here, and no figure stands in its place")
    kind: Literal["number", "comparison", "definition", "howto", "recommendation", "unknown"]
    facts: list[AskFact] = Field(description="the one that was asked for first")
    citations: list[AskCitation]
    written_by: str = Field(description="rules, or the language model that worded it")
    request_id: str
