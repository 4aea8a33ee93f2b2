"""The dashboard. `python -m include.serving.dashboard` serves it on TAXI_BIND:TAXI_DASHBOARD_PORT."""

from __future__ import annotations

import sys
from pathlib import Path

from streamlit import runtime

from include.config import get_settings
from include.errors import TaxiError


def main() -> None:
    """Inside Streamlit, which runs this file for every look at a page, the pages; outside it the server."""
    if runtime.exists():
        from include.dashboard.navigation import show

        show()
        return
    from include.dashboard.server import serve

    try:
        serve(Path(__file__), get_settings())
    except TaxiError as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()
