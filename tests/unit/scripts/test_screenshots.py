"""The README's pictures are those that the screenshot targets take, without a browser."""

from __future__ import annotations

import re

import pytest

from include.config import ROOT
from include.dashboard.navigation import PAGES
from scripts.screenshots import IMAGES, SETS


def test_every_picture_of_the_readme_is_taken() -> None:
    shown = re.findall(r"docs/images/([\w-]+)\.png", (ROOT / "README.md").read_text(encoding="utf-8"))
    kept = [name for _, pictures in SETS.values() for name in pictures.values()]
    assert sorted(kept) == sorted(shown) == sorted(picture.stem for picture in IMAGES.iterdir())


@pytest.mark.parametrize("name", SETS)
def test_the_tests_that_are_run_take_them(name: str) -> None:
    tests, pictures = SETS[name]
    taken = re.findall(r'shoot\([\w.]+, f?"([\w{}]+)"\)', (ROOT / tests).read_text(encoding="utf-8"))
    for_each_page = [shot.format(address=page[1]) for shot in taken if "{address}" in shot and "{scheme}" not in shot
                     for page in PAGES]  # fmt: skip
    assert pictures.keys() <= {*taken, *for_each_page}
