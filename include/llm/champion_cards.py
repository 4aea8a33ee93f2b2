"""The cards of the champions that stand, written after every month that was decided. Nothing waits for them."""

from __future__ import annotations

from typing import Any

from include.config import Settings, get_settings
from include.features.trip_features import targets_of
from include.llm import card_store
from include.llm.card_facts import metadata_of, metrics_of, version_named
from include.llm.model_card import ModelCard, generate_model_card_with_llm
from include.models.bundle import model_name, read_pointer
from include.utils.logs import get_logger

FOLDER = "model_card"
"""Where a run keeps its card among its artifacts."""


def write_champion_cards(service: str, month: str, settings: Settings | None = None) -> dict[str, Any]:
    """Step: the card of each target's champion, in the lake and in MLflow -> `cards` by target, and what was done.

    A card that would be the same is left alone. One that cannot be written is told of and fails nothing: the month is
    decided, and the next one writes it.
    """
    settings = settings or get_settings()
    told = {target: _champion_card(service, month, target, settings) for target in targets_of(service)}
    cards = {target: outcome for target, outcome in told.items() if outcome}
    met = {outcome["status"] for outcome in cards.values()}
    return {"cards": cards, "status": next((s for s in ("failed", "done") if s in met), "unchanged")}


def _champion_card(service: str, month: str, target: str, settings: Settings) -> dict[str, str]:
    name = model_name(service, target)
    try:
        pointer = read_pointer(settings.lake, name)
        return write_card(settings, name, pointer.version) if pointer else {}
    except Exception as fault:  # noqa: BLE001 - whatever is wrong with a card, the month is decided
        reason = f"{type(fault).__name__}: {fault}"
        get_logger(phase="card", service=service, month=month, model=name).error("no model card", reason=reason)
        return {"status": "failed", "reason": reason}


def write_card(settings: Settings, name: str, version: int) -> dict[str, str]:
    """The card of a registered version, in the lake and in MLflow; BadDataError for a version that is not there."""
    registered = version_named(settings, name, version)
    card = generate_model_card_with_llm(metadata_of(settings, registered), metrics_of(settings, registered), settings)
    told = {"card": f"{name}/{version}", "written_by": card.written_by}
    if card_store.holds(settings.lake, card):
        return told | {"status": "unchanged"}
    _log(settings, registered["run_id"], card)
    card_store.save(settings.lake, card)  # last: a try that died between the two is made up for by the next one
    return told | {"status": "done"}


def _log(settings: Settings, run_id: str, card: ModelCard) -> None:
    from include.models.tracking import log_text

    for form, text in (("md", card.markdown), ("html", card.html)):
        log_text(settings, run_id, text, f"{FOLDER}/v{card.version}.{form}")
