"""The sections of a card that are read as prose. Code has a text for each; a language model may word it, under guard.

A section's text is a template itself: figures and names are placeholders, whoever wrote it. A model may say what the
code's own text for these facts says: clause by clause, with its placeholders, and the comparisons that `directions_of`
carries.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from include.errors import WriterError
from include.features.trip_features import PROBABILITIES
from include.llm.card_scores import directions_of
from include.llm.guard import PLACEHOLDER, Direction, refusals
from include.llm.writer import Writer
from include.utils.logs import get_logger

Facts = Mapping[str, Any]
PROMPT = "model_card.v1"
SECTIONS = {
    "summary": "Two to four sentences: what the model is, how it was chosen and tested, and how well it did.",
    "data": "Two or three sentences: which trips it learnt from and what was set aside.",
    "performance": "Two to four sentences: how to read its figures on the test month.",
    "slices": "Two or three sentences: for which part of the month its error is largest and for which it is smallest.",
    "monitoring": "One to three sentences: what later months said of it, or that none has come.",
}


@dataclass(frozen=True)
class Section:
    """A section's text with placeholders, by whom it was written, and why another one's text was refused."""

    text: str
    by: str = "code"
    refused: str = ""


def sections_of(
    metadata: Facts, metrics: Facts, slots: Mapping[str, str], writer: Writer | None = None
) -> dict[str, Section]:
    """Every section's text; without a writer all are the code's own."""
    plain, ways = plain_sections(metadata, metrics), directions_of(metadata, metrics)
    if writer is None:
        return {name: Section(text) for name, text in plain.items()}
    sections: dict[str, Section] = {}
    try:
        for name, text in plain.items():
            sections[name] = _written(writer, name, text, slots, ways)
    except WriterError as error:  # one that is away is waited for once a card: the month waits too
        get_logger(phase="card").warning("sections keep the plain text", reason=str(error))
        sections |= {name: Section(text, refused=str(error)) for name, text in plain.items() if name not in sections}
    return sections


def _written(writer: Writer, name: str, draft: str, slots: Mapping[str, str], ways: Mapping[str, Direction]) -> Section:
    """The writer's text where the guard takes it, else the draft; the reason is logged and kept. WriterError."""
    own = PLACEHOLDER.findall(draft)
    facts = {"section": name, "task": SECTIONS[name], "draft": draft} | {f"{{{slot}}}": slots[slot] for slot in own}
    log = get_logger(phase="card", section=name)
    written = writer.write(PROMPT, facts)
    found = refusals(written.text, draft, {slot: way for slot, way in ways.items() if slot in own})
    if found:
        log.warning("section refused, the plain text stands", reason="; ".join(found), model=written.model)
        return Section(draft, refused="; ".join(found))
    return Section(written.text.strip(), by=written.model)


def plain_sections(metadata: Facts, metrics: Facts) -> dict[str, str]:
    """The code's texts for these facts, in the order of SECTIONS; each would pass the guard."""
    ways = directions_of(metadata, metrics)
    return {
        "summary": " ".join(_summary(metadata, metrics, ways)), "data": _data(metadata),
        "performance": " ".join(_performance(metadata, metrics)), "slices": _slices(ways),
        "monitoring": _monitoring(metrics),
    }  # fmt: skip


def _summary(metadata: Facts, metrics: Facts, ways: Mapping[str, Direction]) -> list[str]:
    told = [
        "This model estimates {target_meaning}, for {service} trips.",
        "It learnt from {train_months}, and was tested on {test_month}, a month kept apart from its making.",
    ]
    if metrics["own"]:
        told.append("There its {loss_name} was {test_loss}.")
    if way := ways.get("baseline_gain"):
        word = "lower" if way == "down" else "higher"
        told.append(f"That error is {word} than that of the baseline by {{baseline_gain}}.")
    if metadata["is_baseline"]:
        told.append("It is the baseline itself, which stands in until a family passes it.")
    return told


def _data(metadata: Facts) -> str:
    learnt = (
        "It was fitted on {train_rows} trips of {fit_months}, and tuned on {tune_rows} trips of {tune_days}; "
        "where these came from: {sources}."
    )
    if all(month["rows_kept"] is None for month in metadata["months"][:-1]):
        return learnt
    return (
        f"{learnt} Of {{rows_read}} rows that were read, {{rows_rejected}} were set aside with a reason, which is "
        "{rejected_share}; {rows_kept} were kept."
    )


def _performance(metadata: Facts, metrics: Facts) -> list[str]:
    if metrics["own"] is None:
        return ["Of {test_month} there is this to say: the {loss_name} is {test_loss}."]
    told = ["On {test_month} its {loss_name} was {test_loss}, counted in {test_rows} trips."]
    if metadata["target"] in PROBABILITIES:
        told.append("Its Brier score there was {brier}, and the area of its ROC curve {roc_auc}.")
    else:
        told.append("{within_2} and {within_5} of what happened.")
        told.append("Its interval held {coverage} of the trips, where {coverage_aim} are aimed at.")
    if "baseline" in metrics["contest"] and metrics["contest"]["baseline"] is not metrics["own"]:
        told.append("The baseline had {baseline_loss} on these trips.")
    return told


def _slices(ways: Mapping[str, Direction]) -> str:
    if "worst_slice" not in ways:
        return "Parts of the month with {slice_floor} trips and up are ranked: {worst_slice}."
    return (
        "Parts of the month with {slice_floor} trips and up are ranked here. The error is largest for {worst_slice}, "
        "at {worst_loss} in {worst_rows} trips; it is smallest for {best_slice}, at {best_loss} in {best_rows} trips."
    )


def _monitoring(metrics: Facts) -> str:
    begin = "A champion is scored on each new month before that month decides on its successor."
    if not metrics["prospective"]:
        return f"{begin} So far, for this version: {{prospective_months}}."
    return (
        f"{begin} For this version these are so far {{prospective_months}}, and its {{loss_name}} there was "
        "{prospective_loss}, counted in {prospective_rows} trips."
    )
