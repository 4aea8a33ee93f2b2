"""`make db-shell`: the database's own client on the warehouse of the settings."""

from __future__ import annotations

import os
import shutil
import sys

from sqlalchemy import make_url

from include.config import get_settings
from include.errors import SettingsError, TaxiError


def command(url: str) -> tuple[list[str], dict[str, str]]:
    """The client's command line and extra environment for a SQLAlchemy URL; the password is not on the command line.

    SettingsError names the client that is not installed.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        client = shutil.which("sqlite3")
        return [client or _missing("sqlite3"), str(parsed.database)], {}
    client = shutil.which("mysql") or shutil.which("mariadb") or _missing("mysql (default-mysql-client)")
    where = ["-h", parsed.host or "127.0.0.1", "-P", str(parsed.port or 3306), "-u", parsed.username or "root"]
    return [client, *where, str(parsed.database)], {"MYSQL_PWD": parsed.password or ""}


def _missing(client: str) -> str:
    raise SettingsError(f"The client {client} is not installed: install it with the system's package manager.")


def main() -> None:
    """Replaces this process by the client."""
    try:
        line, environment = command(get_settings().warehouse)
    except TaxiError as error:
        sys.exit(f"error: {error}")
    os.execve(line[0], line, os.environ | environment)  # noqa: S606 - the client takes over the terminal


if __name__ == "__main__":
    main()
