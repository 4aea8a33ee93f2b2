"""Questions about models, months and documents, answered with sources, or with the sentence that it is not known.

Figures come from structured queries on the warehouse alone, words from the documentation, cards and runs alone. Nothing
here writes but the search index, which can be made again at any time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from include.config import Settings, get_settings
from include.llm.ask import premises, restating, scope, states
from include.llm.ask.answering import Answer, Citation, unknown
from include.llm.ask.asides import understood
from include.llm.ask.figures.structured import answer_of, answer_of_two
from include.llm.ask.intents import (
    FIGURE,
    figure_of,
    is_bare,
    is_of_pages,
    is_of_removals,
    not_understood,
    two_figures_of,
    wants_figure,
)
from include.llm.ask.question.askers import without_asker
from include.llm.ask.question.brackets import without_explanations
from include.llm.ask.question.understood import Understood
from include.llm.ask.recommending import recommend
from include.llm.ask.rewording import reworded
from include.llm.ask.trips.answers import answer_to
from include.llm.ask.trips.asking import SOURCES, trips_read
from include.llm.ask.trips.assembling import assembled
from include.llm.pages import documented
from include.llm.pages.documented import ALL, NEARLY_ALL
from include.llm.pages.index_place import index_file
from include.llm.pages.kept_sources import KeptSources
from include.llm.pages.passages import ROOT
from include.llm.pages.search_index import SearchIndex
from include.llm.pages.sources import Indexed, document_sources, run_sources
from include.llm.words import plain
from include.utils.logs import get_logger
from include.warehouse.engine import get_engine

if TYPE_CHECKING:
    from include.llm.writer import Writer

LONGEST_QUESTION = 500
"""Characters; the rest says nothing new."""
_RECOMMENDS = re.compile(
    r"\b(?:recommend\w*|suggest\w*|should (?:i|we|one) (?:use|take|pick|choose|trust|serve|deploy)|advise|"
    r"which model to use|what model to use)\b"
)
_OF_MODELS = re.compile(
    r"\b(?:models?|famil(?:y|ies)|champions?|versions?|algorithms?|use|take|pick|trust|serve|deploy)\b"
)
_CARD = re.compile(r"\b(?:model )?cards?\b(?! (?:trips?|payments?|customers?|tips?|rides?))")
_RUN = re.compile(r"\b[0-9a-f]{16,64}\b")


class RAGInsightsAssistant:
    """`query` answers; the index is built when it is first needed, and again when a source has changed."""

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        engine: Engine | None = None,
        writer: Writer | None = None,
        root: Path = ROOT,
    ) -> None:
        self.settings = settings or get_settings()
        self._engine, self._writer, self._root = engine, writer, root
        self.index = SearchIndex(index_file(self.settings, root))
        self._kept = KeptSources(self.index)

    @property
    def engine(self) -> Engine:
        """The warehouse, asked for when a question needs it."""
        if self._engine is None:
            self._engine = get_engine(self.settings)
        return self._engine

    def index_documentation(self) -> int:
        """Brings the index up to the files of today and returns how many documents it has."""
        sources = document_sources(self._root)
        self._refresh(documents=sources)
        return len(sources)

    def index_experiment_results(self) -> int:
        """Brings the index up to the fits of today and returns how many months of a service have some.

        WarehouseError when the warehouse is away.
        """
        sources = run_sources(self.engine)
        self._refresh(runs=sources)
        return len(sources)

    def query(self, question: str, service: str | None = None) -> Answer:
        """The answer to any text; `service` is meant where the question names none, else the settings' one.

        Never raises for what is asked. WarehouseError only where figures are asked for and the warehouse is away.
        """
        said = " ".join(question.split())[:LONGEST_QUESTION]
        if not re.search(r"[A-Za-z]{2}", said):
            return unknown("Please ask a question, such as: What is the MAE of the yellow duration champion?")
        refused = scope.refusal(said)
        if refused is not None:
            return refused
        answer = self._routed(without_explanations(without_asker(said)), service)
        if answer.abstained and self._writer is not None:
            return self._restated(said, service, self._writer) or answer
        return reworded(answer, said, self._writer)

    def get_best_model_recommendation(self, service: str, target: str) -> Answer:
        """Which model to ask, with its error, what it gained, and why it was promoted. WarehouseError when it is
        away."""
        return recommend(self.engine, service, target)

    def _routed(self, question: str, service: str | None) -> Answer:
        asked = understood(question)
        meant = service or self.settings.service
        if run := _RUN.search(question.lower()):
            return self._run(run[0])
        if (
            _RECOMMENDS.search(question.lower())
            and _OF_MODELS.search(question.lower())
            and (asked.values("service") or asked.values("target"))
        ):
            return self._recommended(asked, meant)
        if false := premises.false_premise(lambda: self.engine, asked, question, meant):
            return false
        reading = None if is_of_removals(asked) else trips_read(question)
        fit = figure_of(asked, question)
        if reading and (of_trips := assembled(reading)) and not is_of_pages(question, asked):
            answer = answer_to(self.engine, of_trips, meant, given=service is not None)
            if not (answer.abstained and fit and fit.measure.source.name == "summary"):
                return answer  # what single trips do not keep, a month's summary may
        if fit:
            if reading and fit.measure.source.name in SOURCES:
                return unknown(not_understood(asked))
            answer = answer_of(self.engine, asked, fit, meant, given=service is not None)
            return self._or_a_page(answer, question) if is_bare(answer, asked, question) else answer
        if two := two_figures_of(asked, question):
            return answer_of_two(self.engine, asked, two, meant, given=service is not None)
        wants = wants_figure(asked, question)
        if wants and (asked.when or asked.form in ("many", "yes") or FIGURE.search(question.lower())):
            return unknown(not_understood(asked))
        answer = self._carded(asked, question, meant) or self._documented(question, counted=wants)
        return unknown(not_understood(asked)) if wants and answer.abstained else answer

    def _or_a_page(self, answer: Answer, question: str) -> Answer:
        """A page that says all of the question, else the answer."""
        of_pages = self._documented(question, counted=True, least=ALL)
        return answer if of_pages.abstained else of_pages

    def _restated(self, question: str, service: str | None, writer: Writer) -> Answer | None:
        """The answer to what a language model takes the question for, which the answer says; None without one."""
        read = restating.restated(question, writer)
        answer = self._routed(read, service) if read else None
        return restating.told(answer, read) if answer and read and not answer.abstained else None

    def _recommended(self, asked: Understood, service: str) -> Answer:
        services = asked.values("service") or (service,)
        targets = asked.values("target")
        if len(targets) != 1:
            return unknown("For which target? There are trip duration, fare and high tip.")
        return recommend(self.engine, services[0], targets[0])

    def _carded(self, asked: Understood, question: str, service: str) -> Answer | None:
        """What a model's card says, where its card is asked for."""
        if not _CARD.search(question.lower()) or not asked.values("target"):
            return None
        self._refresh()
        services = asked.values("service") or (service,)
        names = [f"_{services[0]}_", asked.values("target")[0]]
        return documented.answer_from_cards(self.index, question, names, self._root)

    def _documented(self, question: str, *, counted: bool, least: float = NEARLY_ALL) -> Answer:
        self._refresh()
        kind, text, answer = documented.kind_of(question), plain(question), None
        if not states.is_of_today(text):
            counted = counted or states.is_counted(text)
            answer = documented.answer_from(self.index, question, kind, self._root, least=least if counted else 0.0)
        return answer or unknown("I do not know: neither the tables nor the documentation say enough about that.")

    def _run(self, run_id: str) -> Answer:
        self._refresh()
        passage = next((found for found in self.index.search(run_id, table="runs") if found.heading == run_id), None)
        if passage is None:
            return unknown("I do not know: no fit with that run id was recorded.")
        cited = Citation("run", passage.source, f"run {run_id}", {"run_id": run_id})
        return Answer(passage.text, "definition", (), (cited,))

    def _refresh(self, documents: Sequence[Indexed] | None = None, runs: Sequence[Indexed] | None = None) -> None:
        """Brings the index up to the sources of now; those that are given were read already."""
        sources = [
            *(document_sources(self._root) if documents is None else documents),
            *(self._kept.runs(lambda: self.engine) if runs is None else runs),
            *self._kept.cards(self.settings.lake),
        ]
        self.index.refresh(
            {source.name: source.hash for source in sources}, {source.name: source.read for source in sources}
        )


def assistant_from(settings: Settings) -> RAGInsightsAssistant:
    """The assistant of a deployment, with the language model that it names, if any; a faulty one is told, and left
    out."""
    from include.errors import WriterError
    from include.llm.writer import writer_from

    try:
        return RAGInsightsAssistant(settings, writer=writer_from(settings))
    except WriterError as fault:
        get_logger(phase="ask").warning("no language model words the answers", reason=str(fault))
        return RAGInsightsAssistant(settings)
