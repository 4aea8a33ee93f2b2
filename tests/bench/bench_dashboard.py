"""Every page of the dashboard on 24 months: seconds from the navigation to the last element drawn, in Chromium.

    .venv/bin/python -m tests.bench.bench_dashboard          or, with a home that is filled,  --home <folder>

`first`: the server has just started. `cold`: it has drawn another page, nothing of this page is cached anywhere.
`warm`: the same browser again. `click`: a click in the menu of a dashboard that is open, as most looks are. Pages
without a chart (`cards`, `ask`) show what Streamlit itself takes. `CPU` is what a cold look costs the server's process
and the browser's: on a machine that does other work it says more than the seconds do. The home's totals are widened to
the most rows that months can have, in a copy of its warehouse; without --home the embedded sample fills one (half an
hour). Aim: 2 s.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import psutil
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from include.config import ROOT
from include.dashboard.navigation import PAGES
from tests.dashboard.conftest import Environment, dashboard_of, ended, environment_of, started
from tests.e2e.conftest import BROWSER_OPTIONS

MONTHS = [f"{year}-{month:02d}" for year in (2018, 2019) for month in range(1, 13)]
QUIET_MS, ROUNDS, OTHER = 1500, 3, "ask"
ZONES, HOURS = range(1, 266), range(168)
WATCH = """
window.drawn = 0;
new MutationObserver(() => { window.drawn = performance.now(); })
  .observe(document, {childList: true, subtree: true, characterData: true});
"""
SETTLED = f"""() => document.querySelector('[data-test-script-state="notRunning"]') && document.querySelector('h1')
    && performance.now() - window.drawn > {QUIET_MS}"""


def main() -> None:
    """Prints a table; asserts nothing."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--home", type=Path, help="a home with months, models and reports; it is not changed")
    parser.add_argument("--narrow", action="store_true", help="the home's totals as they are")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch, ExitStack() as stack:
        home = asked.home or filled(Path(scratch))
        warehouse = Path(scratch, "warehouse.db")
        shutil.copy(home / "warehouse.db", warehouse)
        rows = count(warehouse) if asked.narrow else widen(warehouse)
        environment = environment_of(home) | {"TAXI_WAREHOUSE_URL": f"sqlite:///{warehouse}",
                                              "TAXI_SPOOL": f"{scratch}/spool"}  # fmt: skip
        log = Path(scratch, "servers.log")
        health = f"http://127.0.0.1:{environment['TAXI_API_PORT']}/health"
        stack.callback(ended, started("include.serving.api", environment, health, log))
        browser = stack.enter_context(sync_playwright()).chromium.launch(
            executable_path=shutil.which("chromium"), args=BROWSER_OPTIONS
        )
        bench = Bench(browser, environment, log)
        print(f"{rows:,} rows of totals; load {os.getloadavg()[0]:.1f}; median of {ROUNDS}, seconds")
        print(f"{'page':<14}{'first':>8}{'cold':>8}{'warm':>8}{'click':>8}{'CPU server':>12}{'browser':>9}", flush=True)
        for title, address, *_ in PAGES:
            first, cold, warm = measured(bench, address)
            print(f"{address:<14}{first:>8.2f}{cold.seconds:>8.2f}{warm:>8.2f}", end="", flush=True)
            click = statistics.median(clicks(bench, title))
            print(f"{click:>8.2f}{cold.server:>12.2f}{cold.browser:>9.2f}", flush=True)


class Bench(NamedTuple):
    """The browser, the settings of the servers that it looks at, and the file that has what they say."""

    browser: Browser
    environment: Environment
    log: Path


class Look(NamedTuple):
    """Seconds until the page was drawn, and CPU seconds until then."""

    seconds: float
    server: float
    browser: float


def measured(bench: Bench, address: str) -> tuple[float, Look, float]:
    """Medians of the first, the cold and the warm look at a page; a look's own three figures by themselves."""
    firsts, colds, warms = [], [], []
    for _ in range(ROUNDS):
        firsts.append(looks(bench, [address])[0].seconds)
        _, cold, warm = looks(bench, [OTHER if address != OTHER else "cards", address, address])
        colds.append(cold)
        warms.append(warm.seconds)
    middle = Look(*(statistics.median(figures) for figures in zip(*colds, strict=True)))
    return statistics.median(firsts), middle, statistics.median(warms)


