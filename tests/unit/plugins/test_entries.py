"""The table of entries is what Airflow's UI wants, and no row leads into nothing."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path
from urllib.parse import unquote

import pytest
from taxi_ui.entries import ENTRIES, PREFIX, RUN, Entry

ROOT = Path(__file__).parents[3]


def test_routes_are_the_entries_own() -> None:
    assert max(Counter(entry.route for entry in ENTRIES if entry.route).values()) == 1


def test_what_has_no_route_opens_in_a_tab_of_its_own() -> None:
    assert [entry.name for entry in ENTRIES if "url_route" not in entry.view()] == ["Dashboard"]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.page)
def test_an_entry_is_relative_to_airflow_and_has_an_icon_for_either_theme(entry: Entry) -> None:
    view = entry.view()
    assert view["href"].startswith(f"{PREFIX[1:]}/")
    assert unquote(view["icon"]).startswith("data:image/svg+xml,<svg xmlns=")
    assert view["icon"] != view["icon_dark_mode"]
    assert (entry.destination == "dag_run") == entry.page.endswith(RUN)


def test_the_plugin_costs_a_task_no_web_framework() -> None:
    """Every task's process imports the plugin's file."""
    script = "import sys; before = set(sys.modules); import taxi_ui.entries; print(sorted(set(sys.modules) - before))"
    env = {"PYTHONPATH": str(ROOT / "plugins")}
    ended = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, text=True, check=True)
    loaded = ended.stdout
    assert "taxi_ui.entries" in loaded
    assert not any(heavy in loaded for heavy in ("fastapi", "httpx", "jinja2", "pydantic", "airflow"))
