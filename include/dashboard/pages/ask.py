"""Ask: questions about models, data and the project's documents, answered with the facts and their sources."""

from __future__ import annotations

from typing import Any

import streamlit as st

from include.config import SERVICES
from include.dashboard import citations, session
from include.dashboard.choosing import choose
from include.dashboard.prose import calm
from include.dashboard.states import part

ANY, TURNS, EXAMPLE = "all services", "conversation", "example"
EXAMPLES = (
    "What is the error of the fare champion on its test month?",
    "Which family predicts durations best?",
    "How many trips were rejected?",
    "What does coverage mean?",
    "How do I make a prediction?",
    "Which model should I use for high tips?",
)
MOST_TURNS, MOST_LETTERS = 50, 500
COLUMNS = ("name", "shown", "month", "service", "target", "model")
EXACT = ("value", "unit")
KINDS = {"number": "from the tables", "comparison": "from the tables", "definition": "from the documents",
         "howto": "from the documents", "recommendation": "a recommendation"}  # fmt: skip
ABSTAINED = (
    "The assistant does not know: nothing that it has read answers this. Ask about models, months or the documents."
)


def page() -> None:
    """The conversation of this session, examples, and a field for the next question."""
    turns: list[dict[str, Any]] = st.session_state.setdefault(TURNS, [])
    st.markdown("Numbers come from the warehouse and MLflow, words from the documents; each answer names its sources.")
    with part("The assistant"):
        session.api().get("/health")
    about = choose(st, "About", [ANY, *SERVICES], "about")
    asked = st.chat_input("Ask about models, data or documents", max_chars=MOST_LETTERS, key="question")
    asked = st.session_state.pop(EXAMPLE, None) or asked
    with st.expander("Examples", expanded=not turns and not asked, icon=":material/lightbulb:"):
        _examples()
    for place, turn in enumerate(turns):
        _draw(turn, place)
    if asked:
        _asked(asked)
        with part("The answer"):
            _ask(turns, str(asked), None if about == ANY else about)
    if turns:
        st.button("Forget this conversation", on_click=turns.clear, icon=":material/delete:")


def _examples() -> None:
    for place, (column, question) in enumerate(zip([*st.columns(2)] * 3, EXAMPLES, strict=True)):
        column.button(question, key=f"example_{place}", width="stretch", wrap=True, on_click=_choose, args=(question,))


def _choose(question: str) -> None:
    st.session_state[EXAMPLE] = question


def _ask(turns: list[dict[str, Any]], question: str, service: str | None) -> None:
    """A refused or unanswered question is not kept: it may be asked again."""
    with st.spinner("Looking it up"):
        answer = session.api().ask(question, service)
    turns.append({"question": question, "answer": answer})
    del turns[:-MOST_TURNS]
    _answered(answer, len(turns) - 1)


def _draw(turn: dict[str, Any], place: int) -> None:
    _asked(turn["question"])
    _answered(turn["answer"], place)


def _asked(question: str) -> None:
    with st.chat_message("user", avatar=":material/person:"):
        st.text(question)


def _answered(answer: dict[str, Any], place: int) -> None:
    """Words, facts, sources, and who wrote the words."""
    with st.chat_message("assistant", avatar=":material/local_taxi:"):
        text = calm(str(answer.get("answer") or ""))
        if answer.get("abstained"):
            st.info(text or ABSTAINED, icon=":material/help:")
        else:
            st.markdown(text)
        facts = answer.get("facts") or []
        if rows := fact_rows(facts):
            st.dataframe(rows, hide_index=True, key=f"facts_{place}")
        cited = answer.get("citations") or []
        if cited:
            st.markdown(f"**Sources** ({len(cited)})")
        for number, citation in enumerate(cited):
            with part("A source"):
                citations.draw(citations.about(citation, facts), f"{place}_{number}")
        st.caption(signature(answer))


def fact_rows(facts: list[dict[str, Any]]) -> list[dict[str, str]]:
    """The facts as a table without columns that would be empty: as the text says them first, the exact number last."""
    known = dict.fromkeys([*COLUMNS, *(name for fact in facts for name in fact if name not in EXACT), *EXACT])
    names = [name for name in known if any(fact.get(name) not in (None, "") for fact in facts)]
    return [{name: "" if fact.get(name) is None else str(fact[name]) for name in names} for fact in facts]


def signature(answer: dict[str, Any]) -> str:
    """Who wrote the words, and what they are made of."""
    writer = str(answer.get("written_by") or "rules")
    said = "Composed by rules" if writer == "rules" else f"Worded by {writer}, each number checked against its source"
    kind = KINDS.get(str(answer.get("kind")), "")
    return f"{said}{', ' if kind else ''}{kind}. Request {answer.get('request_id', 'unknown')}."
