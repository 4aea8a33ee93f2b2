"""Nothing there yet, and everything away: each page says so and what to do, and never shows a traceback."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from include.dashboard.navigation import PAGES
from tests.e2e.test_journey import only_local, shoot

pytestmark = pytest.mark.e2e
ONLY_THE_API = ("playground", "cards", "ask")
ADDRESSES = [address for _, address, *_ in PAGES]


def told(tab: Page, url: str, address: str) -> str:
    """What a page says in its boxes, once it is drawn."""
    asked = only_local(tab)
    tab.goto(f"{url}/{address if address != ADDRESSES[0] else ''}")
    expect(tab.get_by_test_id("stAlert").first).to_be_visible()
    tab.wait_for_timeout(1000)
    tab.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')
    assert tab.get_by_test_id("stException").count() == 0
    assert "Traceback" not in tab.content()
    assert asked == []
    return " ".join(tab.get_by_test_id("stAlert").all_inner_texts())


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_empty_home_says_what_fills_it(tab: Page, empty: str, address: str) -> None:
    said = told(tab, empty, address)
    assert "make " in said
    shoot(tab, f"dashboard_empty_{address}")


@pytest.mark.parametrize("address", [a for a in ADDRESSES if a not in ONLY_THE_API])
def test_a_warehouse_that_is_away_is_named(tab: Page, without_database: str, address: str) -> None:
    said = told(tab, without_database, address)
    assert "the warehouse does not answer" in said
    assert "taxi:taxi" not in said, "the password stays out of sight"
    shoot(tab, f"dashboard_away_{address}")


def test_a_champion_that_cannot_answer_is_degraded_everywhere(tab: Page, degraded: str) -> None:
    for address in ("playground", "operations", ""):
        said = told(tab, degraded, address)
        assert "degraded" in said.lower()
    tab.goto(f"{degraded}/playground")
    expect(tab.get_by_text("take these numbers as rough")).to_be_visible()
    shoot(tab, "dashboard_degraded")


def test_an_api_that_is_away_is_named_and_the_rest_stays(tab: Page, without_api: str) -> None:
    for address in ONLY_THE_API:
        said = told(tab, without_api, address)
        assert "does not answer" in said
        assert "make run" in said
    tab.goto(f"{without_api}/operations")
    expect(tab.get_by_text("Duration, yellow").first).to_be_visible()
