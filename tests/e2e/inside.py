"""Airflow's UI as a person uses it: sign in, menus, frames; what the console says and what leaves this machine."""

from __future__ import annotations

from dataclasses import dataclass, field

from playwright.sync_api import ConsoleMessage, FrameLocator, Page, Response, expect

from include.config import Settings
from tests.e2e.test_journey import only_local

BROWSERS_OWN = ("ResizeObserver loop completed with undelivered notifications",)
"""Said at times by any page that measures itself, MLflow's among them: nothing is wrong then."""


@dataclass
class Heard:
    """Errors of the console, answers that failed, and addresses beyond this machine that were asked for in vain."""

    errors: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def nothing(self) -> bool:
        assert (self.errors, self.failed, self.asked) == ([], [], [])
        return True


def listen(page: Page) -> Heard:
    """From now on what goes wrong in the page, in any frame of it."""
    heard = Heard(asked=only_local(page))

    def said(message: ConsoleMessage) -> None:
        if message.type == "error" and not any(known in message.text for known in BROWSERS_OWN):
            heard.errors.append(f"{message.text} ({message.location.get('url')})")

    def answered(response: Response) -> None:
        if response.status >= 400:
            heard.failed.append(f"{response.status} {response.url}")

    page.on("console", said)
    page.on("response", answered)
    return heard


def airflow(running: Settings, path: str) -> str:
    """An address of Airflow."""
    return f"http://127.0.0.1:{running.airflow_port}{path}"


def sign_in(running: Settings, page: Page) -> None:
    """Fills in the login that the page shows."""
    page.get_by_label("Username").fill(running.admin_user)
    page.get_by_label("Password", exact=True).fill(running.admin_password.get_secret_value())
    page.get_by_role("button", name="Sign in").click()


def signed_in(running: Settings, page: Page, path: str = "/") -> None:
    """Opens a page of Airflow, by way of the login."""
    page.goto(airflow(running, f"/auth/login?next={airflow(running, path)}"))
    sign_in(running, page)
    page.wait_for_url(airflow(running, path))


def choose(page: Page, menu: str, name: str) -> FrameLocator:
    """Opens an entry of a menu of the navigation; gives the frame that shows it."""
    page.get_by_role("button", name=menu).click()
    page.get_by_role("menuitem", name=name).click()
    return shown(page, name)


def shown(page: Page, name: str) -> FrameLocator:
    """The frame that Airflow's UI shows an entry or a tab in."""
    expect(page.locator(f'iframe[title="{name}"]')).to_be_visible()
    return page.frame_locator(f'iframe[title="{name}"]')
