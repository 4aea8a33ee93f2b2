"""What a person does after `make run`: look at the runs, the experiments, the data's quality, and ask for a quote."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from playwright.sync_api import FrameLocator, Locator, Page, Route, expect

from include.config import Settings

pytestmark = pytest.mark.e2e


def only_local(page: Page) -> list[str]:
    """Cuts the page off from everything but this machine; gives the list of addresses that it asked for in vain."""
    asked: list[str] = []

    def decide(route: Route) -> None:
        if route.request.url.startswith(("http://127.0.0.1", "file://", "data:", "blob:")):
            route.continue_()
        else:
            asked.append(route.request.url)
            route.abort()

    page.route("**/*", decide)
    return asked


def shoot(page: Page, name: str) -> None:
    """A picture under TAXI_SHOTS, when that is set."""
    if folder := os.environ.get("TAXI_SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def tried_out(running: Settings, docs: Page | FrameLocator) -> Locator:
    """The answer to a quote that was asked for on the API's page, wherever that is shown."""
    block = docs.locator(".opblock-post:has([data-path='/predict'])")
    block.locator(".opblock-summary").click()
    block.get_by_role("button", name="Try it out").click()
    trip = {"service": running.service, "pickup_zone": 74, "dropoff_zone": 75, "passenger_count": 1,
            "pickup_datetime": f"{running.months[-1]}-14T18:30:00"}  # fmt: skip
    block.locator("textarea").fill(json.dumps(trip))
    block.get_by_role("button", name="Execute").click()
    answer = block.locator(".live-responses-table .response-col_description code").first
    expect(answer).to_contain_text("duration_min")
    return answer


def test_airflow_shows_the_months(running: Settings, page: Page) -> None:
    page.goto(f"http://127.0.0.1:{running.airflow_port}/dags/nyc_taxi_{running.service}_monthly/runs")
    page.get_by_label("Username").fill(running.admin_user)
    page.get_by_label("Password", exact=True).fill(running.admin_password.get_secret_value())
    page.get_by_role("button", name="Sign in").click()
    for month in running.months:
        expect(page.get_by_text(str(month)).first).to_be_visible()
    shoot(page, "airflow_runs")


def test_mlflow_shows_the_fits(running: Settings, page: Page) -> None:
    page.goto(f"http://127.0.0.1:{running.mlflow_port}/#/models")
    expect(page.get_by_text(f"nyc_taxi_{running.service}_duration_min").first).to_be_visible()
    shoot(page, "mlflow_models")


def test_the_api_documents_itself_and_answers_without_internet(running: Settings, page: Page) -> None:
    asked = only_local(page)
    page.goto(f"http://127.0.0.1:{running.api_port}/docs")
    shoot(page, "api_docs")
    answer = tried_out(running, page)
    expect(answer).to_contain_text(f"nyc_taxi_{running.service}_fare_usd/")
    shoot(page, "api_answer")
    assert asked == []


def test_data_docs_show_rows_without_internet(running: Settings, page: Page) -> None:
    asked = only_local(page)
    index = Path(running.home, "data_docs", "index.html")
    page.goto(index.as_uri())
    newest = page.get_by_role("row", name=f"{running.service}-{running.months[-1]}-raw").first
    expect(newest).to_be_visible()
    shoot(page, "data_docs")
    newest.click()
    expect(page.get_by_text("pickup_in_month").first).to_be_visible()
    shoot(page, "data_docs_month")
    assert asked == []
