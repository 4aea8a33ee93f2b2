"""`make api-key NAME=dispatcher SCOPES=predict,read`: a new key, shown once; the file keeps its digest."""

from __future__ import annotations

import argparse
import os
import sys

from include.config import Settings, get_settings
from include.config.api_keys import NAME, SCOPES, digest_of, file_keys, new_key
from include.errors import SettingsError, TaxiError


def add_key(settings: Settings, name: str, scopes: list[str]) -> str:
    """Appends a key to TAXI_API_KEYS_FILE, which only its owner can read, and gives the key.

    SettingsError for a name that is taken or of another form, and for scopes that are not known.
    """
    path, unknown = settings.api_keys_path, sorted(set(scopes) - set(SCOPES))
    if not NAME.fullmatch(name):
        raise SettingsError(f"NAME={name!r}: 1 to 40 letters, digits, dots, dashes or underscores are expected.")
    if unknown or not scopes:
        raise SettingsError(f"SCOPES={','.join(scopes)!r}: one or more of {', '.join(SCOPES)} are expected.")
    if name in {key.name for key in file_keys(path)}:
        raise SettingsError(f"{path} has a key called {name} already: remove its line first, or choose another name.")
    path.parent.mkdir(parents=True, exist_ok=True)
    key = new_key()
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "r+", encoding="utf-8") as file:
        if file.read()[-1:] not in ("", "\n"):  # an editor left the last line open
            file.write("\n")
        file.write(f"{name}:{','.join(scopes)}:{digest_of(key).hex()}\n")
    return key


def main() -> None:
    """Prints the key; the running service takes it after `POST /admin/reload` or within its polling time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--name", default="", help="who uses it; shown in logs")
    parser.add_argument("--scopes", default="predict,read", help=f"comma-separated, of {', '.join(SCOPES)}")
    asked = parser.parse_args()
    try:
        settings = get_settings()
        print(add_key(settings, asked.name, [scope.strip() for scope in asked.scopes.split(",") if scope.strip()]))
        print(f"Shown this once; {settings.api_keys_path} keeps its SHA-256. Send it as X-API-Key.", file=sys.stderr)
    except TaxiError as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()
