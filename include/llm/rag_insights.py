"""Questions about models, months and documents, answered with sources, or with the sentence that it is not known.

Figures come from structured queries on the warehouse alone, words from the documentation, cards and runs alone. Nothing
here writes but the search index, which can be made again at any time.
"""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from include.config import Settings, get_settings
from include.errors import TaxiError, WarehouseError
from include.llm import documented, scope
from include.llm.answering import Answer, Citation, Kind, unknown
from include.llm.passages import ROOT
from include.llm.recommending import recommend
from include.llm.rewording import reworded
from include.llm.router import Fit, fits_of
from include.llm.search_index import SearchIndex, index_file
from include.llm.sources import CARD_SOURCES, RUN_SOURCES, Indexed, card_sources, document_sources, run_sources
from include.llm.structured import answer_of
from include.llm.understanding import Understood, understand
from include.utils.logs import get_logger
from include.warehouse.engine import get_engine

if TYPE_CHECKING:
    from include.llm.writer import Writer

CARDS_SECONDS = 30.0
"""For so long the list of cards is taken as it was: every look at it reads the lake."""
AWAY_SECONDS = 30.0
"""For so long a warehouse that did not answer is not asked for its runs."""
LONGEST_QUESTION = 500
"""Characters; the rest says nothing new."""
_DEFINES = re.compile(
    r"\bwhat (?:do|does|did) .{1,80}\b(?:mean|stand for|measure|contain|hold|say|show|describe|do|record)\b|"
    r"\bmeaning of\b|\bdefin\w+|\bstands? for\b|\bwhat is meant\b|"
    r"\bexplain (?:what|the|how)\b|\bwhat(?:'s| is| are) (?:a|an|stored|kept|held|in|inside|written|recorded|"
    r"logged)\b|\bwhat counts as\b|\bhow (?:is|are|was|were) .{1,80}\b(?:computed|calculated|defined|measured|"
    r"decided|chosen|made|built|found|"
    r"derived|determined|treated|handled|stored|protected|split|fitted|compared|picked|selected|judged)\b|"
    r"\bwhy (?:is|are|does|do|did|was|were) (?:there )?(?:no\b|not\b)|\bwhat happens\b|"
    r"\bwhich (?:table|view|column|page|file|endpoint|setting|scope)\b|\bwhat (?:table|view|column|file|endpoint|"
    r"scope|unit|role|range)\b|\bin which table\b"
)
_RECOMMENDS = re.compile(
    r"\b(?:recommend\w*|suggest\w*|should (?:i|we|one) (?:use|take|pick|choose|trust|serve|deploy)|advise|"
    r"which model to use|what model to use)\b"
)
_CARD = re.compile(r"\b(?:model )?cards?\b(?! (?:trips?|payments?|customers?|tips?|rides?))")
_RUN = re.compile(r"\b[0-9a-f]{16,64}\b")
_FIGURE = re.compile(
    r"\b(?:how (?:many|much)|what (?:was|were)|average|mean|total|number of|share|percent\w*|median|count of|"
    r"sum of|highest|lowest|most|least|fewest|maximum|minimum|mae|rmse|error|loss|score|how (?:old|long|far|good|"
    r"fast|well))\b"
)


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
        self._asked_again = 0.0
        self._cards: tuple[float, list[Indexed]] = (0.0, [])

    @property
    def engine(self) -> Engine:
        """The warehouse, asked for when a question needs it."""
        if self._engine is None:
            self._engine = get_engine(self.settings)
        return self._engine

    def index_documentation(self) -> int:
        """Brings the index up to the files of today and returns how many documents it has."""
        sources = document_sources(self._root)
        self._refresh([*sources, *self._run_sources(), *self._card_sources()])
        return len(sources)

    def index_experiment_results(self) -> int:
        """Brings the index up to the fits of today and returns how many months of a service have some.

        WarehouseError when the warehouse is away.
        """
        sources = run_sources(self.engine)
        self._refresh([*document_sources(self._root), *sources, *self._card_sources()])
        return len(sources)

    def query(self, question: str, service: str | None = None) -> Answer:
        """The answer to any text; `service` is meant where the question names none, else the settings' one.

        Never raises for what is asked. WarehouseError only where figures are asked for and the warehouse is away.
        """
        said = " ".join(question.split())[:LONGEST_QUESTION]
        if not re.search(r"[A-Za-z]{2}", said):
            return unknown("Please ask a question, such as: What is the MAE of the yellow duration champion?")
        refused = scope.refusal(said)
        answer = refused if refused is not None else self._routed(said, service)
        return reworded(answer, said, self._writer)

    def get_best_model_recommendation(self, service: str, target: str) -> Answer:
        """Which model to ask, with its error, what it gained, and why it was promoted. WarehouseError when it is
        away."""
        return recommend(self.engine, service, target)

    def _routed(self, question: str, service: str | None) -> Answer:
        asked = understand(question)
        meant = service or self.settings.service
        if run := _RUN.search(question.lower()):
            return self._run(run[0])
        if _RECOMMENDS.search(question.lower()) and (asked.values("service") or asked.values("target")):
            return self._recommended(asked, meant)
        if asked.values("family") and (false := scope.false_premise(self.engine, asked, question, meant)):
            return false
        if fit := figure_of(asked, question):
            return answer_of(self.engine, asked, fit, meant, given=service is not None)
        wants = _wants_figure(asked, question)
        if wants and (asked.when or asked.form in ("many", "yes") or _FIGURE.search(question.lower())):
            return unknown(_not_understood(asked))
        answer = self._carded(asked, question, meant) or self._documented(question)
        return unknown(_not_understood(asked)) if wants and answer.abstained else answer

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
        self._refresh([*document_sources(self._root), *self._run_sources(), *self._card_sources()])
        services = asked.values("service") or (service,)
        names = [f"_{services[0]}_", asked.values("target")[0]]
        return documented.answer_from_cards(self.index, question, names, self._root)

    def _documented(self, question: str) -> Answer:
        self._refresh([*document_sources(self._root), *self._run_sources(), *self._card_sources()])
        kind: Kind = documented.kind_of(question)
        answer = documented.answer_from(self.index, question, kind, self._root)
        return answer or unknown("I do not know: neither the tables nor the documentation say enough about that.")

    def _run(self, run_id: str) -> Answer:
        self._refresh([*document_sources(self._root), *self._run_sources(), *self._card_sources()])
        hits = [hit for hit in self.index.search(run_id, table="runs") if hit.passage.heading == run_id]
        if not hits:
            return unknown("I do not know: no fit with that run id was recorded.")
        passage = hits[0].passage
        cited = Citation("run", passage.source, f"run {run_id}", {"run_id": run_id})
        return Answer(passage.text, "definition", (), (cited,))

    def _run_sources(self) -> list[Indexed]:
        """The runs; what the index holds of them stays where the warehouse is away, which is not asked again at
        once."""
        if time.monotonic() >= self._asked_again:
            try:
                return run_sources(self.engine)
            except TaxiError as fault:
                self._asked_again = time.monotonic() + AWAY_SECONDS
                get_logger(phase="ask").warning("runs not indexed", reason=str(fault))
        held = self.index.hashes()
        return [Indexed(name, value, tuple) for name, value in held.items() if name.startswith(RUN_SOURCES)]

    def _card_sources(self) -> list[Indexed]:
        """The cards, listed anew when the list is CARDS_SECONDS old; those of the index where the lake is away."""
        listed, cards = self._cards
        if time.monotonic() - listed < CARDS_SECONDS and listed:
            return cards
        try:
            cards = card_sources(self.settings.lake)
        except (TaxiError, OSError) as fault:
            get_logger(phase="ask").warning("cards not indexed", reason=str(fault))
            held = self.index.hashes()
            cards = [Indexed(name, value, tuple) for name, value in held.items() if name.startswith(CARD_SOURCES)]
        self._cards = (time.monotonic(), cards)
        return cards

    def _refresh(self, sources: Sequence[Indexed]) -> None:
        self.index.refresh(
            {source.name: source.hash for source in sources}, {source.name: source.read for source in sources}
        )


