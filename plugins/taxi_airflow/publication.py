"""A run's first task: is the month there? A scheduled run waits for it for weeks and holds nothing meanwhile."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn

from airflow.sdk import BaseOperator
from airflow.sdk.exceptions import AirflowFailException
from airflow.sdk.execution_time.context import NEVER_EXPIRE
from airflow.triggers.base import BaseTrigger, TriggerEvent

from include.config import get_settings
from include.errors import SettingsError, SourceUnavailableError
from include.ingestion.publication import Publication, gave_up, look, news, next_look_s, unseen
from taxi_airflow.alerts import tell

LATE_TOLD = "late_told"


class AwaitPublication(BaseOperator):
    """Returns how the month stands at its source (`state`, `message`, `day`) once it can be landed.

    A scheduled run is deferred until then. It tells once that the month is late, and fails after TAXI_GIVE_UP_DAYS.
    A run that somebody asked for gets its answer at once: a month that is not there, or is damaged, fails and is not
    tried again; a source that does not answer is.
    """

    template_fields: Sequence[str] = ("month",)

    def __init__(self, *, service: str, month: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.service, self.month = service, month

    def execute(self, context: Any) -> dict[str, Any]:
        """The first look is the task's own, so that a month that is there costs no triggerer."""
        settings = get_settings()
        waits = context["dag_run"].run_type == "scheduled"
        try:
            found = look(self.service, self.month, _once(settings) if waits else settings)
        except SettingsError as fault:
            raise AirflowFailException(str(fault)) from None
        if waits or found.there:
            return self._go_on(context, found)
        if found.state in ("unavailable", "throttled"):
            raise SourceUnavailableError(found.message)
        raise AirflowFailException(found.message)

    def looked(self, context: Any, event: dict[str, Any]) -> dict[str, Any]:
        """What the trigger found, or the setting that kept it from looking."""
        if "fault" in event:
            raise AirflowFailException(event["fault"])
        return self._go_on(context, Publication(**event))

    def _go_on(self, context: Any, found: Publication) -> dict[str, Any]:
        """Ends when the month is there or given up, else waits on; an alert is remembered across tries of the task."""
        store = context["task_state_store"]
        late_told = bool(store.get(LATE_TOLD))
        heard = news(found, late_told, get_settings())
        if heard == "there":
            self.log.info("%s: %s", found.state, found.message)
            return {"state": found.state, "message": found.message, "day": found.day}
        if heard == "given_up":
            raise AirflowFailException(gave_up(found, self.service, self.month))
        if heard == "late":
            # Told before it is remembered: a task that dies between tells twice rather than never.
            tell(f"{self.service} {self.month} is late", f"{found.message} The run keeps looking for it.")
            store.set(LATE_TOLD, True, retention=NEVER_EXPIRE)
        return self._wait(found, late_told or heard == "late")

    def _wait(self, found: Publication, late_told: bool) -> NoReturn:
        refusals, chance = int(found.state == "throttled"), random.random()  # noqa: S311
        wait_s = next_look_s(found, refusals, get_settings().look_every_s, chance)
        first = (datetime.now(UTC) + timedelta(seconds=wait_s)).isoformat(timespec="milliseconds")
        self.log.info("%s: %s The next look is at %s.", found.state, found.message, first)
        self.defer(trigger=MonthTrigger(self.service, self.month, first, late_told), method_name="looked")


class MonthTrigger(BaseTrigger):
    """Looks for a month from `first_look` on, and fires when there is news: it is there, late, or given up.

    A look is made in a thread: a slow source keeps no other trigger waiting. A triggerer that starts anew goes on with
    the same arguments, and looks at once when the first look's time has passed.
    """

    def __init__(self, service: str, month: str, first_look: str, late_told: bool) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.service, self.month, self.first_look, self.late_told = service, month, first_look, late_told

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """All that another triggerer needs to go on looking."""
        names = ("service", "month", "first_look", "late_told")
        return "taxi_airflow.publication.MonthTrigger", {name: getattr(self, name) for name in names}

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """One event: the `Publication` as a dict, or `fault` with the settings' error."""
        wait_s = (datetime.fromisoformat(self.first_look) - datetime.now(UTC)).total_seconds()
        refusals = 0
        while True:
            await asyncio.sleep(max(wait_s, 0))
            settings = get_settings()
            try:
                found = await asyncio.to_thread(look, self.service, self.month, _once(settings))
            except SettingsError as fault:
                yield _event({"fault": str(fault)})
                return
            except Exception as fault:  # noqa: BLE001 - a run that waits for weeks outlives whatever one look meets
                found = unseen(self.service, self.month, fault)
            if news(found, self.late_told, settings):
                yield _event(asdict(found))
                return
            refusals = refusals + 1 if found.state == "throttled" else 0
            wait_s = next_look_s(found, refusals, settings.look_every_s, random.random())  # noqa: S311
            self.log.info("%s: %s The next look is in %.0f s.", found.state, found.message, wait_s)


def _event(payload: dict[str, Any]) -> TriggerEvent:
    return TriggerEvent(payload)  # type: ignore[no-untyped-call]


def _once(settings: Any) -> Any:
    """One request a look: who waits for weeks need not insist."""
    return settings.model_copy(update={"download_attempts": 1})
