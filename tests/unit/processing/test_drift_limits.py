from __future__ import annotations

import copy
from typing import Any

import pytest
import yaml

from include.errors import SettingsError
from include.processing.drift_limits import LIMITS_FILE, drift_limits, parse_limits


@pytest.fixture
def plain() -> dict[str, Any]:
    loaded: dict[str, Any] = copy.deepcopy(yaml.safe_load(LIMITS_FILE.read_text()))
    return loaded


def test_the_file_is_accepted() -> None:
    assert drift_limits().reference.least == 3


def test_limits_out_of_order_are_refused_by_name(plain: dict[str, Any]) -> None:
    plain["limits"]["money"]["psi"] = [0.3, 0.1]
    with pytest.raises(SettingsError, match=r"limits\.money\.psi: write \[warning, alarm\].*not \[0.3, 0.1\]"):
        parse_limits(plain, "drift.yaml")


@pytest.mark.parametrize(
    ("section", "entry", "value", "message"),
    [
        ("limits", "monney", {"psi": [0.1, 0.2], "ks": [0.1, 0.2]}, "monney"),
        ("reference", "windo", 3, "windo"),
        ("reference", "least", 13, "least 13 <= window 12"),
        ("named", "absent", 0.5, "absent 0.5 must be below appears 0.01"),
        ("named", "constant", 1.5, "named.constant"),
    ],
)
def test_what_makes_no_sense_is_refused(
    plain: dict[str, Any], section: str, entry: str, value: Any, message: str
) -> None:
    plain[section][entry] = value
    with pytest.raises(SettingsError, match=message):
        parse_limits(plain, "drift.yaml")


def test_every_kind_of_column_needs_limits(plain: dict[str, Any]) -> None:
    del plain["limits"]["zone"]
    with pytest.raises(SettingsError, match="limits lack zone"):
        parse_limits(plain, "drift.yaml")


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(SettingsError, match="the file"):
        parse_limits(None, "drift.yaml")
