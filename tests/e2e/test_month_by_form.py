"""A month is asked for in Airflow's form, and the grid turns green."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from include.config import Settings
from tests.e2e.inside import listen, shown, signed_in
from tests.e2e.test_journey import shoot

pytestmark = pytest.mark.e2e
PATIENCE_S = 300
"""For a month, on a machine that does other things too."""
COLOUR = """badge => {
  const canvas = document.createElement("canvas").getContext("2d");
  canvas.fillStyle = getComputedStyle(badge).backgroundColor;
  canvas.fillRect(0, 0, 1, 1);
  return [...canvas.getImageData(0, 0, 1, 1).data];
}"""
"""JavaScript: red, green, blue and opacity of what a part is painted with, however the page writes its colours."""


def fill_form(page: Page, month: str, train: str) -> None:
    """Airflow's form for a run: what to train, and the month as partition key."""
    page.get_by_role("button", name="Trigger").first.click()
    form = page.get_by_role("dialog")
    form.locator("[name=element_newest_month]").fill(month)
    form.get_by_role("combobox").first.click()
    page.get_by_role("option", name=re.compile(f"^{train}")).click()
    form.get_by_text("Advanced Options").click()
    form.get_by_label("Partition Key").fill(month)
    shoot(page, "form")
    form.get_by_role("button", name="Trigger").click()


def wait_for_colour(page: Page, run: str, phase: str, wanted: Callable[[int, int, int], bool]) -> None:
    """Until the grid, which follows the run by itself, shows a phase in that colour."""
    badge = page.locator(f'[id="grid-{run}-{phase}"]').get_by_test_id("task-state-badge")
    badge.scroll_into_view_if_needed()
    deadline = time.monotonic() + PATIENCE_S
    while not wanted(*badge.evaluate(COLOUR)[:3]):
        assert time.monotonic() < deadline, f"{phase} of {run} is painted {badge.evaluate(COLOUR)}"
        page.wait_for_timeout(500)
    expect(badge).to_be_in_viewport()


def green(r: int, g: int, b: int) -> bool:
    """What Airflow paints a success with."""
    return g > 80 and max(r, b) < g / 2


def pink(r: int, g: int, b: int) -> bool:
    """What Airflow paints a skipped task with."""
    return r > 150 and g < 100 and b > 50


def test_a_month_from_the_form_turns_the_grid_green(running: Settings, page: Page) -> None:
    month = str(running.months[0])
    signed_in(running, page, f"/dags/nyc_taxi_{running.service}_monthly")
    heard = listen(page)
    fill_form(page, month, "never")
    page.wait_for_url(re.compile("/runs/manual__"))
    run = page.url.split("/runs/")[1].split("/")[0]
    expect(page.get_by_text("Partition Key").first).to_be_visible()
    expect(page.get_by_text(month, exact=True).first).to_be_visible()
    for phase in ("ingest", "validate", "features"):
        wait_for_colour(page, run, phase, green)
    wait_for_colour(page, run, "train", green)  # it looked for earlier months; the training itself is skipped
    wait_for_colour(page, run, "register", pink)
    shoot(page, "grid")
    page.get_by_role("link", name="Quality report").click()
    expect(shown(page, "Quality report").locator("#verdict")).to_be_visible()
    assert heard.nothing()
