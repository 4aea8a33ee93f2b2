"""How a month stands at its source, by the clock and by what the source answered."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from include.config import Settings
from include.errors import BadDataError, NotPublishedError, SettingsError, SourceUnavailableError, TaxiError
from include.ingestion.ingest_data import land_month
from include.ingestion.publication import (
    Publication,
    days_since_end,
    gave_up,
    judge,
    look,
    news,
    next_look_s,
    unseen,
)
from include.ingestion.sources import Offer
from include.ingestion.web import ThrottledError, TryAgainError
from include.lake import Manifest
from include.trips.month import Month
from include.utils.hashing import fingerprint

OFFER = Offer("https://tlc.example/yellow.parquet", {"etag": '"b"', "size": 12}, lambda folder: folder)
ABSENT = NotPublishedError("yellow_tripdata_2026-09.parquet is not there.")


def landed(vintage: dict[str, object]) -> Manifest:
    return Manifest("landing", "yellow", "2026-09", "u", fingerprint(vintage), "0", -1, {"vintage": vintage})


@pytest.mark.parametrize(
    ("now", "day"),
    [(datetime(2026, 9, 30, 23, tzinfo=UTC), -1), (datetime(2026, 10, 1, tzinfo=UTC), 0),
     (datetime(2026, 11, 5, tzinfo=UTC), 35), (datetime(2026, 12, 18, 9, tzinfo=UTC), 78)],
)  # fmt: skip
def test_days_count_from_the_first_one_after_the_month(now: datetime, day: int) -> None:
    assert days_since_end(Month(2026, 9), now) == day


@pytest.mark.parametrize(
    ("answer", "day", "state"),
    [
        (OFFER, 51, "published"),
        (ABSENT, 35, "not_yet"),
        (ABSENT, 77, "not_yet"),
        (ABSENT, 78, "late"),
        (ThrottledError("asks to wait", 7200), 50, "throttled"),
        (ThrottledError("asks to wait", 7200), 90, "throttled"),
        (TryAgainError("no connection"), 50, "unavailable"),
        (SourceUnavailableError("HTTP 401"), 50, "unavailable"),
        (BadDataError("a page instead of a file"), 50, "damaged"),
    ],
)
def test_the_state_follows_the_answer_and_the_day(answer: Offer | TaxiError, day: int, state: str) -> None:
    found = judge("yellow 2026-09", answer, None, day, late_days=78)
    assert (found.state, found.day, found.there) == (state, day, state == "published")
    assert "yellow 2026-09" in found.message


def test_messages_say_what_was_expected_and_what_the_source_said() -> None:
    assert "47 to 78 days" in judge("yellow 2026-09", ABSENT, None, 35, 78).message
    late = judge("yellow 2026-09", ABSENT, None, 80, 78).message
    assert "day 80 after its end is late" in late
    assert str(ABSENT) in late
    assert judge("yellow 2026-09", ThrottledError("asks to wait", 7200), None, 50, 78).wait_s == 7200


def test_another_vintage_than_the_landed_one_is_published_again_and_says_what_differs() -> None:
    again = judge("yellow 2026-09", OFFER, landed({"etag": '"a"', "size": 12}), 400, 78)
    assert (again.state, again.there) == ("republished", True)
    assert 'etag "a" -> "b"' in again.message
    assert "size" not in again.message
    assert judge("yellow 2026-09", OFFER, landed(OFFER.vintage), 400, 78).state == "published"


@pytest.mark.parametrize(
    ("state", "day", "late_told", "heard"),
    [
        ("published", 40, False, "there"),
        ("published", 500, True, "there"),
        ("not_yet", 77, False, None),
        ("late", 78, False, "late"),
        ("late", 78, True, None),
        ("throttled", 78, False, "late"),
        ("unavailable", 119, True, None),
        ("unavailable", 120, True, "given_up"),
        ("late", 120, False, "given_up"),
    ],
)
def test_late_is_told_once_whatever_the_reason_and_the_wait_ends(
    state: str, day: int, late_told: bool, heard: str | None, settings: Settings
) -> None:
    assert news(Publication(state, "", day), late_told, settings) == heard  # type: ignore[arg-type]


def test_a_source_that_refuses_is_asked_more_seldom_and_never_sooner_than_it_wants() -> None:
    absent, refused = Publication("not_yet", "", 40), Publication("throttled", "", 40, wait_s=90_000)
    assert next_look_s(absent, 0, 21_600, 0) == 21_600
    assert next_look_s(absent, 0, 21_600, 1) == pytest.approx(23_760)
    unasked = Publication("throttled", "", 40)
    assert [next_look_s(unasked, n, 100, 0) for n in (1, 2, 3, 9)] == [100, 200, 400, 400]
    assert next_look_s(refused, 1, 21_600, 0) == 90_000


def test_giving_up_names_the_next_step() -> None:
    text = gave_up(Publication("late", "yellow 2026-09 is not published.", 120), "yellow", "2026-09")
    assert "120 days" in text
    assert "trigger the month again" in text


def test_a_look_reads_source_and_lake(settings: Settings, tmp_path: Path) -> None:
    assert look("green", "2019-03", settings).state == "published"
    land_month("green", "2019-03", settings)
    assert "as it landed before" in look("green", "2019-03", settings).message
    other = settings.model_copy(update={"sample_seed": settings.sample_seed + 1})
    assert look("green", "2019-03", other).state == "republished"
    folder = settings.model_copy(update={"source": str(tmp_path)})
    assert look("green", "2019-04", folder, datetime(2019, 6, 1, tzinfo=UTC)).state == "not_yet"
    with pytest.raises(SettingsError, match="no folder"):
        look("green", "2019-03", settings.model_copy(update={"source": str(tmp_path / "gone")}))


def test_a_look_that_failed_is_told_with_what_was_raised() -> None:
    found = unseen("yellow", "2026-09", OSError("no lake"), datetime(2026, 11, 10, tzinfo=UTC))
    assert (found.state, found.day, found.there) == ("unavailable", 40, False)
    assert found.message == "yellow 2026-09 could not be looked for (day 40 after its end): OSError: no lake"
