"""Any provider that pydantic-ai knows, asked for one text. Imported only where a language model is configured."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

import tenacity
from pydantic_ai.direct import model_request
from pydantic_ai.exceptions import (
    AgentRunError,
    ModelAPIError,
    ModelConnectionError,
    ModelHTTPError,
    ModelQuotaExceededError,
    ModelRequestRejectedError,
    ModelTimeoutError,
    UnexpectedModelBehavior,
    UserError,
)
from pydantic_ai.messages import ModelMessage, ModelRequest, ModelResponse, UserPromptPart
from pydantic_ai.models import Model, infer_model
from pydantic_ai.providers import Provider as Connection
from pydantic_ai.providers import infer_provider_class
from pydantic_ai.settings import ModelSettings

from include.config import Settings
from include.errors import WriterError
from include.llm.writer import Written

FOR_GOOD = (ModelQuotaExceededError, ModelRequestRejectedError)
"""Faults that another try meets again; what is away, busy, broken or cut short may be there the next time."""
NO_KEY = "not-set"
"""Local servers ask for none, and the client wants one."""
GRACE_SECONDS = 1.0
"""A loop that ends waits for its look-ups of names, which nothing can call off; the caller does not."""
BACK_OFF = tenacity.wait_exponential(multiplier=0.5, max=8)


class Provider:
    """Asks the model that settings name, or the one that is handed over."""

    def __init__(self, settings: Settings, model: Model | None = None) -> None:
        """WriterError for a name that nobody provides or a key that is missing: known before anything is asked."""
        self.model = settings.llm_model
        self._settings, self._given = settings, model
        try:
            self._connected()
        except (UserError, ImportError, TypeError, ValueError) as error:
            raise WriterError(
                f"TAXI_LLM_MODEL={self.model} cannot be asked: {str(error).partition('. ')[0]}."
            ) from None

    def ask(self, instructions: str, message: str, seconds: float) -> Written:
        """The model's text within so many seconds, tries and pauses included.

        WriterError otherwise; it names the fault and never what was sent or answered, which may hold part of a key.
        """
        end = time.monotonic() + seconds
        tries = tenacity.Retrying(
            stop=tenacity.stop_after_attempt(self._settings.llm_retries + 1) | tenacity.stop_before_delay(seconds),
            wait=_pause, retry=tenacity.retry_if_exception(_may_pass), reraise=True,
        )  # fmt: skip

        def once() -> ModelResponse:
            return asyncio.run(self._request(instructions, message, end - time.monotonic()))

        aside = ThreadPoolExecutor(1)  # a loop of its own: the caller's thread may run one already
        try:
            return _written(aside.submit(tries, once).result(seconds + GRACE_SECONDS), self.model)
        except (AgentRunError, UserError, TimeoutError) as error:
            raise WriterError(f"{self.model} gave no text: {_told(error, seconds)}.") from None
        finally:
            aside.shutdown(wait=False)

    async def _request(self, instructions: str, message: str, seconds: float) -> ModelResponse:
        request: ModelMessage = ModelRequest(parts=[UserPromptPart(message)], instructions=instructions)
        chosen = ModelSettings(max_tokens=self._settings.llm_max_tokens, max_retries=0)
        async with asyncio.timeout(seconds), self._connected() as model:
            response = await model_request(model, [request], model_settings=chosen)
        if response.finish_reason == "length" or not (response.text or "").strip():
            raise UnexpectedModelBehavior("the answer was empty or cut at TAXI_LLM_MAX_TOKENS")
        return response

    def _connected(self) -> Model:
        """A client of this call's own: one cannot be shared by the loops of several threads."""
        if self._given is not None:
            return self._given
        name = self.model
        if self._settings.llm_base_url and name.startswith("openai:"):
            name = name.replace("openai:", "openai-chat:", 1)  # what compatible servers speak
        return infer_model(name, self._provider)

    def _provider(self, name: str) -> Connection[object]:
        """A key of the environment goes to its owner only: another server is sent TAXI_LLM_API_KEY or none."""
        key, url = self._settings.llm_api_key.get_secret_value(), self._settings.llm_base_url
        given = {"base_url": url, "api_key": key or NO_KEY} if url else {"api_key": key} if key else {}
        made: Connection[object] = infer_provider_class(name)(**given)
        return made


def _may_pass(error: BaseException) -> bool:
    return isinstance(error, ModelAPIError | UnexpectedModelBehavior) and not isinstance(error, FOR_GOOD)


def _pause(state: tenacity.RetryCallState) -> float:
    """Seconds until the next try: what the server asked for, else longer each time."""
    error = state.outcome.exception() if state.outcome else None
    asked = error.retry_after if isinstance(error, ModelAPIError) else None
    return BACK_OFF(state) if asked is None else asked


def _written(response: ModelResponse, model: str) -> Written:
    usage = response.usage
    return Written((response.text or "").strip(), model, usage.input_tokens, usage.output_tokens, _cost(response))


def _cost(response: ModelResponse) -> float | None:
    """US dollars by the published prices, None for a model that has none."""
    try:
        return float(response.cost().total_price)
    except (AssertionError, LookupError, ValueError):
        return None


def _told(error: Exception, seconds: float) -> str:
    if isinstance(error, ModelHTTPError):
        return f"its server answered {error.status_code}"
    if isinstance(error, TimeoutError | ModelTimeoutError):
        return f"no answer in {seconds:g} s (TAXI_LLM_TIMEOUT_S)"
    if isinstance(error, ModelConnectionError):
        return "its server cannot be reached"
    return "its answer could not be read" if error.__cause__ else str(error).rstrip(".")
