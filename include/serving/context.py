"""What every endpoint works with, made once by the application factory and found through the request."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock
from time import time
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Request

from include.config import Settings
from include.errors import SettingsError
from include.serving.guard.access import KeyRing
from include.serving.guard.access_log import AccessLog
from include.serving.log.recording import NoRecorder, Recorder
from include.serving.metrics import Metrics
from include.serving.model_loader import ModelLoader
from include.serving.watch import WarehouseWatch
from include.utils.logs import get_logger

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from include.llm.rag_insights import RAGInsightsAssistant


@dataclass
class Serving:
    """Settings, the champions, the keys that are known, figures, and the recorder of answers."""

    settings: Settings
    loader: ModelLoader
    ring: KeyRing
    metrics: Metrics = field(default_factory=Metrics)
    recorder: Recorder = field(default_factory=NoRecorder)
    access_log: AccessLog = field(default_factory=AccessLog)
    warehouse_watch: WarehouseWatch = field(init=False)
    key_problem: str = ""
    failures: int = 0
    loaded_at: dict[str, float] = field(default_factory=dict)
    _labels: dict[str, str] = field(default_factory=dict)
    _refreshing: Lock = field(default_factory=Lock)
    _assistant: RAGInsightsAssistant | None = None
    _hiring: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self.warehouse_watch = WarehouseWatch(self.settings)

    def refresh(self) -> None:
        """Champions and keys are looked up again; a file of keys that cannot be used changes nothing and is told."""
        with self._refreshing:  # a round that began earlier must not end later and bring back what it saw
            self._refresh_keys()
            self._refresh_champions()

    def _refresh_keys(self) -> None:
        try:
            self.ring.refresh()
            self.key_problem = ""
        except SettingsError as error:
            if self.key_problem != str(error):
                get_logger(phase="serve").error("API keys not read again", reason=str(error))
            self.key_problem = str(error)

    def _refresh_champions(self) -> None:
        self.loader.refresh()
        self.failures += len(self.loader.problems)
        for champion in self.loader.champions.values():
            if self._labels.get(champion.pointer.model_name) != champion.label:
                self._labels[champion.pointer.model_name] = champion.label
                self.loaded_at[champion.pointer.model_name] = time()

    def problems(self) -> list[str]:
        """What is wrong with champions and keys."""
        return [*self.loader.problems.values(), *([self.key_problem] if self.key_problem else [])]

    def warehouse(self) -> Engine:
        """The warehouse's engine, made when it is first asked for; a prediction never needs it."""
        from include.warehouse.engine import get_engine

        return get_engine(self.settings)

    def assistant(self) -> RAGInsightsAssistant:
        """Who answers questions, made when the first one comes."""
        from include.llm.rag_insights import assistant_from

        with self._hiring:
            if self._assistant is None:
                self._assistant = assistant_from(self.settings)
            return self._assistant


def serving_of(request: Request) -> Serving:
    """The context of the application that the request came to."""
    return request.app.state.serving  # type: ignore[no-any-return]


ServingDep = Annotated[Serving, Depends(serving_of)]
