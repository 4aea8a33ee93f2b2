"""Who is signed in sees the home's pages, and nobody else sees anything."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from include.config import Settings, get_settings
from tests.integration.plugins.conftest import Reader, browser, sign_in
from tests.unit.plugins.homes import write

pytestmark = pytest.mark.integration
PAGE = {"accept": "text/html"}


@pytest.fixture
def stranger(app: FastAPI) -> Iterator[TestClient]:
    """A browser of somebody who is not signed in; Airflow's own check stands."""
    with browser(app, follow_redirects=False) as client:
        yield client


def test_every_address_refuses_who_is_not_signed_in(app: FastAPI, stranger: TestClient) -> None:
    asked = [(method, route.path) for route in app.routes if isinstance(route, APIRoute) for method in route.methods]
    assert len(asked) >= 12
    for method, path in asked:
        address = path.replace("{name:path}", "index.html").replace("{path:path}", "x").replace("{name}", "x")
        assert stranger.request(method, address).status_code == 401, (method, path)
    assert all(isinstance(route, APIRoute) for route in app.routes), "a mount would pass the check by"


def test_a_browser_that_asks_for_a_page_is_led_to_the_login_and_back(stranger: TestClient) -> None:
    answer = stranger.get("/data_docs/index.html?a=b", headers=PAGE)
    assert answer.status_code == 303
    there = "next=http%3A%2F%2Fairflow%2Ftaxi%2Fdata_docs%2Findex.html%3Fa%3Db"
    assert answer.headers["location"].endswith(f"/api/v2/auth/login?{there}")
    assert stranger.post("/mlflow/graphql", headers=PAGE).status_code == 401


def test_a_role_without_the_website_sees_nothing(app: FastAPI, stranger: TestClient) -> None:
    sign_in(app, Reader(website=False))
    assert stranger.get("/reports/").status_code == 403


def test_data_docs_come_with_kind_policy_and_tag(reader: TestClient) -> None:
    answer = reader.get("/data_docs/index.html")
    assert (answer.status_code, answer.text) == (200, "<html>index</html>")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "private, no-cache"
    assert "frame-ancestors 'self'" in answer.headers["content-security-policy"]
    again = reader.get("/data_docs/index.html", headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_changed_page_comes_again(reader: TestClient, settings_here: Settings) -> None:
    tag = reader.get("/data_docs/index.html").headers["etag"]
    write(settings_here.home / "data_docs/index.html", "<html>another</html>")
    answer = reader.get("/data_docs/index.html", headers={"if-none-match": tag})
    assert (answer.status_code, answer.text) == (200, "<html>another</html>")


def test_public_servers_are_allowed_only_while_the_site_has_no_copies(
    reader: TestClient, settings_here: Settings
) -> None:
    def policy() -> str:
        return reader.get("/data_docs/index.html").headers["content-security-policy"]

    assert "https://unpkg.com" in policy()
    write(settings_here.home / "data_docs/vendor/jquery/jquery.min.js")
    assert "https:" not in policy()


@pytest.mark.parametrize(
    "name", ["%2e%2e/warehouse.db", "..%2F..%2Fsecret.html", "%2Fetc%2Fhostname", "x%00.html", "link.html"]
)
def test_nothing_outside_the_site_is_handed_out(reader: TestClient, settings_here: Settings, name: str) -> None:
    secret = write(settings_here.home.parent / "secret.html", "secret")
    (settings_here.home / "data_docs/link.html").symlink_to(secret)
    answer = reader.get(f"/data_docs/{name}")
    assert answer.status_code == 404
    assert "secret" not in answer.text.replace("secret.html", "")


def test_before_the_first_month_there_is_a_page_that_says_so(
    app: FastAPI, settings: Settings, reader: TestClient
) -> None:

    app.dependency_overrides[get_settings] = lambda: settings.model_copy(update={"home": Path("/nowhere")})
    for address in ("/data_docs/", "/data_docs/index.html", "/reports/"):
        answer = reader.get(address)
        assert answer.status_code == 200
        assert "make process" in answer.text


def test_the_list_of_reports_leads_to_each_page(reader: TestClient) -> None:
    text = reader.get("/reports/").text
    assert "look at fares_up. 9 of 10 rows are kept." in text
    links = [part.split('"')[0] for part in text.split('<a href="')[1:]]
    assert len(links) == 7
    for link in links:
        assert reader.get(f"/reports/{link}").status_code == 200, link


def test_names_and_verdicts_are_text(reader: TestClient, settings_here: Settings) -> None:
    write(settings_here.home / "reports/models/green/2023-02/<img src=x onerror=alert(1)>.html")
    write(settings_here.home / "reports/quality/green/2023-02.md", "**&lt;script&gt;alert(1)&lt;/script&gt;**\n")
    answer = reader.get("/reports/")
    assert "&lt;img src=x" in answer.text
    assert "&lt;script&gt;alert(1)" in answer.text
    assert "<img" not in answer.text
    assert "<script" not in answer.text
    assert "script-src" not in answer.headers["content-security-policy"]


def test_a_report_is_what_was_written(reader: TestClient) -> None:
    assert reader.get("/reports/quality/green/2023-02.csv").headers["content-type"] == "text/csv; charset=utf-8"
    absent = reader.get("/reports/quality/green/2031-01.html")
    assert absent.status_code == 404
    assert "There is no report quality/green/2031-01.html" in absent.text


def run_of(app: FastAPI, run: Any) -> None:
    """Every run is now about that month."""
    from taxi_ui import run_pages

    app.dependency_overrides[run_pages.named_run] = lambda: run


def test_the_tab_of_a_run_shows_its_months_validations(app: FastAPI, reader: TestClient) -> None:
    from taxi_ui.runs import MonthOfRun

    run_of(app, MonthOfRun("green", "2023-02"))
    text = reader.get("/run/data_docs").text
    assert "83 of 84 expectations hold" in text
    assert "10 of 10 expectations hold" in text
    link = text.split('<a href="')[1].split('"')[0]
    assert reader.get(f"/run/{link}").text == "<html>raw of 2023-02 at 20230402T000000.000000Z</html>"
    assert reader.get("/run/quality").url.path.endswith("/reports/quality/green/2023-02.html")


def test_a_run_without_pages_says_what_makes_them(app: FastAPI, reader: TestClient) -> None:
    from taxi_ui.runs import MonthOfRun

    run_of(app, MonthOfRun("green", "2023-03"))
    assert "validate.validate_month" in reader.get("/run/data_docs").text
    assert "validate.assess_month" in reader.get("/run/quality").text
    run_of(app, MonthOfRun(why="hello is not one of the monthly pipelines"))
    assert "hello is not one of the monthly pipelines" in reader.get("/run/data_docs").text
