"""A server that speaks the OpenAI protocol: good, slow, broken, busy. The caller gets a text or a reason."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import tenacity

from include.config import Settings
from include.llm import provider
from include.llm.writer import Writer, WriterError, writer_from
from tests.servers.language_model import LanguageModel, Said, language_model

pytestmark = pytest.mark.integration
PROMPT, FACTS = "model_card.v1", {"section": "summary"}


@pytest.fixture(scope="module")
def server() -> Iterator[LanguageModel]:
    with language_model() as running:
        yield running


@pytest.fixture
def model(server: LanguageModel, monkeypatch: pytest.MonkeyPatch) -> LanguageModel:
    monkeypatch.setattr(provider, "BACK_OFF", tenacity.wait_fixed(0.01))
    server.asked.clear()
    server.keys.clear()
    return server


def writer_of(settings: Settings, model: LanguageModel, **chosen: Any) -> Writer:
    chosen = {"llm_model": "openai:local", "llm_base_url": model.url, "llm_timeout_s": 5.0, "llm_retries": 2} | chosen
    writer = writer_from(settings.model_copy(update=chosen))
    assert writer is not None
    return writer


def test_a_good_answer_comes_with_its_tokens(settings: Settings, model: LanguageModel) -> None:
    model.says("  A text. ")
    written = writer_of(settings, model, llm_max_tokens=321).write(PROMPT, FACTS)
    assert written == ("A text.", "openai:local", 11, 7, None)
    (asked,) = model.asked
    assert asked["model"] == "local"
    assert 321 in (asked.get("max_tokens"), asked.get("max_completion_tokens"))
    assert [message["role"] for message in asked["messages"]] == ["system", "user"]
    assert json.loads(asked["messages"][1]["content"]) == FACTS


def test_another_server_is_not_sent_the_key_of_openai(
    settings: Settings, model: LanguageModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-openai")
    model.says("A text.")
    writer_of(settings, model).write(PROMPT, FACTS)
    assert model.keys == ["Bearer not-set"]


def test_a_slow_server_is_left_in_time(settings: Settings, model: LanguageModel) -> None:
    model.says(Said("A text.", after=3))
    with pytest.raises(WriterError, match=r"no answer in 0\.3 s \(TAXI_LLM_TIMEOUT_S\)"):
        writer_of(settings, model, llm_timeout_s=0.3).write(PROMPT, FACTS)
    assert len(model.asked) == 1


BROKEN = [Said(status=500, body="{}"), Said(status=503, body="{}"), Said(cut=True, text="A text."),
          Said(body='{"id": "c1", "choices": [{"mess'), Said(body="<html>busy</html>"), Said(body="{}")]  # fmt: skip


@pytest.mark.parametrize("broken", BROKEN)
def test_what_fails_in_passing_is_tried_again(settings: Settings, model: LanguageModel, broken: Said) -> None:
    model.says(broken, broken, "A text.")
    assert writer_of(settings, model).write(PROMPT, FACTS).text == "A text."
    assert len(model.asked) == 3


@pytest.mark.parametrize("broken", BROKEN)
def test_what_stays_broken_is_a_reason(settings: Settings, model: LanguageModel, broken: Said) -> None:
    model.says(broken)
    with pytest.raises(WriterError, match="openai:local gave no text: "):
        writer_of(settings, model, llm_retries=1).write(PROMPT, FACTS)
    assert len(model.asked) == 2


def test_a_busy_server_is_asked_again_when_it_says(
    settings: Settings, model: LanguageModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(provider, "BACK_OFF", lambda _: pytest.fail("the server said when"))
    model.says(Said(status=429, retry_after="0", body="{}"), "A text.")
    assert writer_of(settings, model).write(PROMPT, FACTS).text == "A text."


def test_a_wait_beyond_the_time_is_not_begun(settings: Settings, model: LanguageModel) -> None:
    model.says(Said(status=429, retry_after="3600", body="{}"))
    with pytest.raises(WriterError, match="429"):
        writer_of(settings, model).write(PROMPT, FACTS)
    assert len(model.asked) == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_a_refusal_is_not_repeated_and_shows_no_key(settings: Settings, model: LanguageModel, status: int) -> None:
    model.says(Said(status=status, body='{"error": {"message": "Incorrect API key provided: sk-secret"}}'))
    with pytest.raises(WriterError) as told:
        writer_of(settings, model).write(PROMPT, FACTS)
    assert str(status) in str(told.value)
    assert "sk-secret" not in str(told.value)
    assert len(model.asked) == 1


def test_an_answer_that_was_cut_at_its_limit_is_none(settings: Settings, model: LanguageModel) -> None:
    model.says(Said("A text that", finish="length"))
    with pytest.raises(WriterError, match="TAXI_LLM_MAX_TOKENS"):
        writer_of(settings, model, llm_retries=0).write(PROMPT, FACTS)


def test_a_server_that_is_away_is_a_reason(settings: Settings) -> None:
    with pytest.raises(WriterError, match="cannot be reached"):
        writer_of(settings, LanguageModel("http://127.0.0.1:9/v1"), llm_retries=0).write(PROMPT, FACTS)


@pytest.mark.parametrize(("model", "key"), [("openai:gpt-5", "OPENAI_API_KEY"),
                                            ("anthropic:claude-haiku-4-5", "ANTHROPIC_API_KEY")])  # fmt: skip
def test_a_missing_key_is_told_before_anything_is_asked(
    settings: Settings, model: str, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(WriterError, match=key):
        writer_from(settings.model_copy(update={"llm_model": model}))
    monkeypatch.setenv(key, "sk-x")
    assert writer_from(settings.model_copy(update={"llm_model": model})) is not None
