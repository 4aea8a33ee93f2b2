"""Pages point at local copies where there are any, and at nothing else."""

from __future__ import annotations

from pathlib import Path

from include.processing.data_docs import VENDOR, localise, use_local_assets

PAGE = (
    '<link rel="stylesheet" href="https://cdn.example/bootstrap/4.3.1/css/bootstrap.min.css"/>\n'
    '<script src="https://cdn.example/popper.js/umd/popper.min.js" integrity="sha384-x" crossorigin="anonymous">'
    '</script>\n<script src="https://cdn.example/npm/vega@5"></script>\n'
    '<img src="https://assets.example/logo-long.png?d=20"/>\n<a href="https://example.org">more</a>'
)


def copies(folder: Path, *files: str) -> Path:
    for file in files:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text("copy")
    return folder


def test_addresses_with_a_copy_become_relative_and_lose_their_checks(tmp_path: Path) -> None:
    assets = copies(tmp_path, "bootstrap/bootstrap.min.css", "popper/popper.min.js", "vega/vega.min.js")
    assert localise(PAGE, "../../", assets) == (
        f'<link rel="stylesheet" href="../../{VENDOR}/bootstrap/bootstrap.min.css"/>\n'
        f'<script src="../../{VENDOR}/popper/popper.min.js"></script>\n'
        f'<script src="../../{VENDOR}/vega/vega.min.js"></script>\n'
        '<img src="../../static/images/logo-long.png"/>\n<a href="https://example.org">more</a>'
    )


def test_addresses_without_a_copy_stay(tmp_path: Path) -> None:
    assert "https://cdn.example/npm/vega@5" in localise(PAGE, "", copies(tmp_path, "bootstrap/bootstrap.min.css"))


def test_a_site_is_rewritten_once_at_every_depth(tmp_path: Path) -> None:
    site, assets = tmp_path / "site", copies(tmp_path / "assets", "vega/vega.min.js")
    for page in ("index.html", "validations/yellow/page.html"):
        (site / page).parent.mkdir(parents=True, exist_ok=True)
        (site / page).write_text(PAGE)
    assert use_local_assets(site, assets) == 2
    assert f'src="../../{VENDOR}/vega/vega.min.js"' in (site / "validations/yellow/page.html").read_text()
    assert f'src="{VENDOR}/vega/vega.min.js"' in (site / "index.html").read_text()
    assert (site / VENDOR / "vega/vega.min.js").read_text() == "copy"
    assert use_local_assets(site, assets) == 0


def test_without_copies_the_public_addresses_stay(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(PAGE)
    assert use_local_assets(tmp_path, tmp_path / "absent") == 0
    assert (tmp_path / "index.html").read_text() == PAGE
