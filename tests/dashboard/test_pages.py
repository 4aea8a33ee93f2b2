"""Every page with data, in a browser that may reach this machine only."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import ConsoleMessage, Locator, Page, expect

from include.dashboard.navigation import PAGES
from tests.dashboard.conftest import ADMIN_KEY, Running
from tests.e2e.test_journey import only_local, shoot

pytestmark = pytest.mark.e2e
CHARTS = {"overview": 0, "explorer": 3, "training": 8, "playground": 4, "comparison": 3, "quality": 2, "exploration": 2,
          "operations": 4, "cards": 0, "ask": 0}  # fmt: skip
"""Page -> the charts that it has at least, on these months; maps are none."""


class Watched:
    """A tab that has typed the key, what its console complained of, and what it asked for in vain."""

    def __init__(self, tab: Page, url: str, with_key: bool = True) -> None:
        self.tab, self.url = tab, url
        self.asked, self.said = only_local(tab), list[str]()
        tab.on("console", self._listen)
        tab.goto(url)
        self.settled()
        if with_key:  # on a phone the field is behind the sidebar's button
            self.type_key()

    def type_key(self) -> None:
        """As a reader does in each session."""
        self.tab.get_by_label("API key of this session", exact=True).fill(ADMIN_KEY)
        self.tab.get_by_label("API key of this session", exact=True).press("Enter")
        self.settled()

    def _listen(self, message: ConsoleMessage) -> None:
        """Streamlit looks for its server below a deep address first and gets a 404: no fault of a page."""
        if message.type == "error" and "/_stcore/" not in message.location["url"]:
            self.said.append(message.text)

    def settled(self) -> None:
        """Waits until the script has run and the page is drawn."""
        expect(self.tab.locator("h1")).to_be_visible()
        self.tab.wait_for_timeout(500)
        self.tab.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')
        self.tab.wait_for_timeout(500)

    def open(self, title: str) -> None:
        """By the navigation: the session, and with it the key, stays."""
        self.tab.get_by_test_id("stSidebarNav").get_by_role("link", name=title).click()
        expect(self.tab.locator("h1")).to_have_text(title)
        self.settled()

    def charts(self) -> Locator:
        return self.tab.locator('[data-testid="stEChartsChart"][aria-busy="false"] canvas, .zone-map svg')

    def over(self, key: str, across: float, down: float) -> tuple[float, float]:
        """Moves the mouse over a chart, to a place in shares of its width and height; gives the place."""
        chart = self.tab.locator(f'.st-key-{key} [data-testid="stEChartsChart"]')
        chart.scroll_into_view_if_needed()
        box = chart.bounding_box()
        assert box is not None
        x, y = box["x"] + across * box["width"], box["y"] + down * box["height"]
        self.tab.mouse.move(x - 2, y)
        self.tab.mouse.move(x, y)
        return x, y

    def is_clean(self) -> None:
        """No failure on the page, none in the console, no request beyond this machine, no sideways scrolling."""
        assert self.tab.get_by_text("cannot be shown").count() == 0
        assert self.tab.get_by_test_id("stException").count() == 0
        assert self.tab.get_by_test_id("stEChartsChartError").count() == 0
        assert (self.said, self.asked) == ([], [])
        # true once the styles have come
        self.tab.wait_for_function("document.querySelector('.stMain').scrollWidth <= innerWidth")


@pytest.fixture
def watched(tab: Page, running: Running) -> Watched:
    return Watched(tab, running.url)


@pytest.mark.parametrize(("title", "address"), [page[:2] for page in PAGES])
def test_a_page_shows_what_it_is_for(watched: Watched, title: str, address: str) -> None:
    watched.open(title)
    expect(watched.charts().nth(max(CHARTS[address] - 1, 0))).to_be_visible() if CHARTS[address] else None
    for chart in watched.charts().all():
        assert (chart.bounding_box() or {"width": 0})["width"] > 200
    watched.is_clean()
    watched.tab.set_viewport_size({"width": 1400, "height": 1300})
    watched.settled()
    shoot(watched.tab, f"dashboard_{address}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_pages_are_readable_on_a_phone_and_at_night(tab: Page, running: Running, scheme: str, width: int) -> None:
    tab.set_viewport_size({"width": width, "height": 900})
    tab.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    watched = Watched(tab, running.url, with_key=False)
    for address in ("explorer", "quality"):
        tab.goto(f"{running.url}/{address}")
        watched.settled()
        watched.is_clean()
        luminance = tab.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor.match(/\\d+/g)[0]")
        assert (int(luminance) > 128) == (scheme == "light")
        shoot(tab, f"dashboard_{address}_{scheme}_{width}")


@pytest.mark.parametrize(
    "address",
    ["explorer?service=zebra&from=1900-01&to=x&measure=Nonsense&borough=Atlantis&zone=Nowhere%20(999)&destination=%3Cb%3E",
     "quality?month=2099-01&column=%27;drop", "training?target=Weather&month=x", "exploration?view=bogus"],
)  # fmt: skip
def test_an_address_with_wrong_values_opens_the_page_as_it_begins(tab: Page, running: Running, address: str) -> None:
    watched = Watched(tab, f"{running.url}/{address}", with_key=False)
    expect(watched.charts().first).to_be_visible()
    watched.is_clean()
    assert "?" not in tab.url


def zone_of(tab: Page, zone: int) -> Locator:
    """The zone's area on the map."""
    return tab.locator(f'.zone-map [data-zone="{zone}"]')


def click_zone(watched: Watched, zone: int) -> None:
    zone_of(watched.tab, zone).click()
    watched.settled()


