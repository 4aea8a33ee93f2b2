"""Everything that the platform shows is in Airflow's UI, for who is signed in, without internet."""

from __future__ import annotations

import re

import httpx
import pytest
from playwright.sync_api import Page, expect
from taxi_ui.entries import ENTRIES, PREFIX, RUN

from include.config import Settings
from tests.e2e.inside import airflow, choose, listen, shown, sign_in, signed_in
from tests.e2e.test_journey import shoot, tried_out

pytestmark = pytest.mark.e2e


def test_who_is_not_signed_in_gets_the_login_and_then_the_page(running: Settings, page: Page) -> None:
    for entry in ENTRIES:
        address = airflow(running, f"{PREFIX}/{entry.page.removesuffix(RUN)}")
        assert httpx.get(address, params={"dag_id": "x", "run_id": "x"}).status_code == 401
    page.goto(airflow(running, f"{PREFIX}/data_docs/index.html"))
    expect(page.get_by_label("Username")).to_be_visible()
    sign_in(running, page)
    expect(page.get_by_role("row", name=f"{running.service}-{running.months[-1]}-raw").first).to_be_visible()


def test_data_docs_open_from_the_menu(running: Settings, page: Page) -> None:
    signed_in(running, page)
    heard = listen(page)
    docs = choose(page, "Plugins", "Data Docs")
    row = docs.get_by_role("row", name=f"{running.service}-{running.months[-1]}-raw").first
    expect(row).to_be_visible()
    shoot(page, "inside_data_docs")
    row.click()
    expect(docs.get_by_text("pickup_in_month").first).to_be_visible()
    expect(page).to_have_url(re.compile("/plugin/data-docs/taxi/data_docs/validations/"))
    shoot(page, "inside_data_docs_month")
    assert heard.nothing()


@pytest.mark.journey
def test_a_run_has_its_months_data_docs_and_quality_report(running: Settings, page: Page) -> None:
    month = str(running.months[-1])
    signed_in(running, page, f"/dags/nyc_taxi_{running.service}_monthly/runs")
    heard = listen(page)
    page.get_by_role("link", name=re.compile(f"backfill__.*__{month}__")).first.click()
    page.get_by_role("link", name="Data Docs").click()
    tab = shown(page, "Data Docs")
    expect(tab.get_by_role("heading", name=f"Data Docs of {running.service} {month}")).to_be_visible()
    expect(tab.get_by_text(re.compile(r"\d+ of \d+ expectations hold"))).to_have_count(3)
    shoot(page, "inside_run_data_docs")
    tab.get_by_role("link", name="Every expectation, with its values").first.click()
    expect(tab.get_by_text("pickup_in_month").first).to_be_visible()
    page.get_by_role("link", name="Quality report").click()
    expect(shown(page, "Quality report").locator("#verdict")).to_be_visible()
    shoot(page, "inside_run_quality")
    assert heard.nothing()


@pytest.mark.journey
def test_the_dashboards_entry_opens_a_tab_that_says_how_it_is_started(running: Settings, page: Page) -> None:
    """The services of `make run` have no dashboard among them."""
    signed_in(running, page)
    page.get_by_role("button", name="Plugins").click()
    with page.expect_popup() as opened:
        page.get_by_role("menuitem", name="Dashboard").click()
    expect(opened.value.get_by_text("make serve-ui")).to_be_visible()
    assert opened.value.url == airflow(running, f"{PREFIX}/dashboard")


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
@pytest.mark.journey
def test_the_list_of_reports_is_readable_anywhere(running: Settings, page: Page, scheme: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    signed_in(running, page, f"{PREFIX}/reports/")
    heard = listen(page)
    newest = page.locator(f"#{running.service}-{running.months[-1]}")
    expect(newest.get_by_text("rows")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    luminance = page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g)[0]")
    assert (int(luminance) > 128) == (scheme == "light")
    shoot(page, f"reports_{scheme}_{width}")
    newest.get_by_role("link", name="duration_min").click()
    expect(page.get_by_role("heading", name=f"nyc_taxi_{running.service}_duration_min")).to_be_visible()
    shoot(page, f"evaluation_{scheme}_{width}")
    assert heard.nothing()


@pytest.mark.journey
def test_mlflow_shows_fits_and_versions(running: Settings, page: Page) -> None:
    signed_in(running, page)
    heard = listen(page)
    mlflow = choose(page, "Plugins", "MLflow")
    name = f"nyc_taxi_{running.service}_duration_min"
    mlflow.get_by_role("link", name=name).first.click()
    fit = mlflow.get_by_role("link", name=f"lightgbm {running.months[-1]}").first
    expect(fit).to_be_visible()
    shoot(page, "inside_mlflow")
    fit.click()
    expect(mlflow.get_by_text("within_5").first).to_be_visible()
    shoot(page, "inside_mlflow_run")
    mlflow.get_by_role("link", name="Model registry").click()
    expect(mlflow.get_by_role("link", name=name).first).to_be_visible()
    # One alias is shown of each model: the challenger's, once it is a version of its own.
    expect(mlflow.get_by_text(re.compile(r"^@\s*(champion|challenger)$")).first).to_be_visible()
    shoot(page, "inside_mlflow_models")
    assert heard.nothing()


@pytest.mark.journey
def test_the_api_answers_from_its_page(running: Settings, page: Page) -> None:
    signed_in(running, page)
    heard = listen(page)
    docs = choose(page, "Docs", "Prediction API")
    answer = tried_out(running, docs)
    answer.scroll_into_view_if_needed()
    shoot(page, "inside_api")
    assert heard.nothing()
