"""What belongs to one reader: the key typed into the sidebar, and the addresses as this browser reaches them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import streamlit as st

from include.config import get_settings
from include.dashboard.api import Api

HERE = ("127.0.0.1", "localhost", "::1")
KEY, PAGES = "api_key", "pages_by_address"


def key_field() -> None:
    """The sidebar's field. The key lives in this session's memory: not in the address, not in any file."""
    st.sidebar.text_input(
        "API key of this session", type="password", key=KEY, placeholder="only where the API asks for one",
        help="Sent with this session's requests to the API, and forgotten with the tab.",
    )  # fmt: skip


def api() -> Api:
    """The API with this session's key; blanks around it came along when it was pasted."""
    return Api(get_settings().api_address, st.session_state.get(KEY, "").strip())


def has_key() -> bool:
    """Whether this session has one."""
    return bool(st.session_state.get(KEY, "").strip())


def link(port: int, path: str = "/") -> str:
    """Another service's page, at the host that this browser reaches the dashboard by."""
    host = urlsplit(st.context.url or "").hostname or get_settings().bind
    return f"http://{f'[{host}]' if ':' in host else host}:{port}{path}"


def mlflow_link(path: str) -> str:
    """A page of MLflow for this browser.

    One on this machine is reached at the host that the dashboard is at. So is one whose name has no dot, which only a
    network of containers knows: by the port that is published for it.
    """
    settings = get_settings()
    address = urlsplit(settings.mlflow_address)
    host, port = address.hostname or "", address.port or settings.mlflow_port
    if host in HERE:
        return link(port, path)
    return f"{settings.mlflow_address.rstrip('/')}{path}" if "." in host else link(settings.mlflow_port, path)


def page_link(address: str, label: str, icon: str, told: Mapping[str, Any]) -> None:
    """A link to another page of this dashboard, whose filters it sets; the session goes along."""
    st.page_link(st.session_state[PAGES][address], label=label, icon=icon, query_params=dict(told))