def test_the_explorer_goes_from_city_to_zone_to_pair_and_the_address_says_so(watched: Watched) -> None:
    tab = watched.tab
    watched.open("Dataset Explorer")
    click_zone(watched, 161)
    expect(tab.get_by_text("Trips by month, Midtown Center")).to_be_visible()
    assert "zone=" in tab.url
    click_zone(watched, 162)
    expect(tab.get_by_text("Trips by month, Midtown Center to Midtown East")).to_be_visible()
    shared = tab.url
    assert "destination=" in shared
    tab.goto(shared)
    watched.settled()
    expect(tab.get_by_text("Trips by month, Midtown Center to Midtown East")).to_be_visible()


def test_a_bar_says_its_number_and_opens_its_borough_as_often_as_it_is_clicked(watched: Watched) -> None:
    tab = watched.tab
    watched.open("Dataset Explorer")
    for _ in range(2):
        longest = watched.over("bars", across=0.6, down=0.1)
        expect(tab.get_by_text(re.compile(r"^Manhattan: [\d,]+ trips$"))).to_be_visible()
        tab.mouse.click(*longest)
        watched.settled()
        expect(tab.get_by_text("Trips by zone of Manhattan")).to_be_visible()
        assert "borough=Manhattan" in tab.url
        tab.get_by_role("combobox", name="Borough").click()
        tab.get_by_role("option", name="New York, all of it").click()
        watched.settled()


def test_the_search_for_parameters_is_drawn_when_it_is_opened(watched: Watched) -> None:
    watched.open("Model Training Results")
    search = watched.tab.get_by_text("Search for parameters: ")
    if search.count() == 0:
        pytest.skip("no parameters were searched for in this home")
    before = watched.charts().count()
    search.click()
    watched.settled()
    assert watched.charts().count() > before
    watched.is_clean()


def test_the_download_is_the_table_of_months_and_zones(watched: Watched) -> None:
    watched.open("Dataset Explorer")
    with watched.tab.expect_download() as told:
        watched.tab.get_by_role("button", name="Download by month and zone").click()
    rows = list(csv.DictReader(io.StringIO(Path(told.value.path()).read_text())))
    assert {row["service"] for row in rows} == {"yellow"}
    assert len({row["month"] for row in rows}) > 1
    shown = watched.tab.get_by_test_id("stMetricValue").first.inner_text().replace(",", "")
    assert sum(int(row["trips"]) for row in rows) == int(shown)


def test_two_clicks_on_the_map_are_a_quote(watched: Watched) -> None:
    tab = watched.tab
    watched.open("Inference Playground")
    click_zone(watched, 138)
    click_zone(watched, 237)
    expect(tab.get_by_test_id("stMetricValue").first).to_contain_text("min")
    tab.get_by_text("The same question as a command").click()
    command = tab.get_by_test_id("stCode").inner_text()
    assert '"pickup_zone": 138, "dropoff_zone": 237' in command
    assert ADMIN_KEY not in command
    tab.set_viewport_size({"width": 1400, "height": 1300})
    tab.locator("h1").scroll_into_view_if_needed()
    watched.settled()
    shoot(tab, "dashboard_playground_clicked")


def test_a_version_is_put_in_office_by_hand_and_back(watched: Watched, running: Running) -> None:
    tab = watched.tab
    watched.open("Model Comparison")
    standing = tab.get_by_text("nyc_taxi_yellow_duration_min: version").inner_text()
    buttons = ("Approve this version", "Roll back to the champion before")
    other = tab.get_by_label("Version that shall answer").input_value()
    earlier = int(other.split(":")[0]) < int(standing.split()[-2])
    for button in buttons[::-1] if earlier else buttons:  # there is no champion before the first one
        tab.get_by_label("Reason, kept in the log").fill("a test of the dashboard")
        tab.get_by_role("button", name=button).click()
        expect(tab.get_by_text("is the champion (")).to_be_visible(timeout=150_000)
        watched.settled()
        tab.reload()
        watched.settled()
        watched.type_key()
    assert tab.get_by_text("nyc_taxi_yellow_duration_min: version").inner_text() == standing
    assert ADMIN_KEY not in tab.url


def test_the_api_without_a_key_says_where_to_type_one(tab: Page, running: Running) -> None:
    tab.goto(f"{running.url}/playground")
    expect(tab.get_by_text("Type a key into the field at the left").first).to_be_visible()
    assert tab.get_by_test_id("stException").count() == 0


def test_a_key_typed_wrong_is_refused_in_words_and_forgotten_when_it_is_mended(tab: Page, running: Running) -> None:
    watched = Watched(tab, running.url, with_key=False)
    tab.get_by_label("API key of this session", exact=True).fill(f"{ADMIN_KEY} with a $ and **more**")
    tab.get_by_label("API key of this session", exact=True).press("Enter")
    watched.open("Inference Playground")
    expect(tab.get_by_text("Type a key into the field at the left").first).to_be_visible()
    watched.open("Model Cards")
    expect(tab.get_by_text("Type a key into the field at the left").first).to_be_visible()
    watched.type_key()
    expect(tab.get_by_role("heading", name="Model card:")).to_be_visible()
    watched.is_clean()


def test_components_are_shown_beside_the_groups(watched: Watched) -> None:
    watched.open("Exploration of Models")
    watched.tab.get_by_role("radio", name="Components of the features").or_(
        watched.tab.get_by_role("button", name="Components of the features")
    ).first.click()
    watched.settled()
    expect(watched.tab.get_by_text("LDA: what makes a trip a long one")).to_be_visible()
    watched.is_clean()
    shoot(watched.tab, "dashboard_components")
