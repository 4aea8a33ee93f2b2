"""The card of a registered version, or of the champion: `make model-card MODEL=nyc_taxi_yellow_fare_usd [VERSION=3]`.

The functions are those of `include.llm.model_card`; what they make is described in docs/MODEL_CARDS.md.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from include.config import get_settings
from include.errors import BadDataError, TaxiError
from include.llm import card_store
from include.llm.champion_cards import write_card
from include.llm.model_card import (
    ModelCard,
    collect_model_metadata,
    collect_performance_metrics,
    generate_model_card_with_llm,
    save_model_card,
)
from include.models.bundle import read_pointer
from include.models.history import known_models
from include.utils.logs import configure

__all__ = [
    "ModelCard", "collect_model_metadata", "collect_performance_metrics", "generate_model_card_with_llm", "main",
    "save_model_card",
]  # fmt: skip


def main() -> None:
    """Writes the card to the lake and to MLflow, and to `--to` when a file is named. A fault is one sentence."""
    configure()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", required=True, help="a registered model, e.g. nyc_taxi_yellow_fare_usd")
    parser.add_argument("--version", type=int, help="default: the champion")
    parser.add_argument("--to", type=Path, help="a file .md or .html for a copy")
    asked = parser.parse_args()
    try:
        print(json.dumps(_write(asked.model, asked.version, asked.to), indent=2))
    except TaxiError as error:
        sys.exit(f"error: {error}")


def _write(name: str, version: int | None, to: Path | None) -> dict[str, str]:
    if to is not None and to.suffix not in (".md", ".html"):
        raise BadDataError(f"{to} is neither .md nor .html: name the file by the form that it is to have.")
    settings = get_settings()
    pointer = read_pointer(settings.lake, name) if version is None else None
    if version is None and pointer is None:
        known = ", ".join(known_models(settings)) or "none"
        raise BadDataError(
            f"MODEL={name!r} has no champion; models that have one: {known}. Name one of them, or a registered version "
            "too (VERSION=3), or train first (make train)."
        )
    wanted = pointer.version if pointer else int(version or 0)
    outcome = write_card(settings, name, wanted) | {"page": card_store.address(settings.lake, name, wanted, "html")}
    if to is None:
        return outcome
    text = card_store.read(settings.lake, name, wanted, to.suffix.removeprefix(".")) or ""
    try:
        to.write_text(text, encoding="utf-8")
    except OSError as fault:
        raise BadDataError(f"The card is in the lake; its copy {to} cannot be written: {fault.strerror}.") from fault
    return outcome | {"file": str(to)}


if __name__ == "__main__":
    main()
