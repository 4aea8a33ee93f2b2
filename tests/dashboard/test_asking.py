"""Ask and Model Cards before the real API; before a stand-in, what the real one does not do at will."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.dashboard.assistant import MODEL, stand_in
from tests.dashboard.conftest import Running, dashboard_of, ended, free_port
from tests.dashboard.test_pages import Watched
from tests.e2e.test_journey import shoot

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def assisted(running: Running) -> Iterator[str]:
    """A second dashboard on the filled home, whose API is the stand-in."""
    with stand_in() as address:
        own = {"TAXI_API_URL": address, "TAXI_DASHBOARD_PORT": str(free_port())}
        shown, url = dashboard_of(running.environment | own)
        yield url
        ended(shown)


@pytest.fixture
def watched(tab: Page, running: Running) -> Watched:
    return Watched(tab, running.url)


@pytest.fixture
def asking(tab: Page, assisted: str) -> Watched:
    watched = Watched(tab, assisted)
    watched.open("Ask")
    return watched


def ask(watched: Watched, question: str) -> None:
    watched.tab.get_by_test_id("stChatInputTextArea").fill(question)
    watched.tab.get_by_test_id("stChatInputTextArea").press("Enter")
    watched.settled()


def answers(tab: Page) -> Locator:
    return tab.get_by_test_id("stChatMessage").filter(has=tab.get_by_text("Request "))


def test_the_assistant_answers_numbers_comparisons_words_and_says_what_it_does_not_know(watched: Watched) -> None:
    tab = watched.tab
    watched.open("Ask")
    tab.get_by_role("button", name="What is the error of the fare champion on its test month?").click()
    expect(answers(tab).last).to_contain_text("mean absolute error")
    expect(answers(tab).last.get_by_test_id("stDataFrame")).to_be_visible()
    for question, said in (
        ("Which family predicts durations best?", "the best of families"),
        ("What is manhattan_km?", "distance along the street grid"),
        ("How do I make a prediction?", "README.md"),
        ("What will the weather be tomorrow in Paris?", "do not know"),
    ):
        ask(watched, question)
        expect(answers(tab).last).to_contain_text(said)
    expect(answers(tab).last.get_by_test_id("stAlert")).to_be_visible()
    watched.is_clean()
    shoot(tab, "dashboard_ask_real")
    answers(tab).first.get_by_role("link", name="model_performance").click()
    expect(tab.locator("h1")).to_have_text("Model Comparison")
    watched.settled()
    expect(tab.get_by_text("nyc_taxi_yellow_fare_usd: version")).to_be_visible()


def test_each_champions_card_is_there_and_fits_a_phone(watched: Watched) -> None:
    tab = watched.tab
    watched.open("Model Cards")
    for target in ("duration_min", "fare_usd", "high_tip"):
        name = f"nyc_taxi_yellow_{target}"
        if target != "duration_min":
            tab.get_by_role("combobox", name="Model").click()
            tab.get_by_role("option", name=name).click()
            watched.settled()
        expect(tab.get_by_role("heading", name=f"Model card: {name}, version")).to_be_visible()
        expect(tab.get_by_text("the champion, ")).to_be_visible()
    tab.set_viewport_size({"width": 390, "height": 844})
    watched.settled()
    watched.is_clean()


def test_an_example_is_answered_with_facts_and_sources(asking: Watched) -> None:
    tab = asking.tab
    tab.get_by_role("button", name="What does coverage mean?").click()
    expect(tab.get_by_text("The champion errs by")).to_contain_text("$2.31 a trip, and by $2.75 in Queens")
    asking.settled()
    expect(tab.get_by_test_id("stDataFrame")).to_be_visible()
    tab.get_by_text("The dashboard (docs/DASHBOARD.md)").click()
    expect(tab.get_by_text("people who would rather look than read")).to_be_visible()
    expect(tab.get_by_text("Not a document")).to_be_visible()
    asking.is_clean()
    shoot(tab, "dashboard_ask_answered")


def test_a_source_leads_to_its_page_and_the_conversation_stays(asking: Watched) -> None:
    tab = asking.tab
    ask(asking, "how good are fares?")
    tab.get_by_role("link", name="Scores of the fare models").click()
    expect(tab.locator("h1")).to_have_text("Model Comparison")
    asking.settled()
    expect(tab.get_by_text(f"{MODEL}: version")).to_be_visible()
    asking.open("Ask")
    expect(tab.get_by_text("how good are fares?")).to_be_visible()
    tab.get_by_role("button", name="Forget this conversation").click()
    asking.settled()
    expect(tab.get_by_test_id("stChatMessage")).to_have_count(0)


def test_not_knowing_and_refusals_are_told_apart(asking: Watched) -> None:
    tab = asking.tab
    ask(asking, "weather tomorrow?")
    expect(tab.get_by_text("The assistant does not know")).to_be_visible()
    ask(asking, "refuse")
    expect(tab.get_by_text("Type a key into the field at the left")).to_be_visible()
    ask(asking, "break")
    expect(tab.get_by_text("the warehouse is away")).to_be_visible()
    expect(tab.get_by_text("weather tomorrow?")).to_be_visible()
    expect(tab.get_by_text("refuse", exact=True)).to_have_count(0)
    asking.is_clean()


def test_a_card_is_read_and_kept_and_fetches_nothing(asking: Watched, assisted: str) -> None:
    tab = asking.tab
    asking.open("Model Cards")
    expect(tab.get_by_role("heading", name=f"Card of {MODEL}, version 3")).to_be_visible()
    expect(tab.get_by_text("It costs $5 and $7.")).to_be_visible()
    with tab.expect_download() as told:
        tab.get_by_role("button", name="Download this card").click()
    assert Path(told.value.path()).read_text().startswith(f"# Card of {MODEL}, version 3")
    asking.is_clean()
    tab.goto(f"{assisted}/cards?model={MODEL}&version=2")
    expect(tab.get_by_role("heading", name=f"Card of {MODEL}, version 2")).to_be_visible()
    shoot(tab, "dashboard_card")
