"""What is wrong with a request."""

from __future__ import annotations

from pydantic import BaseModel, Field


class FieldFault(BaseModel):
    """One fault of a request."""

    field: str = Field(description="name of the field; of nested ones with dots")
    value: str = Field(description="what was given, shortened")
    expected: str = Field(description="what would be taken")


class Problem(BaseModel):
    """An error as application/problem+json (RFC 9457)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str = Field(description="what is wrong, and what to do")
    request_id: str
    errors: list[FieldFault] | None = Field(default=None, description="the fields that are wrong")
