"""The quality report in a real browser: everything is drawn, on any screen, and nothing is asked for."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Dialog, Page, expect

from include.config import Settings
from include.processing.quality_report import generate_html_report
from include.processing.report.zone_map import SIZE
from include.trips.outlines import zone_paths
from tests.e2e.test_journey import shoot
from tests.unit.processing.reports import drift, hostile_report, month_report

pytestmark = pytest.mark.e2e


def listen(page: Page) -> tuple[list[str], list[str]]:
    """What the console says, and every address that the page asks for."""
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("request", lambda request: asked.append(request.url))
    return said, asked


def opened(page: Page, address: str) -> None:
    """Opens a report; it may ask for itself only, say nothing and be no wider than the screen."""
    said, asked = listen(page)
    page.goto(address)
    expect(page.locator("#verdict")).to_be_visible()
    assert (said, asked) == ([], [address])
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def is_drawn(page: Page) -> None:
    """Bars have a width, histograms a height, and every zone of the map a place on the screen."""
    bars = page.locator("#waterfall .bar")
    assert bars.count() >= 2
    assert min(bars.nth(n).bounding_box()["width"] for n in range(bars.count())) >= 2  # type: ignore[index]
    assert page.locator("#distributions rect").count() >= 3
    zones = page.locator("#map #zones path")
    assert zones.count() == len(zone_paths(SIZE))
    seen = zones.evaluate_all("paths => paths.filter(p => p.getBoundingClientRect().width > 0).length")
    assert seen == zones.count()
    assert page.locator("#map #zones path[class='s0']").count() < zones.count(), "some zone has pick-ups"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_a_report_is_readable_on_a_phone_and_a_laptop(page: Page, tmp_path: Path, scheme: str, width: int) -> None:
    path = tmp_path / "2019-03.html"
    path.write_text(generate_html_report(month_report(drift=(drift("alarm"), drift(segment="vendor")))))
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    opened(page, path.as_uri())
    is_drawn(page)
    luminance = page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g)[0]")
    assert (int(luminance) > 128) == (scheme == "light")
    shoot(page, f"quality_{scheme}_{width}")


def test_hostile_text_is_text(page: Page, tmp_path: Path) -> None:
    path = tmp_path / "hostile.html"
    path.write_text(generate_html_report(hostile_report()))
    dialogs: list[Dialog] = []
    page.on("dialog", lambda dialog: dialogs.append(dialog))
    opened(page, path.as_uri())
    assert page.locator("script, img").count() == 0
    assert dialogs == []


def test_the_months_of_the_platform_have_reports_that_lead_to_data_docs(running: Settings, page: Page) -> None:
    folder = running.home / "reports" / "quality" / running.service
    for month in running.months:
        opened(page, (folder / f"{month}.html").as_uri())
        is_drawn(page)
        shoot(page, f"quality_{month}")
    page.get_by_role("link", name="Data Docs, raw month").click()
    expect(page.get_by_text("pickup_in_month").first).to_be_visible()
