"""The pages of the dashboard, in their order."""

from __future__ import annotations

import streamlit as st

from include.dashboard import session
from include.dashboard.pages import (
    ask,
    cards,
    comparison,
    exploration,
    explorer,
    operations,
    overview,
    playground,
    quality,
    training,
)
from include.dashboard.states import whole
from include.dashboard.tables import STYLE

ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#0072B2"/>'
    '<path d="M8 23V13M14 23V8M20 23v-7M26 23V11" stroke="#fff" stroke-width="3" stroke-linecap="round"/></svg>'
)
PAGES = (
    ("Overview", "overview", ":material/home:", overview.page),
    ("Dataset Explorer", "explorer", ":material/map:", explorer.page),
    ("Model Training Results", "training", ":material/leaderboard:", training.page),
    ("Inference Playground", "playground", ":material/local_taxi:", playground.page),
    ("Model Comparison", "comparison", ":material/compare_arrows:", comparison.page),
    ("Model Cards", "cards", ":material/badge:", cards.page),
    ("Data Quality", "quality", ":material/verified:", quality.page),
    ("Exploration of Models", "exploration", ":material/bubble_chart:", exploration.page),
    ("Operations", "operations", ":material/monitor_heart:", operations.page),
    ("Ask", "ask", ":material/forum:", ask.page),
)
"""Title, address, icon and function of each page; the first one opens."""


NARROW = f"""<style>
[data-testid="stMarkdownContainer"] table {{ display: block; max-width: 100%; overflow-x: auto; }}
[data-testid="stMarkdownContainer"] :is(p, li, h1, h2, h3, h4) {{ overflow-wrap: anywhere; }}
[data-testid="stMarkdownContainer"] :is(th, td) {{ overflow-wrap: break-word; min-width: 4rem; }}
[data-testid="stMarkdownContainer"] :is(p, li) > code {{ overflow-wrap: anywhere; white-space: normal; }}
{STYLE}
</style>"""
"""Words of others are as wide as they are: a table scrolls by itself, and a checksum breaks, before a page moves."""


def show() -> None:
    """The navigation and the page that was chosen."""
    st.set_page_config(page_title="Smart Analytics", page_icon=ICON, layout="wide")
    st.html(NARROW)
    pages = [
        st.Page(whole(title, page), title=title, url_path=address, icon=icon, default=not place)
        for place, (title, address, icon, page) in enumerate(PAGES)
    ]
    st.session_state[session.PAGES] = {address: page for (_, address, *_), page in zip(PAGES, pages, strict=True)}
    chosen = st.navigation(pages)
    session.key_field()
    chosen.run()
