"""`make ask Q="..."`: one question on the command line, its answer and where that stands. Not knowing is an answer
too."""

from __future__ import annotations

import argparse
import sys

from include.config import SERVICES, get_settings
from include.errors import TaxiError
from include.llm.ask.answering import Answer
from include.llm.rag_insights import assistant_from
from include.utils.logs import configure


def told(answer: Answer) -> str:
    """The text, and a line for each citation."""
    places = [f"  - {citation.title}" for citation in answer.citations]
    return "\n".join([answer.text, *(["", "Sources:", *places] if places else [])])


def main() -> None:
    """Exit code 0 with any answer, also that it is not known; 2 without a question, 1 when the warehouse is away."""
    configure()
    parser = argparse.ArgumentParser(prog="ask", description=__doc__)
    parser.add_argument("--question", default="", help="what is asked, in English")
    parser.add_argument("--service", choices=SERVICES, help="which service is meant where the question names none")
    asked = parser.parse_args()
    if not asked.question.strip():
        print(
            'error: there is no question: make ask Q="How many yellow trips were kept in March 2019?" [SERVICE=yellow]',
            file=sys.stderr,
        )
        sys.exit(2)
    try:
        print(told(assistant_from(get_settings()).query(asked.question, asked.service)))
    except TaxiError as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()
