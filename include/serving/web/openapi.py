"""The OpenAPI document, with the forms of bodies that endpoints read themselves and of problems."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from include.serving.guard.access import declare_keys
from include.serving.schemas import BatchRequest, PredictionRequest, Problem

REFERENCE = "#/components/schemas/{model}"


def add_openapi(app: FastAPI) -> None:
    """`app.openapi` makes the whole document once."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            made = get_openapi(
                title=app.title, version=app.version, summary=app.summary, description=app.description,
                routes=app.routes, tags=app.openapi_tags,
            )  # fmt: skip
            _, named = models_json_schema(
                [(model, "validation") for model in (BatchRequest, PredictionRequest, Problem)], ref_template=REFERENCE
            )
            made.setdefault("components", {}).setdefault("schemas", {}).update(named["$defs"])
            declare_keys(made)
            app.openapi_schema = made
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]
