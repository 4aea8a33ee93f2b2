"""The filters that several pages share; what is chosen is in the address."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from include.dashboard.figures.models import TITLES

SERVICE, TARGET = "service", "target"


def choose(
    place: Any, label: str, options: Sequence[str], key: str, format_func: Callable[[str], str] = str, **more: Any
) -> str:
    """One of the options; what was chosen while there were others, or stands in an old address, is forgotten."""
    if st.session_state.get(key, options[0]) not in options:
        del st.session_state[key]
    return str(place.selectbox(label, options, key=key, bind="query-params", format_func=format_func, **more))


def choose_model(known: dict[str, list[str]]) -> tuple[str, str]:
    """A service and one of its targets."""
    left, right = st.columns(2)
    service = choose(left, "Service", list(known), SERVICE)
    targets = [target for target in TITLES if target in known[service]]
    target = choose(right, "What is predicted", targets, TARGET, format_func=target_label)
    return service, target


def target_label(target: str) -> str:
    """As the filter and the address say it."""
    return TITLES[target].capitalize()


def choose_month(label: str, months: list[str], key: str = "month") -> str:
    """A month, the newest one first."""
    return choose(st, label, list(reversed(months)), key)
