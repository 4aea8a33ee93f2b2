"""Model cards from registered versions: facts by code, prose by code or, under guard, by a language model.

A card holds no times but those of registration and decision, so the same facts give the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from include.config import Settings, get_settings
from include.errors import BadDataError
from include.llm.card_facts import metadata_of, metrics_of, version_of_run
from include.llm.card_figures import figures_of
from include.llm.card_page import fill, markdown_of, page_of
from include.llm.card_prose import Section, sections_of
from include.llm.card_slots import slots_of
from include.llm.card_words import plain
from include.llm.writer import Writer, WriterError, writer_from
from include.utils.files import atomic_path
from include.utils.logs import get_logger

LISTED = ("service", "target", "family", "test_month", "written_at", "run_id")


@dataclass(frozen=True)
class ModelCard:
    """A card in both forms, and what a list of cards says of it; `written_by` is "code" or the model's name."""

    name: str
    version: int
    listed: dict[str, str]
    markdown: str
    html: str
    written_by: str


def collect_model_metadata(run_id: str, settings: Settings | None = None) -> dict[str, Any]:
    """Identity, origin, data, decision and history of the version that an MLflow run stands behind.

    BadDataError for a run that no registered version comes from.
    """
    settings = settings or get_settings()
    return metadata_of(settings, version_of_run(settings, run_id))


def collect_performance_metrics(run_id: str, settings: Settings | None = None) -> dict[str, Any]:
    """Its scores on the tune days and on its test month, by part, against the others, on later months, and by age."""
    settings = settings or get_settings()
    return metrics_of(settings, version_of_run(settings, run_id))


def generate_model_card_with_llm(
    metadata: Mapping[str, Any], metrics: Mapping[str, Any], settings: Settings | None = None,
    writer: Writer | None = None,
) -> ModelCard:  # fmt: skip
    """The card of these facts. Without TAXI_LLM_MODEL, or a `writer`, every sentence is the code's own."""
    settings = settings or get_settings()
    slots = slots_of(metadata, metrics)
    sections = sections_of(metadata, metrics, slots, writer or _writer(settings))
    prose = {f"prose_{name}": fill(section.text, slots) for name, section in sections.items()}
    slots |= prose | {"how_written": _how_written(sections)}
    name, version = metadata["model_name"], metadata["version"]
    return ModelCard(
        name, version, {key: str(metadata[key]) for key in LISTED}, markdown_of(slots),
        page_of(f"Model card: {name}, version {version}", slots, figures_of(metadata["target"], metrics)),
        next((section.by for section in sections.values() if section.by != "code"), "code"),
    )  # fmt: skip


def _writer(settings: Settings) -> Writer | None:
    try:
        return writer_from(settings)
    except WriterError as error:
        get_logger(phase="card").warning("no language model, the plain text stands", reason=str(error))
        return None


def _how_written(sections: Mapping[str, Section]) -> str:
    """Who wrote which section, and what was refused."""
    models = sorted({section.by for section in sections.values() if section.by != "code"})
    told = ["Every figure was put in by code from the bundle, MLflow and the warehouse; what is not there says so."]
    if not models and not any(section.refused for section in sections.values()):
        return f"{told[0]} The prose was written by code; no language model had a part in it."
    for model in models:
        named = ", ".join(name for name, section in sections.items() if section.by == model)
        told.append(f"{plain(model)} worded the sections {named}, with placeholders for figures and names.")
    lines = [f"- The section {name} is the code's own: {plain(section.refused)}."
             for name, section in sections.items() if section.refused]  # fmt: skip
    return "\n".join([" ".join(told), *(["", *lines] if lines else [])])


def save_model_card(model_card: ModelCard, filepath: str | Path) -> Path:
    """Writes the card, whole or not at all: HTML for `.html`, Markdown for `.md`. BadDataError for another ending."""
    path = Path(filepath)
    forms = {".html": model_card.html, ".md": model_card.markdown}
    if path.suffix not in forms:
        raise BadDataError(f"{path} is neither .md nor .html: name the file by the form that it is to have.")
    with atomic_path(path) as temporary:
        temporary.write_text(forms[path.suffix], encoding="utf-8")
    return path
