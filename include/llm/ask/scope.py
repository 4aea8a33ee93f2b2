"""Questions that no figure may answer: orders to the assistant, things that the data cannot know."""

from __future__ import annotations

import re
from dataclasses import dataclass

from include.llm.ask.answering import Answer, Citation, unknown
from include.llm.ask.meanings.lexicon import lexicon
from include.llm.ask.question.askers import without_asker
from include.llm.ask.question.days_named import without_holidays
from include.llm.pages import documented
from include.llm.pages.passages import words_of_documents
from include.llm.words import plain, tokens

ORDERS = tuple(
    re.compile(pattern)
    for pattern in (
        r"\b(?:ignore|disregard|forget|override|bypass|overrule)\b.{0,60}\b(?:instruction|prompt|rule|above|previous|before|table|guard|fact|doc|data|limit|told|everything|source|warehouse|citation)",
        r"\b(?:system|developer|hidden|initial)\s+(?:prompt|message|instruction)",
        r"\byou\s+are\s+(?:now|no longer|a|an|free|allowed|in)\b",
        r"\b(?:pretend|role.?play|act as|acting as|imagine|jailbreak|dan mode|developer mode|debug mode|simulate|"
        r"hypothetically)\b",
        r"\b(?:say|claim|state|answer|reply|respond|confirm|repeat|assure|swear|admit|insist|agree|write|print|"
        r"output|tell (?:me|us|them|everyone|people))\s+(?:only\s+|just\s+|me\s+|with\s+|simply\s+)*(?:that|"
        r"exactly|after me|only|with)\b",
        r"\b(?:make|making|made)\s+(?:something|it|one|them|a number|numbers|figures|a figure|the number)?\s*up\b|"
        r"\b(?:invent|fabricate|guess|wild estimate|gut feeling|ballpark|best guess|hallucinate)\b",
        r"(?:;|'|\")\s*(?:drop|delete|update|insert|alter|truncate|create|attach|select|union)\b|\bunion\s+select\b|\bdrop\s+(?:the\s+)?(?:table|view|database)|--\s*$|\bor\s+1\s*=\s*1|\bpragma\s|\btruncate\s+(?:the\s+)?table",
        r"\b(?:reveal|leak|dump|expose|disclose|show|print|give|send|tell|list|display|output|share|what is|"
        r"what's|whats|read)\b.{0,30}\b(?:password|passwords|secret|secrets|api keys?|the keys|token|tokens|"
        r"credential|credentials|private key|\.env|env file|environment variables|connection string|fernet)\b",
        r"(?:^|[.!?;]\s)\s*(?:please\s+|now\s+|just\s+|pls\s+|can you\s+|could you\s+|and\s+|then\s+)*"
        r"(?:promote|delete|remove|"
        r"erase|wipe|retrain|overwrite|insert|register|shut down|shutdown|"
        r"kill|execute|send|post|approve|reject|undo|purge|clear|quarantine|rollback|roll back|demote|swap|replace|"
        r"crown|declare|e-?mail (?:me|us|him|her|them|it|this|the|all|my)|"
        r"(?:change(?! (?:in|of|from|between|over)\b)|modify|edit|update|reset|restart|disable|enable|publish|deploy)\b"
        r".{0,30}\b(?:champion|model|months?|"
        r"rows?|table|data|warehouse|number|figure|answer|version|alias|decision|mae|error|score|dag|run|guard|rules?))\b"
        r"(?! (?:rate|share|count|counts|reason|reasons|percentage|pct|total|totals|number|numbers|rows?|trips?)\b)"
        r"(?!.*\b(?:how|steps?|command|procedure|where|which setting|possible|what do i)\b)",
        r"\bfrom now on\b|\bnew rules?\b.{0,20}:|\binstead of the (?:table|data|truth|facts)|\bno matter what\b|"
        r"\bregardless of (?:the )?(?:data|table|fact|evidence)|\bwithout (?:looking|checking|citations?|"
        r"sources?)\b",
        r"<\s*/?\s*(?:system|script|instruction|im_start)|\[\s*(?:system|inst)\b|\bassistant\s*:|\bsystem\s*:|###\s*instruction",
        r"\b(?:my|our) (?:boss|manager|grandmother|grandma|director)\b.{0,30}\b(?:says?|said|told|tells|insists?|"
        r"expects?|claims?|thinks?|orders?|used to|would(?! like to (?:know|see))|(?:wants?|needs?|asks?|asked)"
        r"(?! (?:me |us )?(?:to (?:know|see|find out|look|check|hear)|for|about|how|what|which|whether|if|when)\b)"
        r"(?! (?:the|a|an|our) (?:number|count|share|percentage|total|sum|mean|average|median|mae|error|figure)s? "
        r"(?:of|for)\b"
        r"(?!.*\b(?:to (?:be|look|say|show)|instead|at (?:least|most)|higher|lower)\b))"
        r")\b|\bround (?:it )?up to\b|"
        r"\bchange the (?:number|figure|answer)",
    )
)
"""What tells the assistant what to do or say, instead of asking. A question about how something is done does not
match."""
_HOW = re.compile(
    r"^\s*(?:how (?:do|can|should|would|to|does|must)\b|what (?:command|happens)|which command|where (?:do|can|is|are))"
)
_DOCUMENTED = re.compile(
    r"\b(?:feature|features|input|inputs|model input|setting|settings|history|why|left out|lowered|how (?:do|can|"
    r"does|should)|what kind|what type|"
    r"difference|differ|mean|means|meaning|stands? for|definition|what happens|where|"
    r"command|documented|column|field|predict|prediction log|written down)\b"
)
_QUANTITY = re.compile(
    r"\b(?:how (?:many|much)|what (?:was|were|is)|which|average|total|number of|did|was|were|will|who|share|percent|"
    r"most|highest)\b|^(?:error|mae|rmse|loss|score|income|earnings|name|age)\b"
)
_NO_FAMILY = re.compile(
    r"\b(?:catboost|cat boost|prophet|arima|svm|svr|support vector|knn|k nearest|gpt|llm|bert|transformer|lstm|"
    r"rnn|gru|cnn|resnet|tabnet|"
    r"naive bayes|elastic ?net|decision tree|adaboost|extra ?trees|gradient boosting machine|"
    r"hist ?gradient ?boosting|autogluon|"
    r"gaussian process|quantile forest|deep learning|h2o|automl|holt winters|perceptron model)\b"
)
_FLEET = re.compile(
    r"(?<!many )(?<!which )(?<!per )(?<!each )(?<!average )(?<!typical )(?<!best )(?<!top )(?<!one )(?<!single )"
    r"\b(?:yellow|green)(?: cab| taxi)? drivers?\b(?=.*\b(?:tips?|money|fares?|tolls?|pick)\b)|"
    r"\b(?:tips?|money|fares?|tolls?|pick)\b.*(?<!many )(?<!which )(?<!per )(?<!each )(?<!average )(?<!typical )"
    r"(?<!single )\b(?:yellow|green)(?: cab| taxi)? drivers?\b"
)
_FITTED = re.compile(r"\b(?:mae|rmse|error|loss|champion|win|won|beat|beats|fit|fits|fitted|train|trained|family)\b")
"""Language models word cards and answers; as a family of models for trips there is none."""
ELSEWHERE = ("cities", "world")
"""Foreign also where the pages are asked, unless they have the words."""
ORDERED = (
    "I answer from the tables and the documentation, and only read them: what a question or a text tells "
    "me to do or to say is not done."
)


