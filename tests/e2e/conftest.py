"""A running platform: the one that `make run` brought up for the settings in the environment."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Page, expect, sync_playwright

from include.config import Settings, get_settings
from tests.conftest import absent

QUIET = ("background-networking", "component-update", "sync", "gpu", "quic")
BROWSER_OPTIONS = ["--no-sandbox", "--no-first-run", *(f"--disable-{feature}" for feature in QUIET)]


@pytest.fixture(scope="session")
def running() -> Settings:
    """Settings of the platform under test; skips when its API does not answer."""
    settings = get_settings()
    try:
        httpx.get(f"http://{settings.bind}:{settings.api_port}/health", timeout=10).raise_for_status()
    except httpx.HTTPError as fault:
        absent(f"no platform is up on port {settings.api_port} ({fault}); make run starts one")
    return settings


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the browser."""
    path = shutil.which("chromium")
    if path is None:
        absent("chromium is not installed")
    return path


@pytest.fixture
def page(chromium: str) -> Iterator[Page]:
    """A tab of a real browser; a script error on any page fails the test."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=BROWSER_OPTIONS)
        tab = browser.new_page(viewport={"width": 1400, "height": 900})
        tab.set_default_timeout(60_000)
        expect.set_options(timeout=60_000)
        faults: list[str] = []
        tab.on("pageerror", lambda error: faults.append(str(error)))
        yield tab
        browser.close()
        assert faults == []
