"""How Streamlit is run: on the settings' address, without a request to anybody, and never showing a traceback."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from include.config import Settings

FLAGS = {
    "browser.gatherUsageStats": "false",
    "client.showErrorDetails": "none",
    "client.toolbarMode": "viewer",
    "runner.magicEnabled": "false",
    "server.headless": "true",
    "server.fileWatcherType": "none",
    "server.runOnSave": "false",
    "server.maxUploadSize": "1",
    "theme.light.primaryColor": "#0072B2",
    "theme.dark.primaryColor": "#56B4E9",
}
"""The rest is Streamlit's own default: light or dark as the browser asks, fonts and scripts from its package.

A colour set for both grounds at once would be a theme of its own, and a light one whatever the browser asks.
"""


def command(script: Path, settings: Settings) -> list[str]:
    """The command line that serves the script."""
    flags = FLAGS | {"server.port": str(settings.dashboard_port), "server.address": settings.bind}
    return [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        str(script),
        *(f"--{name}={value}" for name, value in flags.items()),
    ]


def serve(script: Path, settings: Settings) -> None:
    """Becomes the server."""
    arguments = command(script, settings)
    os.execv(arguments[0], arguments)  # noqa: S606 - a list of our own words needs no shell
