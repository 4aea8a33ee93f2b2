"""The filters that several pages share; what is chosen is in the address."""

from __future__ import annotations

import streamlit as st

from include.dashboard.figures.models import TITLES

SERVICE, TARGET = "service", "target"


def choose_model(known: dict[str, list[str]]) -> tuple[str, str]:
    """A service and one of its targets."""
    left, right = st.columns(2)
    service = left.selectbox("Service", list(known), key=SERVICE, bind="query-params")
    targets = [target for target in TITLES if target in known[service]]
    target = right.selectbox("What is predicted", targets, key=TARGET, bind="query-params",
                             format_func=lambda name: TITLES[name].capitalize())  # fmt: skip
    return service, target


def choose_month(label: str, months: list[str], key: str = "month") -> str:
    """A month, the newest one first."""
    return str(st.selectbox(label, list(reversed(months)), key=key, bind="query-params"))
