"""Keys are kept as digests, have the scopes of their line, and are found by nothing but themselves."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from include.config import Settings
from include.config.add_api_key import add_key
from include.config.api_keys import digest_of, file_keys, find_key, plain_keys
from include.errors import SettingsError

DIGEST = "ab" * 32


def test_a_plain_key_may_predict_and_read_and_is_kept_hashed() -> None:
    first, second = plain_keys(" one, two ,")
    assert first.scopes == second.scopes == {"predict", "read"}
    assert first.digest == digest_of("one")
    assert "one" not in repr(first)
    assert first.name == f"key-{digest_of('one').hex()[:8]}"


def test_only_the_key_itself_is_found() -> None:
    keys = plain_keys("one,two")
    assert find_key(keys, "two") == keys[1]
    for other in ("", "tw", "two ", "TWO", DIGEST, digest_of("two").hex(), "\udcff"):
        assert find_key(keys, other) is None


def test_a_new_key_is_shown_once_and_stored_as_its_digest(settings: Settings) -> None:
    key = add_key(settings, "dispatcher", ["predict", "read"])
    text = settings.api_keys_path.read_text()
    assert key not in text
    assert stat.S_IMODE(settings.api_keys_path.stat().st_mode) == 0o600
    found = find_key(settings.known_keys(), key)
    assert found is not None
    assert (found.name, found.scopes) == ("dispatcher", frozenset({"predict", "read"}))
    other = add_key(settings, "boss", ["admin"])
    assert other != key
    assert [known.name for known in settings.known_keys()] == ["dispatcher", "boss"]


@pytest.mark.parametrize(
    ("name", "scopes", "said"),
    [("a b", ["read"], "NAME='a b'"), ("", ["read"], "NAME=''"), ("a:b", ["read"], "NAME"), ("a\n", ["read"], "NAME"),
     ("x", ["write"], "SCOPES='write'"), ("x", [], "SCOPES=''"), ("taken", ["read"], "called taken already")],
)  # fmt: skip
def test_a_name_or_scope_that_cannot_be_is_refused(settings: Settings, name: str, scopes: list[str], said: str) -> None:
    add_key(settings, "taken", ["read"])
    before = settings.api_keys_path.read_text()
    with pytest.raises(SettingsError, match=said):
        add_key(settings, name, scopes)
    assert settings.api_keys_path.read_text() == before


@pytest.mark.parametrize(
    "line",
    ["x", "x:read", f"x:write:{DIGEST}", f"x::{DIGEST}", f"x:read:{DIGEST[:-1]}", f":read:{DIGEST}", "x:read:secret"],
)
def test_a_line_of_another_form_is_named_without_its_content(tmp_path: Path, line: str) -> None:
    file = tmp_path / "keys"
    file.write_text(f"# who\n\n{line}\n")
    with pytest.raises(SettingsError, match="line 3 is no API key") as caught:
        file_keys(file)
    assert "secret" not in str(caught.value)


def test_a_name_that_comes_twice_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text(f"x:read:{DIGEST}\nx:admin:{DIGEST}\n")
    with pytest.raises(SettingsError, match="x twice"):
        file_keys(file)


def test_no_file_means_no_keys_and_an_unreadable_one_is_told(tmp_path: Path) -> None:
    assert file_keys(tmp_path / "none") == []
    with pytest.raises(SettingsError, match="cannot be read"):
        file_keys(tmp_path)


def test_a_file_of_remarks_alone_does_not_open_the_api_to_others(settings: Settings) -> None:
    exposed = settings.model_copy(update={"env": "production"})
    settings.api_keys_path.parent.mkdir(parents=True)
    settings.api_keys_path.write_text("# none yet\n")
    with pytest.raises(SettingsError, match="make api-key"):
        exposed.refuse_open_api()
    add_key(settings, "x", ["read"])
    exposed.refuse_open_api()


@pytest.mark.parametrize(
    ("chosen", "env", "allowed"),
    [("auto", "development", ""), ("auto", "production", "600/minute"), ("off", "production", ""),
     ("5/second", "development", "5/second")],
)  # fmt: skip
def test_requests_are_limited_where_others_reach_the_api(
    settings: Settings, chosen: str, env: str, allowed: str
) -> None:
    assert settings.model_copy(update={"rate_limit": chosen, "env": env}).requests_allowed == allowed


def test_a_key_is_added_below_a_last_line_that_was_left_open(settings: Settings) -> None:
    settings.api_keys_path.parent.mkdir(parents=True)
    settings.api_keys_path.write_text(f"old:read:{DIGEST}")
    add_key(settings, "new", ["read"])
    assert [key.name for key in settings.known_keys()] == ["old", "new"]


def test_a_file_that_was_named_and_is_not_there_does_not_open_the_api(settings: Settings, tmp_path: Path) -> None:
    named = settings.model_copy(update={"api_keys_file": str(tmp_path / "keys")})
    with pytest.raises(SettingsError, match="is not there"):
        named.known_keys()
    add_key(named, "first", ["read"])
    assert [key.name for key in named.known_keys()] == ["first"]
