"""`GET /model-cards`, and one card as a page or as Markdown: from the lake, without MLflow or a database."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from include.llm import card_store
from include.serving.context import Serving, ServingDep
from include.serving.schemas import ModelCardEntry
from include.serving.web.negotiation import answer_type
from include.serving.web.problems import Refusal, documented

NAME = "^[a-z][a-z0-9_]{0,63}$"
VERSION = "^(champion|[1-9][0-9]{0,6})$"
HTML, MARKDOWN = "text/html", "text/markdown"
FORMS = {HTML: "html", MARKDOWN: "md"}
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
"""A card has its styles inside, and may load and run nothing."""

router = APIRouter(tags=["model cards"], responses=documented(401, 403, 429, 500, 503))


@router.get("/model-cards")
def model_cards(serving: ServingDep) -> list[ModelCardEntry]:
    """Every card, by model and version, and whether that version answers now."""
    answering = _answering(serving)
    return [
        ModelCardEntry(**card, champion=answering.get(card["name"]) == card["version"])
        for card in card_store.list_cards(serving.settings.lake)
    ]


@router.get(
    "/model-cards/{name}/{version}",
    response_class=Response,
    responses={200: {"content": {HTML: {}, MARKDOWN: {}}, "description": "The card"}, **documented(404, 406, 422)},
)
def model_card(
    serving: ServingDep,
    request: Request,
    name: Annotated[str, Path(pattern=NAME, examples=["nyc_taxi_yellow_fare_usd"])],
    version: Annotated[str, Path(pattern=VERSION, description="a number, or champion", examples=["champion"])],
) -> Response:
    """A version's card, as Accept says: `text/html`, which is the default, or `text/markdown`."""
    kind = answer_type(request, tuple(FORMS))
    wanted = _answering(serving).get(name) if version == "champion" else int(version)
    text = None if wanted is None else card_store.read(serving.settings.lake, name, wanted, FORMS[kind])
    if text is None:
        raise Refusal(404, f"There is no card of {name} {version}; GET /model-cards lists those that are there.")
    return Response(text, media_type=kind, headers={"content-security-policy": POLICY, "vary": "accept"})


def _answering(serving: Serving) -> dict[str, int]:
    """Registered model -> the version that answers."""
    return {c.pointer.model_name: c.pointer.version for c in serving.loader.champions.values()}
