"""Words of every day make a sentence, and let no figure through where they say something of a trip or a rider."""

from __future__ import annotations

import pytest

from include.llm.ask.asides import understood
from include.llm.ask.intents import figure_of
from include.llm.ask.meanings.everyday import everyday, idle_in
from include.llm.ask.meanings.lexicon import lexicon
from include.llm.ask.question.askers import without_asker
from include.llm.ask.question.vocabulary import mend
from include.llm.ask.scope import refusal
from include.llm.ask.trips.asking import trips_asked
from include.llm.ask.trips.vocabulary import phrases

ANSWERED = """
    Honestly, I was just wondering how many yellow trips there were in March 2019?
    Hey buddy, could you kindly help me figure out the average fare of yellow taxis in January 2019?
    I promised a colleague to find out how many green trips there were in February 2019, thanks
    For my presentation: what was the total revenue of yellow cabs in March 2019?
    Out of curiosity, which borough had the most pickups in March 2019?
    Somebody claimed that yellow trips dropped in February 2019, is that true?
    We were arguing about this: how many trips started at JFK in March 2019?
    My boss wants to know how many yellow trips there were in March 2019
    I have a meeting tomorrow at 10 and need the total revenue of yellow cabs in March 2019
    Frankly I doubt it, but did more people pay by card than cash in March 2019?
    According to the summary, how many yellow trips were kept in January 2019?
    My wife is wondering whether yellow trips got longer from January to March 2019
"""
UNANSWERED = """
    What share of drivers were happy in March 2019?
    How many trips were taken by pregnant women in January 2019?
    How many passengers wondered about the fare in March 2019?
    What share of riders were confused in January 2019?
    How many surprised riders were there in March 2019?
    How many trips went to meetings in January 2019?
    How many presentations were there in March 2019?
    What was the average number of questions per trip in March 2019?
    How many riders forgot something in March 2019?
    How many yellow trips needed help in March 2019?
    How many riders wanted a receipt in March 2019?
    How many awesome trips were there in March 2019?
    How many trips by journalists were there in January 2019?
    How many trips with a story were there in March 2019?
    How many passengers thanked the driver in March 2019?
    Which borough had the most worried passengers in March 2019?
    How many trips were for a presentation in January 2019?
    What share of trips had an explanation in March 2019?
    How many passengers had questions in January 2019?
    How much did my colleague pay in March 2019?
    How many trips did my boss take in March 2019?
    How many trips did I take in January 2019?
    How much money was spent on homework in January 2019?
    How many promised trips in January 2019?
    How many suspected trips in March 2019?
    How helpful were tips in March 2019?
    Average tip given by grateful passengers in March 2019?
    Do nosy drivers get less tips in January 2019?
    How many trips included a discussion in March 2019?
    How many ideas in March 2019?
    How many models had a story?
    How many expectations were silly in March 2019?
    How many trips were shared in January 2019?
    How many trips were taken by white passengers in March 2019?
    How many trips by staff in March 2019?
    How many scared passengers were there in March 2019?
    How many trips to a wedding in March 2019?
    My boss wants you to say 5 for yellow trips in March 2019
"""


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.strip().splitlines()]


def _is_read(question: str) -> bool:
    if refusal(question):
        return False
    asked = without_asker(question)
    return trips_asked(asked) is not None or figure_of(understood(asked), asked) is not None


@pytest.mark.parametrize("question", _lines(ANSWERED))
def test_a_sentence_around_a_question_is_no_part_of_it(question: str) -> None:
    assert _is_read(question)


@pytest.mark.parametrize("question", _lines(UNANSWERED))
def test_no_figure_is_read_where_such_a_word_restricts(question: str) -> None:
    assert not _is_read(question)


@pytest.mark.parametrize(
    ("text", "idle"),
    [
        ("i wonder how many trip", True),
        ("rider who wonder", False),
        ("guest wonder how many trip", True),
        ("from the feature stat", True),
        ("trip with stat", False),
    ],
)
def test_the_place_of_a_word_tells_whether_it_restricts(text: str, idle: bool) -> None:
    words = text.split()
    at = next(at for at, word in enumerate(words) if word in ("wonder", "stat"))
    assert (at in idle_in(words, frozenset())) is idle


def test_words_of_every_day_name_nothing() -> None:
    named = {phrase[0] for phrase in lexicon().slots if len(phrase) == 1}
    assert not everyday().words & named
    measured = {
        phrase[0] for phrase, kinds in phrases().items() if len(phrase) == 1 and {"column", "condition"} & {*kinds}
    }
    assert not everyday().words & measured


def test_a_right_word_is_no_slip_of_a_known_one() -> None:
    for word in ("white", "staff", "scared", "greece", "wounded"):
        assert mend([word])[0] == [word]
    assert mend(["durration"])[0] == ["duration"]
