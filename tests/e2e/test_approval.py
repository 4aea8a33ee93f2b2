"""A promotion waits for a person, who reads the comparison in Airflow and approves it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from include.config import Settings
from tests.conftest import absent
from tests.e2e.inside import airflow, listen, signed_in
from tests.e2e.test_journey import shoot

pytestmark = [pytest.mark.e2e, pytest.mark.journey]
LOAD_MS = 60_000
"""The API looks for a new champion every TAXI_RELOAD_SECONDS, and a run goes on after the answer."""


@pytest.fixture
def waiting(running: Settings, page: Page) -> str:
    """The address of a promotion's open question; skips where none waits."""
    signed_in(running, page, "/required_actions")
    question = page.get_by_role("link", name=re.compile(r"Promote the new champions of"))
    try:
        question.first.wait_for(timeout=20_000)
    except Exception:  # noqa: BLE001 - Playwright's own error, which says no more
        absent("no promotion waits for a person: make run TAXI_APPROVAL=1, and look while its newest month registers")
    return str(question.first.get_attribute("href"))


def test_a_person_reads_the_comparison_and_approves(running: Settings, page: Page, waiting: str) -> None:
    heard = listen(page)
    page.goto(airflow(running, waiting))
    expect(page.get_by_text("Promote the new champions of").first).to_be_visible()
    shoot(page, "approval")
    page.get_by_role("button", name="Approve").click()
    shoot(page, "approved")
    assert heard.nothing()
