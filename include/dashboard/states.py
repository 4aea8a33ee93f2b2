"""Parts of a page that fail alone: each says what is absent and what to do, and the others are drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st

from include.dashboard.faults import AwayError, NothingYetError, RefusedError
from include.dashboard.prose import calm
from include.errors import SettingsError, TaxiError, WarehouseError
from include.utils.logs import get_logger

START = "Start the services with `make run`, or look at what is up with `make status`."

AGAIN = "See with `make status` that its server is up, then load this page again."


@contextmanager
def part(name: str) -> Iterator[None]:
    """Draws what its block draws; a fault becomes a sentence in its place, and what is not foreseen is logged whole."""
    try:
        yield
    except NothingYetError as reason:
        st.info(calm(str(reason)), icon=":material/hourglass_empty:")
    except AwayError as fault:
        st.warning(f"{calm(str(fault)).rstrip('. ')}. {START}", icon=":material/cloud_off:")
    except RefusedError as fault:
        st.warning(calm(str(fault)), icon=":material/key:")
    except (WarehouseError, SettingsError) as fault:
        said = calm(str(fault)).partition(" What it held")[0]
        st.error(f"**{name}: the warehouse does not answer.** {said} {AGAIN}", icon=":material/database_off:")
    except TaxiError as fault:
        st.error(f"**{name} cannot be shown.** {calm(str(fault))}", icon=":material/error:")
    except Exception as fault:  # noqa: BLE001 - a page never shows a traceback; the log has it
        get_logger(phase="dashboard").exception("part of a page failed", part=name, fault=type(fault).__name__)
        st.error(f"**{name} cannot be shown** ({type(fault).__name__}). The dashboard's log says more.",
                 icon=":material/error:")  # fmt: skip


def whole(name: str, page: Callable[[], None]) -> Callable[[], None]:
    """A page under its title, as one part."""

    def show() -> None:
        st.title(name)
        with part(name):
            page()

    return show
