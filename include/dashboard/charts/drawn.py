"""A chart on the page: its title as text, then what ECharts draws."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from include.dashboard.charts.chart import Chart
from include.dashboard.prose import calm


def show(chart: Chart, key: str, clicked: Callable[[int], None] | None = None) -> None:
    """Draws it here. `clicked` gets the place of the datum in its series that was chosen."""
    with st.container(gap=None):
        st.markdown(f"**{calm(chart.title)}**")
        st.echarts_chart(chart.option, key=key, height=chart.height,
                         on_select=(lambda: _tell(key, clicked)) if clicked else "ignore")  # fmt: skip


def _tell(key: str, clicked: Callable[[int], None]) -> None:
    chosen: list[dict[str, Any]] = st.session_state[key]["selection"]["selected"]
    if chosen and chosen[0]["data_indices"]:
        clicked(int(chosen[0]["data_indices"][0]))