@dataclass(frozen=True)
class Refused:
    """Why no figure is given."""

    answer: Answer


def refusal(question: str) -> Answer | None:
    """The abstention for an order, a secret, or a thing that no table here can know; None for a plain question."""
    text = plain(question)
    if not _HOW.search(text) and any(order.search(text) for order in ORDERS):
        return unknown(ORDERED)
    if any(order.search(text) for order in (ORDERS[0], ORDERS[1], ORDERS[10])):
        return unknown(ORDERED)
    if (match := _NO_FAMILY.search(text)) and (match[0] not in ("gpt", "llm") or _FITTED.search(text)):
        return unknown(
            f"I do not know: {match[0]} is no model family here, so nothing was fitted with it. "
            "README.md and docs/MODELS.md list the families.",
            (),
            (Citation("document", "docs/MODELS.md", "docs/MODELS.md, Families", {"heading": "Families"}),),
        )
    said = beyond(without_asker(text))
    return unknown(f"I do not know: this warehouse holds nothing on {said}.") if said else None


def beyond(text: str) -> str:
    """What a question asks for that the data cannot have, and what they have near it; "" for anything else."""
    return foreign(text, pages=asks_pages(text))


def asks_pages(text: str) -> bool:
    """The pages are asked, what something is or how it is done, and no count: they may speak of weather and drivers."""
    told = bool(_DOCUMENTED.search(text)) or documented.kind_of(text) == "howto"
    return told and not re.search(r"\bhow (?:many|much)\b", text)


def foreign(text: str, *, pages: bool = False) -> str:
    """What the words of a question name that no table here has, and what the tables have near it; "" without any.

    `pages`: they are asked, so that only what they do not speak of either is foreign.
    """
    said = f" {' '.join(tokens(without_holidays(plain(text))))} "
    for name, (phrases, says) in lexicon().unknown.items():
        if (name in ("people", "future") and not _QUANTITY.search(text)) or (pages and name not in ELSEWHERE):
            continue
        for phrase in phrases:
            if phrase == ("driver",) and _FLEET.search(text):
                continue  # what the drivers of a fleet take in is what its trips bring
            if pages and words_of_documents().issuperset(phrase):
                continue
            if f" {' '.join(phrase)} " in said:
                return says
    return ""