def looks(bench: Bench, addresses: list[str]) -> list[Look]:
    """At pages one after the other, on a server of their own; the same page twice shares a browser's cache."""
    server, url = dashboard_of(bench.environment, bench.log)
    contexts: dict[str, BrowserContext] = {}
    try:
        paths = {a: f"{url}/{a if a != PAGES[0][1] else ''}" for a in addresses}
        return [drawn(contexts.setdefault(a, bench.browser.new_context()), paths[a], server.pid) for a in addresses]
    finally:
        for context in contexts.values():
            context.close()
        ended(server)


def drawn(context: BrowserContext, address: str, server: int) -> Look:
    """From the navigation's start to the last change of the document before it stays as it is."""
    tab = context.new_page()
    tab.add_init_script(WATCH)
    served, shown = cpu_of([psutil.Process(server)]), cpu_of(browsers())
    tab.goto(address)
    tab.wait_for_function(SETTLED, timeout=60_000, polling=200)
    found = Look(float(tab.evaluate("window.drawn")) / 1000, cpu_of([psutil.Process(server)]) - served,
                 cpu_of(browsers()) - shown)  # fmt: skip
    tab.close()
    return found


def clicks(bench: Bench, title: str) -> list[float]:
    """Seconds of ROUNDS clicks from a page without a chart, after one by which the session has the charts' script."""
    server, url = dashboard_of(bench.environment, bench.log)
    away = next(other for other, address, *_ in PAGES if address in (OTHER, "cards") and other != title)
    tab = bench.browser.new_page()
    tab.add_init_script(WATCH)
    tab.goto(url)
    tab.wait_for_function(SETTLED, timeout=60_000, polling=200)
    try:
        return [clicked(tab, name) for name in [title, away] * (ROUNDS + 1)][2::2]
    finally:
        tab.close()
        ended(server)


def clicked(tab: Page, title: str) -> float:
    """From the click in the menu to the last change of the document."""
    link = tab.get_by_test_id("stSidebarNav").get_by_role("link", name=title)
    before = tab.evaluate("window.drawn = performance.now()")
    link.click()
    tab.wait_for_function(SETTLED, timeout=60_000, polling=200)
    return (float(tab.evaluate("window.drawn")) - float(before)) / 1000


def browsers() -> list[psutil.Process]:
    """Chromium's processes, which this one has started."""
    return [process for process in psutil.Process().children(recursive=True) if "chrom" in process.name()]


def cpu_of(processes: list[psutil.Process]) -> float:
    """CPU seconds that they have taken so far."""
    return sum(sum(process.cpu_times()[:2]) for process in processes)


def filled(scratch: Path) -> Path:
    """A home in which each month of the embedded sample was trained for."""
    environment = environment_of(scratch / "home")
    for last in range(3, len(MONTHS) + 1):
        told = environment | {"TAXI_MONTHS": f"{MONTHS[0]}:{MONTHS[last - 1]}"}
        subprocess.run([sys.executable, "scripts/run_pipeline.py"], env=told, cwd=ROOT, check=True,
                       stdout=subprocess.DEVNULL)  # fmt: skip
    return scratch / "home"


def count(warehouse: Path) -> int:
    """Rows of totals."""
    with sqlite3.connect(warehouse) as held:
        return int(held.execute("SELECT count(*) FROM trip_totals").fetchone()[0])


def widen(warehouse: Path) -> int:
    """Each month that is there gets a row for every zone, hour and pair, as no real month has; gives the rows."""
    with sqlite3.connect(warehouse) as held:
        months = held.execute("SELECT DISTINCT service, month FROM trip_totals").fetchall()
        insert = "INSERT OR IGNORE INTO trip_totals VALUES (?, ?, ?, ?, ?, ?, 70, 1000, 800, 210, 900, 890)"
        for service, month in months:
            held.executemany(insert, ((service, month, *row) for row in cells()))
    return count(warehouse)


def cells() -> list[tuple[str, int, int, int]]:
    """Grain, pick-up, drop-off and hour of every row that a month can have."""
    return [
        *(("hour", 0, 0, hour) for hour in HOURS),
        *((grain, *place, -1) for zone in ZONES for grain, place in (("pickup", (zone, 0)), ("dropoff", (0, zone)))),
        *(("pickup_hour", zone, 0, hour) for zone in ZONES for hour in HOURS),
        *(("pair", start, end, -1) for start in ZONES for end in ZONES),
    ]


if __name__ == "__main__":
    main()
