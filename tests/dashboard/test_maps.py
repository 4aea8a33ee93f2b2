"""The map of the zones under a hand, a finger and the keys."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import CDPSession, Locator, Page, expect, sync_playwright

from tests.dashboard.conftest import Running
from tests.dashboard.test_pages import Watched, watched, zone_of
from tests.e2e.conftest import BROWSER_OPTIONS
from tests.e2e.test_journey import shoot

__all__ = ["watched"]
pytestmark = pytest.mark.e2e
MIDTOWN, JFK = 161, 132


def view(tab: Page) -> tuple[float, ...]:
    """What the map shows: left, top, width, height."""
    return tuple(float(number) for number in (tab.locator(".zone-map svg").get_attribute("viewBox") or "").split())


def middle(drawn: Locator) -> tuple[float, float]:
    """On the screen."""
    box = drawn.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def ground(tab: Page) -> Locator:
    """The map, without its title and legend."""
    return tab.locator(".zone-map svg")


@pytest.fixture
def explorer(watched: Watched) -> Page:
    watched.open("Dataset Explorer")
    watched.tab.locator(".zone-map svg").scroll_into_view_if_needed()
    return watched.tab


def test_a_zone_says_what_it_is_and_has(explorer: Page) -> None:
    zone_of(explorer, MIDTOWN).hover()
    words = explorer.locator(".zone-map-words")
    expect(words).to_contain_text("Midtown Center (161)")
    expect(words).to_contain_text("Manhattan")
    expect(words).to_contain_text("trips")
    label = zone_of(explorer, MIDTOWN).get_attribute("aria-label")
    assert label == words.inner_text().replace("\n", ", ")
    shoot(explorer, "dashboard_map_words")
    explorer.locator("h1").hover()
    expect(words).to_be_hidden()


def test_a_drag_moves_the_map_and_chooses_nothing(explorer: Page) -> None:
    before, address = view(explorer), explorer.url
    x, y = middle(ground(explorer))
    explorer.mouse.move(x, y)
    explorer.mouse.down()
    explorer.mouse.move(x + 60, y - 30, steps=4)
    explorer.mouse.up()
    explorer.wait_for_timeout(1500)
    left, top, *size = view(explorer)
    assert (left < before[0], top > before[1], tuple(size)) == (True, True, before[2:])
    assert explorer.url == address


def test_the_wheel_comes_nearer_to_what_it_points_at(explorer: Page) -> None:
    zone_of(explorer, MIDTOWN).hover()
    before, place = view(explorer), middle(zone_of(explorer, MIDTOWN))
    explorer.mouse.wheel(0, -240)
    explorer.wait_for_timeout(300)
    assert view(explorer)[2] < before[2]
    assert middle(zone_of(explorer, MIDTOWN)) == pytest.approx(place, abs=3)
    explorer.get_by_role("button", name="As it began").click()
    assert view(explorer) == before


def test_new_values_colour_the_same_areas_where_the_reader_has_moved_them(explorer: Page, watched: Watched) -> None:
    explorer.get_by_role("button", name="Nearer").click()
    before = view(explorer)
    explorer.evaluate(f"window.zone = document.querySelector('[data-zone=\"{MIDTOWN}\"]')")
    fill = explorer.evaluate("window.zone.style.fill")
    explorer.get_by_label("Measure").click()
    explorer.get_by_role("option", name="Speed").click()
    expect(explorer.locator(".zone-map-title")).to_have_text("Speed by pick-up zone")
    watched.settled()
    assert explorer.evaluate(f"window.zone === document.querySelector('[data-zone=\"{MIDTOWN}\"]')")
    assert explorer.evaluate("window.zone.style.fill") != fill, "the busiest zones are the slowest"
    assert view(explorer) == before


def test_keys_go_from_zone_to_zone_choose_one_and_leave_in_one_step(explorer: Page, watched: Watched) -> None:
    explorer.locator(".zone-map svg").focus()
    names = []
    for key in ("ArrowDown", "ArrowUp", "ArrowLeft", "ArrowRight"):
        explorer.keyboard.press(key)
        names.append(explorer.evaluate("document.activeElement.dataset.name"))
        expect(explorer.locator(".zone-map-words")).to_contain_text(names[-1])
    assert all(names)
    explorer.keyboard.press("Tab")
    assert explorer.evaluate("document.activeElement.getAttribute('aria-label')") == "Nearer"
    explorer.keyboard.press("Shift+Tab")
    explorer.keyboard.press("ArrowDown")
    chosen = explorer.evaluate("document.activeElement.dataset.name")
    explorer.keyboard.press("Enter")
    expect(explorer.get_by_text(f"Trips by month, {chosen}")).to_be_visible()
    watched.settled()
    watched.is_clean()


def test_keys_bring_a_zone_into_sight(explorer: Page) -> None:
    explorer.locator(".zone-map svg").focus()
    for key in ["ArrowUp", *"+++", *["ArrowUp"] * 4]:
        explorer.keyboard.press(key)
    box = ground(explorer).bounding_box()
    assert box is not None
    right, down = (abs(at - of) for at, of in zip(middle(explorer.locator(".zone-map path:focus")),
                                                 middle(ground(explorer)), strict=True))  # fmt: skip
    assert right <= box["width"] / 2
    assert down <= box["height"] / 2


@pytest.fixture
def phone(chromium: str, running: Running) -> Iterator[Page]:
    """A tab that fingers touch, on the Explorer."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=BROWSER_OPTIONS)
        context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
        tab = context.new_page()
        tab.goto(f"{running.url}/explorer")
        expect(tab.locator(".zone-map svg")).to_be_visible(timeout=60_000)
        tab.wait_for_timeout(1500)
        tab.locator(".zone-map svg").scroll_into_view_if_needed()
        yield tab
        browser.close()


