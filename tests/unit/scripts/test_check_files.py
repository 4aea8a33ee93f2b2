"""Only small files that parse are committed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from scripts.check_files import MAX_BYTES, main, problem


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [("a.json", '{"a": 1}', "{a: 1}"), ("a.yaml", "a: [1]\n---\nb: 2\n", "a: [1"), ("a.toml", "a = 1", "a = ")],
)
def test_a_file_that_does_not_parse_is_named_with_the_reason(tmp_path: Path, name: str, good: str, bad: str) -> None:
    path = tmp_path / name
    path.write_text(good)
    assert problem(path) is None
    path.write_text(bad)
    assert f"{path} is no {name[2:].upper()}: " in str(problem(path))


def test_a_key_that_comes_twice_is_a_problem(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("a:\n  b: 1\n  c: 2\n  b: 3\n")
    assert "'b' comes twice in one mapping, again in line 4" in str(problem(path))
    path.write_text("x: &x {b: 1}\na:\n  <<: *x\n  b: 2\n")
    assert problem(path) is None, "what is merged in may be overridden"


def test_a_large_file_is_refused_whatever_it_is(tmp_path: Path) -> None:
    path = tmp_path / "trips.parquet"
    path.write_bytes(b"0" * (MAX_BYTES + 1))
    assert "has 400,001 bytes" in str(problem(path))


def test_every_problem_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [tmp_path / name for name in ("a.json", "b.json", "c.json")]
    for path, text in zip(paths, ("{", "1", "]"), strict=True):
        path.write_text(text)
    monkeypatch.setattr(sys, "argv", ["check_files.py", *map(str, paths)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert [str(path) in str(ended.value) for path in paths] == [True, False, True]
