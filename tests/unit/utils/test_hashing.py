"""What a code hash sees: what runs, not how it is written down."""

from __future__ import annotations

from pathlib import Path

import pytest

from include.utils import hashing
from include.utils.hashing import code_hash

CODE = 'X = 1\n\n\ndef f() -> int:\n    """Says one."""\n    return X\n'


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(hashing, "PACKAGE", tmp_path)
    return tmp_path


def hash_of(package: Path, code: str) -> str:
    (package / "m.py").write_text(code)
    code_hash.cache_clear()
    return code_hash("m.py")


def test_comments_docstrings_and_layout_do_not_count(package: Path) -> None:
    before = hash_of(package, CODE)
    assert (
        hash_of(package, "# why\n" + CODE.replace("Says one.", "Says X.").replace("return X", "return (X)")) == before
    )
    assert hash_of(package, CODE.replace("X = 1", "X = 2")) != before


def test_a_module_that_is_gone_is_an_error(package: Path) -> None:
    code_hash.cache_clear()
    with pytest.raises(FileNotFoundError, match=r"include/gone.py"):
        code_hash("gone.py")
