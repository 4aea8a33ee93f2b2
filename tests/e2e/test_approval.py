"""A promotion waits for a person, who reads the comparison in Airflow and approves it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from include.config import Settings
from tests.conftest import absent
from tests.e2e.inside import airflow, listen, signed_in
from tests.e2e.test_journey import shoot

pytestmark = [pytest.mark.e2e, pytest.mark.journey]
QUESTION = re.compile("Promote the new champions of")
GO_ON_MS = 180_000
"""The run takes up the answer, and registers."""


@pytest.fixture
def waiting(running: Settings, page: Page) -> str:
    """The address of a promotion's open question; skips where none waits."""
    signed_in(running, page, "/required_actions")
    question = page.get_by_role("link", name=QUESTION)
    try:
        question.first.wait_for(timeout=20_000)
    except PlaywrightTimeoutError:
        absent("no promotion waits for a person: make run TAXI_APPROVAL=1, and look while its newest month registers")
    return str(question.first.get_attribute("href"))


def test_a_person_reads_the_comparison_and_approves(running: Settings, page: Page, waiting: str) -> None:
    heard = listen(page)
    page.goto(airflow(running, waiting))
    expect(page.get_by_role("table").first).to_be_visible()
    shoot(page, "approval")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("button", name="Approve")).to_be_disabled()
    run = waiting.split("/tasks/")[0]
    page.goto(airflow(running, f"{run}/tasks/register.register_best"))
    expect(page.get_by_text("Success", exact=True).first).to_be_visible(timeout=GO_ON_MS)
    shoot(page, "approved")
    page.goto(airflow(running, "/required_actions"))
    expect(page.get_by_role("link", name=QUESTION)).to_have_count(0)
    assert heard.nothing()
