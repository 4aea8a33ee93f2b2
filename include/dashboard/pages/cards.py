"""Model Cards: what each version is for, what it learnt from, how good it is and where it is not."""

from __future__ import annotations

from typing import Any

import streamlit as st

from include.dashboard import session
from include.dashboard.choosing import choose
from include.dashboard.faults import NothingYetError
from include.dashboard.figures.models import TITLES
from include.dashboard.prose import calm


def page() -> None:
    """One card at a time; the model and the version are in the address."""
    cards = session.api().cards()
    if not cards:
        raise NothingYetError(
            "No model card has been written yet: each version that is promoted gets one. `make run`, or `make pipeline "
            "TAXI_MONTHS=2019-01:2019-03`, promotes the first ones."
        )
    left, right = st.columns(2)
    model = choose(left, "Model", sorted({str(card["name"]) for card in cards}), "model")
    own = {str(card["version"]): card for card in newest_first(cards) if card["name"] == model}
    card = own[choose(right, "Version", list(own), "version")]
    told = ["the champion" if card.get("champion") else "not the champion", TITLES.get(card["target"], card["target"]),
            f"family {card['family']}", f"tested on {card['test_month']}",
            f"card of {str(card['written_at'])[:16].replace('T', ' ')}"]  # fmt: skip
    st.caption(calm(", ".join(told)))
    text = session.api().card(model, str(card["version"]))
    st.download_button("Download this card (Markdown)", text, f"{model}_{card['version']}.md", "text/markdown",
                       icon=":material/download:")  # fmt: skip
    with st.container(border=True):
        st.markdown(calm(text, within=True))


def newest_first(cards: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The champion's card before the others, then the later version first."""
    return sorted(cards, key=lambda card: (not card.get("champion"), -int(card["version"])))