def figure_of(asked: Understood, question: str) -> Fit | None:
    """The measure that a question asks for, when it asks for a figure and every word of it is explained."""
    text = question.lower()
    fits = fits_of(asked)
    if not fits or fits[0].left:
        return None
    if documented.kind_of(question) == "howto" and not re.search(
        r"\bhow (?:do|does|did|can) .*\b(?:compare|perform|differ|rank)\b", text
    ):
        return None
    certain = bool(asked.when or asked.values("service") or asked.values("zone") or asked.values("version"))
    if _DEFINES.search(text) and not (
        certain and not re.search(r"\bwhat (?:do|does) .*\bmean\b|\bdefin|\bstands? for|\bmeaning\b", text)
    ):
        return None
    return fits[0] if certain or _is_quantity(asked, fits[0]) else None


def _is_quantity(asked: Understood, fit: Fit) -> bool:
    """Without a service and a month, the form tells: how many, which ... most, or a value held against another."""
    named = any(
        asked.values(kind)
        for kind in (
            "target",
            "family",
            "borough",
            "reason",
            "payment",
            "table",
            "slice",
            "column",
            "expectation",
            "age",
        )
    )
    if asked.form == "many" or "count" in asked.shapes or "total" in asked.shapes:
        return True
    if asked.groups and (asked.orders or named):
        return True
    if asked.form == "yes":
        return named or bool(asked.numbers) or fit.measure.everywhere
    modelled = any(asked.values(kind) for kind in ("target", "family", "borough", "reason", "payment", "expectation"))
    scored = bool(asked.values("role")) and fit.measure.source.name == "contest"
    return scored or (modelled and bool(asked.values("role") or fit.filters))


def _wants_figure(asked: Understood, question: str) -> bool:
    """A figure of a month, a service or a place is asked for, and no measure explains it."""
    placed = bool(asked.when or asked.values("service") or asked.values("zone") or asked.values("borough"))
    text = question.lower()
    said = bool(_FIGURE.search(text) or asked.said or asked.when) or asked.form == "yes"
    return placed and said and not _DEFINES.search(text) and documented.kind_of(question) != "howto"


def _not_understood(asked: Understood) -> str:
    """Names what could not be explained, and what can be asked."""
    fits = fits_of(asked)
    left = [word for word in fits[0].left if word.isalpha()] if fits else []
    what = f" Not known here: {', '.join(dict.fromkeys(left))}." if left else ""
    return (
        "I do not know: the tables have no figure of that."
        + what
        + " They have trips, money, miles and minutes by zone, hour and "
        "day, what was quarantined, expectations, fits, champions and their errors."
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


__all__ = ["RAGInsightsAssistant", "WarehouseError", "assistant_from"]
