"""A route whose function takes the request and gives the answer's bytes, for the two endpoints that are asked most.

Its OpenAPI text is declared beside it. FastAPI's own way from body to function and back costs as much as a prediction.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel


class DirectRoute(APIRoute):
    """Calls its function with the request; parameters of any other kind are not filled in."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        return self.endpoint


def takes(content: Mapping[str, type[BaseModel] | dict[str, Any]]) -> dict[str, Any]:
    """`openapi_extra` of a function that reads its body itself: media type -> its model, or a schema written out."""
    schemas = {
        media: {"schema": _reference(model) if isinstance(model, type) else model} for media, model in content.items()
    }
    return {"requestBody": {"required": True, "content": schemas}}


def _reference(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{model.__name__}"}
