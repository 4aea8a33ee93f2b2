"""Data Docs: an index and one page per validation, under `<home>/data_docs`; older runs of a month stay readable.

Great Expectations' pages take style sheets and scripts from public servers and show no rows without them. Where the
project has copies (`make docs-assets`), pages are rewritten to use those; elsewhere the public addresses stay.
"""

from __future__ import annotations

import logging
import re
import shutil
from copy import deepcopy
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any

from include.config.settings import ROOT

ASSETS = ROOT / ".assets" / "data_docs"
SITE, VENDOR = "data_docs", "vendor"
LOCK_SECONDS = 600
VENDORED = {
    "bootstrap.min.css": "bootstrap/bootstrap.min.css",
    "bootstrap.min.js": "bootstrap/bootstrap.min.js",
    "bootstrap-table.min.css": "bootstrap-table/bootstrap-table.min.css",
    "bootstrap-table.min.js": "bootstrap-table/bootstrap-table.min.js",
    "bootstrap-table-filter-control.css": "bootstrap-table/bootstrap-table-filter-control.css",
    "bootstrap-table-filter-control.min.css": "bootstrap-table/bootstrap-table-filter-control.min.css",
    "bootstrap-table-filter-control.min.js": "bootstrap-table/bootstrap-table-filter-control.min.js",
    "bootstrap-datepicker.min.css": "bootstrap-datepicker/bootstrap-datepicker.min.css",
    "bootstrap-datepicker.min.js": "bootstrap-datepicker/bootstrap-datepicker.min.js",
    "bootstrap-prefers-dark.css": "bootstrap-dark/bootstrap-prefers-dark.css",
    "all.min.css": "fontawesome/css/all.min.css",
    "jquery-3.7.1.min.js": "jquery/jquery.min.js",
    "popper.min.js": "popper/popper.min.js",
    "vega@5": "vega/vega.min.js",
    "vega-lite@5": "vega-lite/vega-lite.min.js",
    "vega-embed@6": "vega-embed/vega-embed.min.js",
}
"""Last part of a public address on a page -> file under the vendor folder."""
LOGO = "logo-long.png"
_PUBLIC = re.compile(
    r'(?P<attribute>src|href)="https://[^"]*/(?P<name>[^"/?]+)(?:\?[^"]*)?"'
    r'(?P<checks>(?:\s+(?:integrity|crossorigin)="[^"]*")*)'
)


def publish_page(home: Path, suite: Any, result: Any, run_name: str, assets: Path = ASSETS) -> Path:
    """Adds a validation to the site and gives its page. One process at a time per home; others wait for it."""
    from filelock import FileLock
    from great_expectations.core.run_identifier import RunIdentifier
    from great_expectations.data_context.types.resource_identifiers import (
        ExpectationSuiteIdentifier,
        ValidationResultIdentifier,
    )

    suite, result = as_text(suite, result)
    suite_id = ExpectationSuiteIdentifier(name=suite.name)
    run = RunIdentifier(run_name=run_name, run_time=datetime.now(UTC))
    result.meta |= {"run_id": run, "validation_time": run.run_time}
    result_id = ValidationResultIdentifier(suite_id, run, result.batch_id)
    home.mkdir(parents=True, exist_ok=True)
    with FileLock(home / "data_docs.lock", timeout=LOCK_SECONDS):
        context = open_context(home)
        context.suites.add_or_update(suite)
        context.validation_results_store.store_validation_results(result, result_id, suite_id)
        context.build_data_docs(site_names=[SITE], resource_identifiers=[result_id, suite_id])
        use_local_assets(home / SITE, assets)
    return home.joinpath(SITE, "validations", *result_id.to_tuple()).with_suffix(".html")


def as_text(suite: Any, result: Any) -> tuple[Any, Any]:
    """Copies whose words and values are escaped: pages put them between tags as they are, and files hold anything."""
    suite, result = deepcopy(suite), deepcopy(result)
    for rule in suite.expectations:
        rule.description = escaped(rule.description)
    for found in result.results:
        found.result, found.exception_info = escaped(found.result), escaped(found.exception_info)
        found.expectation_config.description = escaped(found.expectation_config.description)
    return suite, result


def escaped(value: Any) -> Any:
    """Text, and text in lists and dicts, with `<`, `>` and `&` as HTML shows them; anything else as it is."""
    if isinstance(value, str):
        return escape(value, quote=False)
    if isinstance(value, dict):
        return {escaped(key): escaped(part) for key, part in value.items()}
    return [escaped(part) for part in value] if isinstance(value, list | tuple) else value


def open_context(home: Path) -> Any:
    """Great Expectations' file context under `<home>/gx`, quiet, with the one site."""
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    context = gx.get_context(mode="file", project_root_dir=home)
    if SITE not in context.variables.data_docs_sites:
        context.variables.progress_bars = ProgressBarsConfig(globally=False, metric_calculations=False)
        context.enable_analytics(False)
        for name in list(context.variables.data_docs_sites):
            context.delete_data_docs_site(name)
        context.add_data_docs_site(SITE, _site())
    return context


def _site() -> dict[str, Any]:
    backend = {"class_name": "TupleFilesystemStoreBackend", "base_directory": f"../{SITE}/"}
    return {"class_name": "SiteBuilder", "show_how_to_buttons": False, "store_backend": backend,
            "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"}}  # fmt: skip


def use_local_assets(site: Path, assets: Path) -> int:
    """Points the site's pages at copies of what they load from public servers; gives how many pages changed.

    Without copies nothing changes, and 0 comes back.
    """
    if not assets.is_dir():
        return 0
    shutil.copytree(assets, site / VENDOR, dirs_exist_ok=True)
    changed = 0
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        local = localise(text, "../" * (len(page.relative_to(site).parts) - 1), assets)
        if local != text:
            page.write_text(local, encoding="utf-8")
            changed += 1
    return changed


def localise(page: str, to_root: str, assets: Path) -> str:
    """HTML with public addresses replaced where `assets` has the file; `to_root` leads to the site's root, as `../`."""

    def replace(match: re.Match[str]) -> str:
        name = match["name"]
        if name == LOGO:
            return f'{match["attribute"]}="{to_root}static/images/{LOGO}"'
        file = VENDORED.get(name)
        if file is None or not (assets / file).exists():
            return match[0]
        return f'{match["attribute"]}="{to_root}{VENDOR}/{file}"'

    return _PUBLIC.sub(replace, page)
