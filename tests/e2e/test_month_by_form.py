"""A month is asked for in Airflow's form, and the grid turns green."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from include.config import Settings
from tests.e2e.inside import listen, shown, signed_in
from tests.e2e.test_journey import shoot

pytestmark = pytest.mark.e2e
PATIENCE = 300_000
"""Milliseconds for a month on a machine that does other things too."""
IS_GREEN = """cell => {
  const badge = cell && cell.querySelector("[data-testid=task-state-badge]");
  if (!badge) return false;
  const canvas = document.createElement("canvas").getContext("2d");
  canvas.fillStyle = getComputedStyle(badge).backgroundColor;
  canvas.fillRect(0, 0, 1, 1);
  const [red, green, blue, opaque] = canvas.getImageData(0, 0, 1, 1).data;
  return opaque > 0 && green > 80 && red < green / 2 && blue < green / 2;
}"""
"""JavaScript: a cell of the grid is painted green, whatever way of writing colours the page uses."""


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


def turns_green(page: Page, cell: str) -> None:
    """Waits until the grid, which follows the run by itself, shows the cell in green."""
    page.wait_for_function(f"id => ({IS_GREEN})(document.getElementById(id))", arg=cell, timeout=PATIENCE)


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
        turns_green(page, f"grid-{run}-{phase}")
    training = page.locator(f'[id="grid-{run}-train"]')
    expect(training.get_by_test_id("task-state-badge")).to_be_visible()
    assert not training.evaluate(IS_GREEN), "training was switched off in the form"
    shoot(page, "grid")
    page.get_by_role("link", name="Quality report").click()
    expect(shown(page, "Quality report").locator("#verdict")).to_be_visible()
    assert heard.nothing()
