"""What an answer is: its text, the facts that it rests on, and where they stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["number", "comparison", "definition", "howto", "recommendation", "unknown"]


@dataclass(frozen=True)
class Fact:
    """A figure or a name of the tables: exact in `value`, as the text shows it in `shown`, and what it is of."""

    name: str
    value: float | str
    unit: str
    shown: str
    of: Mapping[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """One flat object, without what is not known."""
        plain = {name: value for name, value in self.of.items() if value is not None}
        return {"name": self.name, "value": self.value, "unit": self.unit, "shown": self.shown, **plain}


@dataclass(frozen=True)
class Citation:
    """Where a fact or a sentence stands: a table and month, a run, a heading of a page, a card, a feature."""

    kind: Literal["table", "run", "document", "card", "feature"]
    source: str
    title: str
    where: Mapping[str, str] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """One object, `where` inside it."""
        return {"kind": self.kind, "source": self.source, "where": dict(self.where), "title": self.title}


@dataclass(frozen=True)
class Answer:
    """`facts` leads with what was asked for. An abstention has a text that says so, and no figure in its place."""

    text: str
    kind: Kind
    facts: tuple[Fact, ...] = ()
    citations: tuple[Citation, ...] = ()
    abstained: bool = False
    written_by: str = "rules"

    def as_dict(self) -> dict[str, Any]:
        """As `POST /ask` gives it, without the request's id."""
        return {
            "answer": self.text, "abstained": self.abstained, "kind": self.kind,
            "facts": [fact.as_dict() for fact in self.facts],
            "citations": [citation.as_dict() for citation in self.citations], "written_by": self.written_by,
        }  # fmt: skip


def unknown(text: str, facts: tuple[Fact, ...] = (), citations: tuple[Citation, ...] = ()) -> Answer:
    """An abstention; facts only where they set a premise right."""
    return Answer(text, "unknown", facts, citations, abstained=True)
