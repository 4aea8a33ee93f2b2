"""What belongs to one reader: the key typed into the sidebar, and the addresses as this browser reaches them."""

from __future__ import annotations

from urllib.parse import urlsplit

import streamlit as st

from include.config import get_settings
from include.dashboard.api import Api

KEY = "api_key"


def key_field() -> None:
    """The sidebar's field. The key lives in this session's memory: not in the address, not in any file."""
    st.sidebar.text_input(
        "API key of this session", type="password", key=KEY, placeholder="only where the API asks for one",
        help="Sent with this session's requests to the API, and forgotten with the tab.",
    )  # fmt: skip


def api() -> Api:
    """The API with this session's key."""
    return Api(get_settings().api_address, st.session_state.get(KEY, ""))


def has_key() -> bool:
    """Whether this session has one."""
    return bool(st.session_state.get(KEY))


def link(port: int, path: str = "/") -> str:
    """Another service's page, at the host that this browser reaches the dashboard by."""
    host = urlsplit(st.context.url or "").hostname or get_settings().bind
    return f"http://{f'[{host}]' if ':' in host else host}:{port}{path}"


def mlflow_link() -> str:
    """MLflow as this browser reaches it: a server that is named as such, or the published port of the platform's own.

    A name without a dot is known on a network of containers, and to no browser.
    """
    settings = get_settings()
    host = urlsplit(settings.mlflow_tracking_uri).hostname or ""
    named = "." in host and settings.mlflow_tracking_uri.startswith("http")
    return settings.mlflow_address if named else link(settings.mlflow_port, "")
