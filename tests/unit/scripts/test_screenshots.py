"""The README's pictures are those that `make screenshots` takes, without a browser."""

from __future__ import annotations

import re

from include.config import ROOT
from scripts.screenshots import IMAGES, KEPT, TESTS


def test_every_picture_of_the_readme_is_taken_by_the_tests_that_are_run() -> None:
    shown = re.findall(r"docs/images/(\w+)\.png", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert sorted(KEPT.values()) == sorted(shown) == sorted(picture.stem for picture in IMAGES.iterdir())
    taken = re.findall(r'shoot\(page, "(\w+)"\)', (ROOT / TESTS).read_text(encoding="utf-8"))
    assert KEPT.keys() <= set(taken)
