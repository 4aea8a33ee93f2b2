"""A language model is asked only where one is configured, once for the same facts, and its tokens are counted."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from pydantic_ai.messages import ModelMessage, ModelResponse, TextPart
from pydantic_ai.models.function import AgentInfo, FunctionModel
from pydantic_ai.models.test import TestModel
from pydantic_ai.usage import RequestUsage

from include.config import Settings, load_settings
from include.errors import SettingsError
from include.llm import answer_cache, usage
from include.llm.answer_cache import AnswerCache
from include.llm.prompts import FOLDER
from include.llm.provider import Provider, _cost
from include.llm.writer import CachedWriter, WriterError, Written, writer_from

PROMPT = "model_card.v1"
FACTS = {"section": "summary", "{test_loss}": "2.12 USD"}


@pytest.fixture
def asking(settings: Settings) -> Settings:
    return settings.model_copy(update={"llm_model": "openai:gpt-5-mini", "llm_retries": 0})


class Counted:
    """A model that says the same, and counts how often it was asked."""

    model = "test:counted"

    def __init__(self, *told: str) -> None:
        self.told, self.asked = list(told), 0

    def ask(self, instructions: str, message: str, seconds: float) -> Written:
        self.asked += 1
        if not self.told:
            raise WriterError("nothing to say")
        return Written(self.told[-1], self.model, 12, 3, 0.5)


def test_by_default_there_is_no_writer_and_no_library_of_one_is_loaded(tmp_path: Path) -> None:
    script = (
        "import sys\nfrom include.config import load_settings\nfrom include.llm.writer import writer_from\n"
        "import include.llm.model_card, include.llm.champion_cards, include.serving.api\n"
        f"assert writer_from(load_settings({{'home': {str(tmp_path)!r}}})) is None\n"
        "print(sorted(name for name in sys.modules if name.split('.')[0] in ('pydantic_ai', 'openai', 'anthropic')))"
    )
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(Path(__file__).parents[3])}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_prompt_goes_as_instructions_and_the_facts_as_data(asking: Settings) -> None:
    seen: list[Any] = []

    def answer(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        seen.extend(messages)
        return ModelResponse(parts=[TextPart("A text.")])

    written = CachedWriter(Provider(asking, FunctionModel(answer)), asking).write(PROMPT, FACTS)
    assert written.text == "A text."
    (request,) = seen
    assert request.instructions == (FOLDER / f"{PROMPT}.md").read_text()
    assert [json.loads(part.content) for part in request.parts] == [FACTS]


def test_the_same_facts_are_asked_once_and_other_ones_again(asking: Settings) -> None:
    asked = Counted("A text.")
    writer = CachedWriter(asked, asking)
    first, again = writer.write(PROMPT, FACTS), CachedWriter(asked, asking).write(PROMPT, dict(reversed(FACTS.items())))
    assert (first.text, first.input_tokens, first.cost_usd) == ("A text.", 12, 0.5)
    assert (again.text, again.input_tokens, again.cost_usd) == ("A text.", 0, 0.0)
    assert asked.asked == 1
    writer.write(PROMPT, FACTS | {"section": "data"})
    CachedWriter(asked, asking.model_copy(update={"llm_model": "openai:other"})).write(PROMPT, FACTS)
    assert asked.asked == 3


def test_a_prompt_that_was_changed_is_asked_anew(asking: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Counted("A text.")
    CachedWriter(asked, asking).write(PROMPT, FACTS)
    monkeypatch.setattr("include.llm.writer.prompts.read", lambda _: "another wording")
    CachedWriter(asked, asking).write(PROMPT, FACTS)
    assert asked.asked == 2


def test_every_call_is_counted_without_its_facts_or_its_text(asking: Settings) -> None:
    writer = CachedWriter(Counted("A text."), asking)
    writer.write(PROMPT, FACTS)
    writer.write(PROMPT, FACTS)
    with pytest.raises(WriterError):
        CachedWriter(Counted(), asking).write(PROMPT, FACTS | {"section": "slices"})
    lines = (asking.llm_home / usage.FILE).read_text().splitlines()
    rows = [json.loads(line) for line in lines]
    assert [(row["outcome"], row.get("input_tokens"), row.get("cost_usd")) for row in rows] == [
        ("written", 12, 0.5), ("kept", 0, 0.0), ("failed", None, None),
    ]  # fmt: skip
    assert not any("A text" in line or "2.12" in line for line in lines)


def test_what_cannot_be_called_off_is_not_waited_for(asking: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("include.llm.provider.GRACE_SECONDS", 0.1)
    given_up = Event()

    async def stuck(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        given_up.wait(60)  # as a look-up of a name does: no cancellation ends it
        return ModelResponse(parts=[TextPart("Too late.")])

    with pytest.raises(WriterError, match=r"no answer in 0\.1 s"):
        Provider(asking, FunctionModel(stuck)).ask("say", "this", 0.1)
    given_up.set()


def test_a_model_that_gave_no_text_is_not_waited_for_again_at_once(
    asking: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = Counted()
    writer = CachedWriter(asked, asking)
    for reason in ("nothing to say", "is asked again after 30 s"):
        with pytest.raises(WriterError, match=reason):
            writer.write(PROMPT, FACTS)
    assert asked.asked == 1
    later = time.monotonic() + 31
    monkeypatch.setattr("include.llm.writer.time.monotonic", lambda: later)
    asked.told = ["A text."]
    assert writer.write(PROMPT, FACTS).text == "A text."


def test_a_damaged_kept_text_is_written_again(asking: Settings) -> None:
    asked = Counted("A text.")
    CachedWriter(asked, asking).write(PROMPT, FACTS)
    (kept,) = (asking.llm_home / "cache").glob("*.json")
    kept.write_text("{")
    assert CachedWriter(asked, asking).write(PROMPT, FACTS).text == "A text."
    assert asked.asked == 2


def test_a_folder_that_cannot_be_written_costs_no_text(asking: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    nowhere = asking.model_copy(update={"llm_folder": str(tmp_path / "file" / "llm")})
    assert CachedWriter(Counted("A text."), nowhere).write(PROMPT, FACTS).text == "A text."


def test_the_longest_unused_texts_go_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answer_cache, "KEPT", 2)
    cache = AnswerCache(tmp_path)
    for key in ("a", "b"):
        cache.put(key, {"text": key, "model": "m"})
    os.utime(tmp_path / "a.json", (1, 1))
    os.utime(tmp_path / "b.json", (2, 2))
    assert cache.get("a")  # used now, so b is the older one
    cache.put("c", {"text": "c", "model": "m"})
    assert sorted(path.stem for path in tmp_path.glob("*.json")) == ["a", "c"]


def test_a_long_count_begins_a_new_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(usage, "LARGEST", 10)
    for number in range(3):
        usage.record(tmp_path, number=number)
    assert json.loads((tmp_path / usage.FILE).read_text())["number"] == 2
    assert json.loads((tmp_path / f"{usage.FILE}.1").read_text())["number"] == 1


def test_an_unknown_prompt_names_the_known_ones(asking: Settings) -> None:
    for name in ("model_card.v99", "../errors", "model_card"):
        with pytest.raises(WriterError, match=r"model_card\.v1"):
            CachedWriter(Counted("x"), asking).write(name, FACTS)


def test_a_provider_that_nobody_knows_is_told_before_it_is_asked(settings: Settings) -> None:
    with pytest.raises(WriterError, match=r"TAXI_LLM_MODEL=nobody:x cannot be asked: Unknown provider"):
        writer_from(settings.model_copy(update={"llm_model": "nobody:x"}))


@pytest.mark.parametrize("model", ["gpt-5", "openai:", "two words:x y"])
def test_a_model_without_a_provider_is_refused_by_name(settings: Settings, model: str) -> None:
    with pytest.raises(SettingsError, match="TAXI_LLM_MODEL"):
        load_settings({"llm_model": model})


def test_a_cost_is_known_where_a_price_is_published() -> None:
    used = RequestUsage(input_tokens=1_000_000, output_tokens=0)
    priced = ModelResponse(parts=[TextPart("x")], usage=used, model_name="gpt-4o-mini", provider_name="openai")
    assert _cost(priced) == pytest.approx(0.15)
    assert _cost(ModelResponse(parts=[TextPart("x")], usage=used, model_name="at-home", provider_name="openai")) is None


def test_settings_never_show_the_key(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAXI_LLM_API_KEY", "sk-hidden")
    assert "sk-hidden" not in repr(load_settings())


@pytest.mark.parametrize("told", ["", "   "])
def test_an_empty_answer_is_none(asking: Settings, told: str) -> None:
    with pytest.raises(WriterError, match="empty or cut"):
        CachedWriter(Provider(asking, TestModel(custom_output_text=told)), asking).write(PROMPT, FACTS)


def test_a_writer_works_inside_a_running_loop(asking: Settings) -> None:
    async def inside() -> str:
        return CachedWriter(Provider(asking, TestModel(custom_output_text="A text.")), asking).write(PROMPT, FACTS).text

    assert asyncio.run(inside()) == "A text."
