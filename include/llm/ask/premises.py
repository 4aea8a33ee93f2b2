"""A question may take something for granted that the tables contradict: it is set right, and not answered."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from sqlalchemy import Engine

from include.llm.ask.answering import Answer, Citation, Fact, unknown
from include.llm.ask.figures.queries import figures
from include.llm.ask.meanings.measures import measures
from include.llm.ask.question.understood import Understood
from include.llm.ask.question.when import resolve
from include.llm.ask.sentences.shown import TARGET_NAMES
from include.llm.words import plain
from include.warehouse.reading import Row

_TAKES_FOR_GRANTED = re.compile(
    r"\b(?:why|how come|what made|what makes|how did|explain why|given (?:that|the|this|our)|since|because(?! of)|"
    r"now that|reason|seeing that|considering that|after the|after our|who .* instead)\b"
)
_WON = re.compile(
    r"\b(?:win|won|wins|winning|beat|beats|chosen|choose|picked|selected|promoted|became|become|champion|best|better|"
    r"outperform\w*|lead|leads|top|ahead)\b"
)
_LOST = re.compile(
    r"\b(?:lose|loses|losing|lost|beaten by|worse than|trail|trails|trailed|behind|came (?:last|second)|fell short|"
    r"underperform\w*|got beaten|was beaten|outperformed by)\b"
)
_ALARMED = re.compile(
    r"\b(?:given|why|since|after|because of|what made) (?:\w+ ){0,3}?drift (?:check )?(?:alarm|alert)\w*\b"
)
_OF_THE_GATE = re.compile(r"\b(?:gate|champion|challenger|candidate|model|promotion|contender)s?\b")
_DECIDED = {
    "keep": re.compile(
        r"\b(?:turn(?:ed|s)? (?:\w+ ){0,6}?down|turned away|rejected|refused|declined|denied|blocked|"
        r"vetoed|(?:kept|held) (?:out|back)|(?:not|never|n't) (?:get |got )?(?:promoted|approved|accepted)|"
        r"fail(?:ed|s)? to (?:get |be |become |pass|beat|clear)|fail(?:ed)? the gate|sent (?:\w+ )?away)\b"
    ),
    "rollback": re.compile(r"\b(?:rollback|reverted|undone|taken back|put back|withdrawn|demoted|dethroned)\b"),
}
"""What the log would have as its decision -> how people say that it was taken."""


def false_premise(engine: Callable[[], Engine], asked: Understood, question: str, service: str) -> Answer | None:
    """What is so, where a question takes for granted that another family won, that the champion lost, or a decision
    that nobody took; None where nothing false is assumed."""
    text = plain(question)
    if not _TAKES_FOR_GRANTED.search(text):
        return None
    if _ALARMED.search(text):
        return _of_drift(engine(), asked, service)
    near = {
        "service": asked.values("service") or (service,),
        "target": asked.values("target") or tuple(TARGET_NAMES),
    }
    if asked.values("family"):
        return _of_families(engine(), asked, text, near)
    claimed = next((name for name, said in _DECIDED.items() if said.search(text)), "")
    return _of_decisions(engine(), asked, claimed, near) if claimed and _OF_THE_GATE.search(text) else None


def _of_families(engine: Engine, asked: Understood, text: str, near: dict[str, tuple[str, ...]]) -> Answer | None:
    """Why did ridge win for green fares, where another family is champion; why did lightgbm lose, where it is."""
    lost, won = _LOST.search(text), _WON.search(text)
    if not (lost or won):
        return None
    rows = figures(engine, measures()["champion_family"], near, ("service", "target"))
    if not rows:
        return unknown("I do not know: there is no champion of it yet.")
    claimed = asked.values("family")[0]
    stands = [row["value"] == claimed for row in rows]
    if lost and (not won or lost.start() < won.start()):
        if not all(stands):
            return None
        return _set_right(f"{claimed} is the champion there, so it did not lose.", rows)
    if any(stands):
        return None
    return _set_right(f"{claimed} is not the champion there, so there is no reason why it would be.", rows)


def _set_right(denied: str, rows: Sequence[Row]) -> Answer:
    told = "; ".join(
        f"{row['service']} {TARGET_NAMES.get(str(row['target']), row['target'])}: {row['value']} "
        f"({row['model']}/{row['version']})"
        for row in rows
    )
    facts = tuple(
        Fact(
            "family of the champion",
            str(row["value"]),
            "name",
            str(row["value"]),
            {"service": row["service"], "target": row["target"], "model": f"{row['model']}/{row['version']}"},
        )
        for row in rows
    )
    return unknown(
        f"{denied} Who answers now: {told}.", facts, (Citation("table", "champion_history", "champion_history"),)
    )


def _of_decisions(engine: Engine, asked: Understood, claimed: str, near: dict[str, tuple[str, ...]]) -> Answer | None:
    """Since the gate turned the model down, where it was promoted; after the rollback, where there was none."""
    rows = figures(engine, measures()["decision"], near, ("service", "target", "month", "entry"))
    if months := resolve(asked.when, sorted({str(row["month"]) for row in rows})):
        rows = [row for row in rows if str(row["month"]) in months]
    if any(row["value"] == claimed for row in rows) or (not rows and claimed == "keep"):
        return None
    what = "was rolled back" if claimed == "rollback" else "was turned down"
    told = "; ".join(
        f"{row['service']} {TARGET_NAMES.get(str(row['target']), row['target'])} {row['month']}: {row['value']}"
        for row in rows
    )
    facts = tuple(
        Fact("decision", str(row["value"]), "name", str(row["value"]),
             {"service": row["service"], "target": row["target"], "month": row["month"]})
        for row in rows
    )  # fmt: skip
    text = f"The log of decisions does not say that a model {what} there. It has: {told or 'no decision of it'}."
    return unknown(text, facts, (Citation("table", "promotion_log", "promotion_log"),))


def _of_drift(engine: Engine, asked: Understood, service: str) -> Answer | None:
    """Given the drift alarm, where no comparison ended in one."""
    near = {"service": asked.values("service") or (service,)}
    rows = figures(engine, measures()["drift_alarms"], near, ("service", "month"))
    if months := resolve(asked.when, sorted({str(row["month"]) for row in rows})):
        rows = [row for row in rows if str(row["month"]) in months]
    if any(row["value"] for row in rows):
        return None
    told = ", ".join(f"{row['service']} {row['month']}" for row in rows) or ", ".join(near["service"])
    text = f"There was no drift alarm: no comparison of {told} ended in one."
    return unknown(text, (), (Citation("table", "drift_metrics", "drift_metrics"),))
