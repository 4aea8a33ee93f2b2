"""Nothing outside the folder is handed out, whatever it is called."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from taxi_ui.files import inside

from tests.unit.plugins.homes import write

PARTS = st.sampled_from(["..", ".", "", "a", "b.html", "~", "secret.html", "out", "ring", ".hidden.html", "/", "\\..\\",
                         "%2e%2e", "\0", "é.html", "x" * 300])  # fmt: skip


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site with a page, beside a secret that links and dots lead to."""
    write(tmp_path / "secret.html", "secret")
    root = tmp_path / "site"
    write(root / "a/b.html", "page")
    write(root / "a/.hidden.html", "hidden")
    write(root / "a/run.sh", "no page")
    (root / "out").symlink_to(tmp_path)
    (root / "a/secret.html").symlink_to(tmp_path / "secret.html")
    (root / "ring").symlink_to(root / "ring")
    (root / "alias.html").symlink_to(root / "a/b.html")
    return root


@given(st.lists(PARTS, max_size=6), st.booleans(), st.booleans())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=400)
def test_only_files_of_the_site_are_found(site: Path, parts: list[str], rooted: bool, decoded: bool) -> None:
    name = ("/" if rooted else "") + "/".join(parts)
    found = inside(site, unquote(name) if decoded else name)
    assert found is None or found == (site / "a/b.html").resolve()


@given(st.text(max_size=40))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_at_all_is_an_answer(site: Path, name: str) -> None:
    assert inside(site, name) is None


@pytest.mark.parametrize("name", ["a/b.html", "a/../a/b.html", "./a//b.html", "alias.html"])
def test_a_page_of_the_site_is_found(site: Path, name: str) -> None:
    assert inside(site, name) == (site / "a/b.html").resolve()


@pytest.mark.parametrize(
    "name", ["../secret.html", "out/secret.html", "a/secret.html", "a/.hidden.html", "a/run.sh", "a", "", "ring"]
)
def test_what_leads_elsewhere_or_is_no_page_is_not(site: Path, name: str) -> None:
    assert inside(site, name) is None
    assert inside(site, str(site.parent / "secret.html")) is None


def test_a_home_without_the_folder_has_no_files(tmp_path: Path) -> None:
    assert inside(tmp_path / "absent", "index.html") is None
