"""The dashboard. `python -m include.serving.dashboard` serves it on TAXI_BIND:TAXI_DASHBOARD_PORT."""

from __future__ import annotations

import sys
from pathlib import Path

import streamlit as st
from streamlit import runtime

from include.config import get_settings
from include.dashboard.pages import explorer
from include.dashboard.server import serve
from include.dashboard.states import whole
from include.errors import TaxiError

PAGES = (
    ("Dataset Explorer", "explorer", ":material/map:", explorer.page),
)  # fmt: skip
"""Title, address, icon and function of each page; the first one opens."""


def show() -> None:
    """The navigation and the page that was chosen."""
    st.set_page_config(page_title="Smart Analytics", page_icon=":material/local_taxi:", layout="wide")
    pages = [
        st.Page(whole(title, page), title=title, url_path=address, icon=icon, default=not place)
        for place, (title, address, icon, page) in enumerate(PAGES)
    ]
    st.navigation(pages).run()


def main() -> None:
    """Inside Streamlit the pages, outside it the server."""
    if runtime.exists():
        show()
        return
    try:
        serve(Path(__file__), get_settings())
    except TaxiError as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()
