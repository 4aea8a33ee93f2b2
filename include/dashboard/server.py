"""How Streamlit is run: on the settings' address, without a request to anybody, and never showing a traceback."""

from __future__ import annotations

import logging
from importlib import import_module
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


def arguments(script: Path, settings: Settings) -> list[str]:
    """What Streamlit's command line is told, to serve the script."""
    flags = FLAGS | {"server.port": str(settings.dashboard_port), "server.address": settings.bind}
    return ["run", str(script), *(f"--{name}={value}" for name, value in flags.items())]


def serve(script: Path, settings: Settings) -> None:
    """Serves until interrupted. What the pages import is there before somebody looks: half a second of a first look."""
    from streamlit.web.cli import main

    logging.disable(logging.WARNING)  # caches that are declared before the server runs are warned of
    import_module("include.dashboard.navigation")
    logging.disable(logging.NOTSET)
    main(arguments(script, settings), prog_name="streamlit")
