"""A waiver names a person, a reason and a last day, or it is refused with what is wrong."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from include.errors import SettingsError
from include.processing.waivers import WAIVERS_FILE, load_waivers, waivers_of

GOOD = """
- {service: yellow, month: 2019-03, expectation: pickup_zone_in_range, who: A. Person, until: 2026-12-31,
   why: zones of one vendor are wrong}
- {service: yellow, month: 2019-03, suite: clean, expectation: row_count, who: A. Person, until: 2026-01-31,
   why: known to be small}
"""


def put(tmp_path: Path, text: str) -> Path:
    (tmp_path / "waivers.yaml").write_text(text)
    return tmp_path / "waivers.yaml"


def test_a_waiver_holds_for_its_month_and_suite_through_its_last_day(tmp_path: Path) -> None:
    waivers = load_waivers(put(tmp_path, GOOD))
    raw = waivers_of(waivers, "yellow", "2019-03", "raw", date(2026, 12, 31))
    assert (list(raw.in_force), raw.expired) == (["pickup_zone_in_range"], {})
    assert raw.in_force["pickup_zone_in_range"].words() == (
        "waived by A. Person until 2026-12-31: zones of one vendor are wrong"
    )
    later = waivers_of(waivers, "yellow", "2019-03", "raw", date(2027, 1, 1))
    assert (later.in_force, list(later.expired)) == ({}, ["pickup_zone_in_range"])
    for other in (("green", "2019-03", "raw"), ("yellow", "2019-04", "raw"), ("yellow", "2019-03", "features")):
        assert waivers_of(waivers, *other, date(2026, 1, 1)).in_force == {}


def test_what_decides_a_verdict_is_part_of_its_key(tmp_path: Path) -> None:
    waivers = load_waivers(put(tmp_path, GOOD))
    keys = [waivers_of(waivers, "yellow", "2019-03", "raw", day).key() for day in (date(2026, 1, 1), date(2027, 1, 1))]
    assert keys[0] != keys[1] == []


FAULTS = [
    ("who: A. Person, until: 2026-12-31", "until: 2026-12-31", "entry 1: who: Field required"),
    ("until: 2026-12-31", "until: soon", "entry 1: until = 'soon': .*valid date"),
    ("until: 2026-12-31", "until: 2026-12-31, until_when: x", "entry 1: until_when = 'x': not a key of a waiver"),
    ("month: 2019-03, exp", "month: 2019-3, exp", "entry 1: month = '2019-3': month '2019-3' is not YYYY-MM"),
    ("why: zones of one vendor are wrong", "why: ''", "entry 1: why = '': .*at least 3 characters"),
    ("pickup_zone_in_range", "pickup_zone_range",
     "entry 1: expectation = 'pickup_zone_range': the raw suite of yellow has none of that name; did you mean pickup_"),
    ("suite: clean", "suite: cleaned", "entry 2: suite = 'cleaned': Input should be 'raw', 'clean' or 'features'"),
    ("service: yellow", "service: pink", "entry 1: service = 'pink': known services are yellow, green, fhv, fhvhv"),
    ("suite: clean, expectation: row_count", "expectation: pickup_zone_in_range", "is waived twice; keep one entry"),
    ("- {service", "  {service", "cannot be read"),
]  # fmt: skip


@pytest.mark.parametrize(("good", "bad", "sentence"), FAULTS)
def test_a_faulty_entry_is_named(tmp_path: Path, good: str, bad: str, sentence: str) -> None:
    assert good in GOOD
    with pytest.raises(SettingsError, match=sentence) as error:
        load_waivers(put(tmp_path, GOOD.replace(good, bad)))
    assert "waivers.yaml" in str(error.value)


def test_a_file_that_is_no_list_or_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"waivers.yaml: .*it is a list of entries"):
        load_waivers(put(tmp_path, "yellow: 2019-03"))
    with pytest.raises(SettingsError, match=r"The waivers .*none.yaml cannot be read.*TAXI_WAIVERS"):
        load_waivers(tmp_path / "none.yaml")


def test_an_empty_file_waives_nothing(tmp_path: Path) -> None:
    assert load_waivers(put(tmp_path, "")) == ()
    assert isinstance(load_waivers(WAIVERS_FILE), tuple)
