"""The client examples of docs/API_DOCS.md, run against a service as they are written."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn

from include.serving.api import create_app
from tests.champions import published
from tests.conftest import absent
from tests.unit.models.trips import sample_rows, window_of

pytestmark = pytest.mark.integration
TEXT = (Path(__file__).parents[3] / "docs" / "API_DOCS.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```(bash|python|javascript)\n(.*?)```", TEXT, re.DOTALL)
RUN = {"bash": ["bash", "-c"], "python": [sys.executable, "-c"], "javascript": ["node", "--input-type=module", "-e"]}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A running service over champions of the sample."""
    window = window_of(sample_rows(tmp_path_factory.mktemp("rows")))
    settings = published(tmp_path_factory.mktemp("home"), window)
    server = uvicorn.Server(uvicorn.Config(create_app(settings), port=0, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(30)


def test_every_language_has_an_example() -> None:
    assert {language for language, _ in EXAMPLES} == set(RUN)


@pytest.mark.parametrize(("language", "code"), EXAMPLES)
def test_an_example_gets_a_quote(address: str, language: str, code: str) -> None:
    if shutil.which(RUN[language][0]) is None:
        absent(f"{RUN[language][0]} is not installed")
    ran = subprocess.run([*RUN[language], code], capture_output=True, text=True, timeout=60, check=False,
                         env=os.environ | {"API": address})  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert re.search(r'\d+\.\d+ minutes, \d+\.\d+ dollars|"duration_min":\{"value"|^row,service', ran.stdout), (
        ran.stdout
    )
