"""How a month stands at its source: a state, a sentence for people, and when to look again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from include.config import Settings
from include.errors import BadDataError, NotPublishedError, SourceUnavailableError, TaxiError
from include.ingestion.sources import Offer, find_month
from include.ingestion.web import ThrottledError, TryAgainError
from include.lake import Lake, Manifest
from include.trips.month import Month
from include.utils.hashing import fingerprint

State = Literal["published", "republished", "not_yet", "late", "throttled", "unavailable", "damaged"]
News = Literal["there", "late", "given_up"]

USUAL = "TLC usually publishes 47 to 78 days after a month's end, half of the months by day 51"
LONGEST_BACKOFF = 4
"""A source that refuses again and again is asked a fourth as often at last, or as seldom as it wants."""
SPREAD = 0.1
"""Share of a wait that is added at random, so that the services do not all ask at once."""


@dataclass(frozen=True)
class Publication:
    """What the source says of a month; `day` counts from the month's end, `wait_s` is what the source asked for."""

    state: State
    message: str
    day: int
    wait_s: float = 0

    @property
    def there(self) -> bool:
        """Whether the month can be landed now."""
        return self.state in ("published", "republished")


def look(service: str, month: str, settings: Settings, now: datetime | None = None) -> Publication:
    """Asks the source once for the month. SettingsError when TAXI_SOURCE names none that could be asked."""
    parsed, now = Month.parse(month), now or datetime.now(UTC)
    answer: Offer | TaxiError
    try:
        answer = find_month(service, parsed, settings)
    except (NotPublishedError, SourceUnavailableError, BadDataError) as reason:
        answer = reason
    landed = Lake(settings.lake).current("landing", service, parsed)
    return judge(f"{service} {month}", answer, landed, days_since_end(parsed, now), settings.late_days)


def unseen(service: str, month: str, fault: Exception, now: datetime | None = None) -> Publication:
    """`unavailable`, for a look that failed before the source could answer (a lake that is away, say)."""
    day = days_since_end(Month.parse(month), now or datetime.now(UTC))
    told = f"{service} {month} could not be looked for (day {day} after its end): {type(fault).__name__}: {fault}"
    return Publication("unavailable", told, day)


def days_since_end(month: Month, now: datetime) -> int:
    """Whole days from the month's last midnight to `now`, negative while it lasts."""
    return (now.date() - month.end.date()).days


def judge(name: str, answer: Offer | TaxiError, landed: Manifest | None, day: int, late_days: int) -> Publication:
    """The state of the month `name` on that day, from what the source answered and what landed before."""
    if isinstance(answer, Offer):
        return _offered(name, answer, landed, day)
    if isinstance(answer, NotPublishedError):
        late = day >= late_days
        told = f"day {day} after its end is late: {USUAL}" if late else f"it is day {day} after its end; {USUAL}"
        return Publication("late" if late else "not_yet", f"{name} is not published: {told}. {answer}", day)
    wait_s = answer.wait_s if isinstance(answer, TryAgainError) else 0
    if isinstance(answer, ThrottledError):
        return Publication("throttled", f"{name} cannot be told (day {day} after its end): {answer}", day, wait_s)
    state: State = "damaged" if isinstance(answer, BadDataError) else "unavailable"
    return Publication(state, f"{name} cannot be had (day {day} after its end): {answer}", day, wait_s)


def _offered(name: str, offer: Offer, landed: Manifest | None, day: int) -> Publication:
    if landed is None:
        return Publication("published", f"{name} is published: {offer.origin}.", day)
    if landed.key == fingerprint(offer.vintage):
        return Publication("published", f"{name} is published as it landed before: {offer.origin}.", day)
    changed = _changes(landed.meta.get("vintage", {}), offer.vintage)
    message = f"{name} is published again and differs from what landed: {changed}. It is done anew from {offer.origin}."
    return Publication("republished", message, day)


def _changes(before: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """`etag "a" -> "b", size 10 -> 12`: what tells two vintages apart."""
    names = [name for name in sorted({*before, *now}) if before.get(name) != now.get(name)]
    return ", ".join(f"{name} {before.get(name, 'none')} -> {now.get(name, 'none')}" for name in names)


def news(found: Publication, late_told: bool, settings: Settings) -> News | None:
    """What somebody must hear now, or None to go on waiting; a month is told to be late once."""
    if found.there:
        return "there"
    if found.day >= settings.give_up_days:
        return "given_up"
    return "late" if found.day >= settings.late_days and not late_told else None


def next_look_s(found: Publication, refusals: int, look_every_s: float, chance: float) -> float:
    """Seconds to the next look after so many refusals in a row; `chance` in [0, 1] spreads it.

    Never sooner than the source asked for.
    """
    backoff = float(min(2 ** max(refusals - 1, 0), LONGEST_BACKOFF))
    return max(look_every_s * backoff, found.wait_s) * (1 + SPREAD * chance)


def gave_up(found: Publication, service: str, month: str) -> str:
    """The error of a run that waits no longer."""
    return (
        f"{service} {month} has not come {found.day} days after its month's end (TAXI_GIVE_UP_DAYS), and its run waits "
        f"no longer: {found.message} Look whether TLC has moved the file (TAXI_SOURCE, TAXI_TLC_BASE_URL), then clear "
        "the run, or trigger the month again once it is there."
    )