Path = list[tuple[float, float]]


def swipe(session: CDPSession, *fingers: Path) -> None:
    """Fingers that go from point to point at the same time."""
    kinds = ["touchStart", *["touchMove"] * (len(fingers[0]) - 1)]
    for kind, *points in zip(kinds, *fingers, strict=True):
        touched = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touched})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def line(x: float, y: float, right: float, down: float) -> Path:
    return [(x + right * step / 8, y + down * step / 8) for step in range(9)]


def test_fingers_scroll_the_page_move_the_map_and_pinch_it(phone: Page) -> None:
    session, (x, y) = phone.context.new_cdp_session(phone), middle(ground(phone))
    scrolled = "document.querySelector('.stMain').scrollTop"
    before, at = view(phone), phone.evaluate(scrolled)
    swipe(session, line(x, y, 80, 0))
    assert view(phone)[0] < before[0]
    assert phone.evaluate(scrolled) == at
    moved = view(phone)
    swipe(session, line(x, y, 0, -80))
    phone.wait_for_timeout(800)
    assert view(phone) == moved
    assert phone.evaluate(scrolled) > at
    x, y = middle(ground(phone))
    swipe(session, line(x - 20, y - 20, -60, -60), line(x + 20, y + 20, 60, 60))
    phone.wait_for_timeout(300)
    assert view(phone)[2] < moved[2] / 2
    assert phone.evaluate("visualViewport.scale") == 1


def test_a_tap_chooses_a_zone(phone: Page) -> None:
    zone_of(phone, MIDTOWN).tap()
    expect(phone.get_by_text("Trips by month, Midtown Center")).to_be_visible(timeout=30_000)


def test_groups_are_named_under_the_hand_and_not_to_be_clicked(watched: Watched) -> None:
    tab = watched.tab
    watched.open("Exploration of Models")
    zone_of(tab, JFK).hover()
    expect(tab.locator(".zone-map-words")).to_contain_text("JFK Airport (132)")
    names = tab.locator(".zone-map-legend li").all_inner_texts()
    assert tab.locator(".zone-map-words div").last.inner_text() in names
    assert zone_of(tab, JFK).get_attribute("role") == "img"
    zone_of(tab, JFK).click()
    watched.settled()
    expect(tab.locator("h1")).to_have_text("Exploration of Models")
    watched.is_clean()
