"""What every endpoint works with, made once by the application factory and found through the request."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Request

from include.config import Settings
from include.serving.model_loader import ModelLoader
from include.serving.recording import NoRecorder, Recorder

if TYPE_CHECKING:
    from sqlalchemy import Engine


@dataclass
class Serving:
    """Settings, the champions, and the recorder of answers."""

    settings: Settings
    loader: ModelLoader
    recorder: Recorder = field(default_factory=NoRecorder)

    def warehouse(self) -> Engine:
        """The warehouse's engine, made when it is first asked for; a prediction never needs it."""
        from include.warehouse.engine import get_engine

        return get_engine(self.settings)


def serving_of(request: Request) -> Serving:
    """The context of the application that the request came to."""
    return request.app.state.serving  # type: ignore[no-any-return]


ServingDep = Annotated[Serving, Depends(serving_of)]
