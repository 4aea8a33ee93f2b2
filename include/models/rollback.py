"""`make rollback MODEL=nyc_taxi_yellow_duration_min [VERSION=3]`: an earlier version answers again."""

from __future__ import annotations

import argparse
import getpass
import json
import sys
from datetime import UTC, datetime
from typing import Any

from include.config import Settings, get_settings
from include.errors import BadDataError, TaxiError
from include.models.bundle import read_bundle
from include.models.history import Move, known_models, moves, registered_versions
from include.models.promotion import follow_log, in_office
from include.models.records import log_entry, next_entry, write_together
from include.models.registry import REGISTER_SECONDS
from include.utils.logs import configure

RETRYABLE = 75
"""Exit code (EX_TEMPFAIL) for a fault that passes by itself."""


def roll_back(settings: Settings, name: str, version: int | None, actor: str, reason: str) -> dict[str, Any]:
    """Makes the previous champion, or a registered version by number, the one that answers; writes who and why.

    It holds for the month that was decided last: doing that month again does not undo it, the next month meets the
    version that was put back. A rollback that died is finished, not taken a step further. BadDataError for a model or
    version that is not known, or nothing to go back to; BundleError for a bundle that cannot be served. Then nothing
    moves.
    """
    from include.warehouse.engine import get_engine
    from include.warehouse.schema import exclusive

    with exclusive(get_engine(settings), f"register-{name}", REGISTER_SECONDS):
        changes = moves(settings, name)
        if not changes:
            raise BadDataError(f"{name!r} has no champion; models that have one: {_listed(known_models(settings))}.")
        present = changes[-1]
        unfinished = present.rolled_back and not in_office(settings, name, present)
        if not (unfinished and version in (None, present.version)):
            _write(settings, name, present, _destination(settings, name, changes, version), actor, reason)
        stands = follow_log(settings, name)
    return {"model": name, "champion": stands.version if stands else None, "since": present.since, "status": "done"}


def _destination(settings: Settings, name: str, changes: list[Move], version: int | None) -> dict[str, Any]:
    """Summary of the version to go back to, whose bundle is whole."""
    present, known = changes[-1], registered_versions(settings, name)
    wanted = previous_champion(changes) if version is None else version
    if wanted is None:
        raise BadDataError(
            f"{name}/{present.version} is the first champion: there is none to go back to. Name one with VERSION; "
            f"registered: {_listed(known)}."
        )
    if wanted not in known:
        raise BadDataError(f"{name} has no registered version {wanted}; registered: {_listed(known)}.")
    if wanted == present.version:
        raise BadDataError(
            f"{name}/{wanted} is the champion already; other versions: {_listed(set(known) - {wanted})}."
        )
    read_bundle(known[wanted]["uri"], known[wanted]["card_sha256"])
    return known[wanted]


def previous_champion(changes: list[Move]) -> int | None:
    """The version that the present one replaced when it was promoted, so a second rollback goes one further back."""
    present = changes[-1].version
    came = [move for move in changes if move.version == present]
    promoted = [move for move in came if not move.rolled_back]
    return (promoted or came)[-1].replaced


def _write(settings: Settings, name: str, present: Move, summary: dict[str, Any], actor: str, reason: str) -> None:
    rolled = summary | {
        "action": "rollback", "rule": "rollback", "reason": reason, "champion": f"{name}/{summary['version']}",
        "decided_at": datetime.now(UTC).isoformat(),
    }  # fmt: skip
    key = f"rollback-{next_entry(settings, name)}"
    write_together(settings, [log_entry(settings, present.since, key, rolled, present.version, actor)])


def _listed(values: Any) -> str:
    return ", ".join(str(value) for value in sorted(values)) or "none"


def main() -> None:
    """The command line; a rollback that is impossible ends with one sentence and exit code 1, 75 if it may pass."""
    configure()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default="", help="a registered model, e.g. nyc_taxi_yellow_duration_min")
    parser.add_argument("--version", type=int, help="a registered version; default: the previous champion")
    parser.add_argument("--reason", default="no reason given")
    parser.add_argument("--by", help="who asked for it; default: the user of this process")
    asked = parser.parse_args()
    try:
        settings, actor = get_settings(), asked.by or getpass.getuser()
        if not asked.model:
            having = _listed(known_models(settings))
            raise BadDataError(
                f"Say which model: make rollback MODEL=<name> [VERSION=<number>]; those that have a champion: {having}."
            )
        print(json.dumps(roll_back(settings, asked.model, asked.version, actor, asked.reason)))
    except TaxiError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(RETRYABLE if error.retryable else 1)


if __name__ == "__main__":
    main()
