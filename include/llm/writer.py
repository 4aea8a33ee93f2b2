"""A language model as somebody who words what is already known. None is configured by default, and nothing needs one.

Callers name a prompt and hand over facts, catch WriterError, log it, and use the text that code wrote. Whatever comes
back is unchecked: see `guard`.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

from include.config import Settings
from include.errors import WriterError
from include.llm import prompts, usage
from include.llm.answer_cache import AnswerCache
from include.utils.logs import get_logger

__all__ = ["CachedWriter", "Writer", "WriterError", "Written", "writer_from"]

AWAY_SECONDS = 30.0
"""For so long a model that gave no text is not asked again: each question to it may take TAXI_LLM_TIMEOUT_S."""
log = get_logger(phase="llm")


class Written(NamedTuple):
    """A text, by which model, and what it took. `cost_usd` is None where nobody publishes the model's price."""

    text: str
    model: str
    input_tokens: int
    output_tokens: int
    cost_usd: float | None


class Writer(Protocol):
    """Whoever can word facts."""

    def write(self, prompt: str, facts: Mapping[str, str]) -> Written:
        """The text that the prompt asks for; `prompt` is the stem of a file in `prompts`, e.g. "answer.v1".

        The prompt's text goes as instructions, the facts as JSON beside it: data, whatever they say. WriterError when
        there is no such prompt, or no text in time.
        """


class Asked(Protocol):
    """A model behind one call: instructions and a message in, its text out, within so many seconds. WriterError."""

    model: str

    def ask(self, instructions: str, message: str, seconds: float) -> Written: ...


def writer_from(settings: Settings) -> Writer | None:
    """The writer that TAXI_LLM_MODEL names; None when it is empty, the default. WriterError when it cannot be made."""
    if not settings.llm_model:
        return None
    try:
        from include.llm.provider import Provider
    except ImportError as error:
        raise WriterError(
            f"TAXI_LLM_MODEL={settings.llm_model} needs pydantic-ai-slim[openai,anthropic], and {error.name} is not "
            "installed: install requirements.txt (the service's image: build it with LLM=yes), or leave the setting "
            "empty."
        ) from error
    return CachedWriter(Provider(settings), settings)


class CachedWriter:
    """Asks once for each model, prompt and facts; every call is a log line and a row of `<home>/llm/usage.jsonl`."""

    def __init__(self, asked: Asked, settings: Settings) -> None:
        self._asked, self._seconds, self._folder = asked, settings.llm_timeout_s, settings.llm_home
        self._identity = (settings.llm_model, settings.llm_base_url, settings.llm_max_tokens)
        self._cache = AnswerCache(settings.llm_home / "cache")
        self._asked_again = 0.0

    def write(self, prompt: str, facts: Mapping[str, str]) -> Written:
        """See Writer. A text that was kept costs nothing: its tokens are 0."""
        instructions, message = prompts.read(prompt), prompts.as_message(facts)
        key = self._cache.key(*self._identity, prompt, instructions, message)
        if kept := self._cache.get(key):
            return self._told(prompt, Written(kept["text"], kept["model"], 0, 0, 0.0), "kept", 0.0)
        began = time.monotonic()
        if began < self._asked_again:
            raise WriterError(f"{self._asked.model} gave no text, and is asked again after {AWAY_SECONDS:g} s.")
        try:
            written = self._asked.ask(instructions, message, self._seconds)
        except WriterError as error:
            self._asked_again = time.monotonic() + AWAY_SECONDS
            usage.record(self._folder, prompt=prompt, model=self._asked.model, outcome="failed",
                         seconds=round(time.monotonic() - began, 3))  # fmt: skip
            log.warning("language model gave no text", prompt=prompt, model=self._asked.model, reason=str(error))
            raise
        self._cache.put(key, {"text": written.text, "model": written.model})
        return self._told(prompt, written, "written", time.monotonic() - began)

    def _told(self, prompt: str, written: Written, outcome: str, seconds: float) -> Written:
        facts: dict[str, Any] = {
            "prompt": prompt, "model": written.model, "input_tokens": written.input_tokens,
            "output_tokens": written.output_tokens, "cost_usd": written.cost_usd, "seconds": round(seconds, 3),
        }  # fmt: skip
        log.info(f"text {outcome}", **facts)
        usage.record(self._folder, outcome=outcome, **facts)
        return written
