"""Questions with known answers put to the insights assistant: one table for each set.

make bench-rag                       builds the data that the questions are about (two minutes), or takes TAXI_HOME's
python -m tests.bench.bench_rag --show own       each question of our own set with its grade
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import insert

from include.config import load_settings
from include.llm.ask.answering import Answer
from include.llm.rag_insights import RAGInsightsAssistant
from include.warehouse.engine import engine_for
from include.warehouse.metadata import RUNS
from include.warehouse.schema import init_db
from tests.bench.grading import Grade, grade, sections

HERE = Path(__file__).parent
SETS = {
    "own": HERE / "questions.yaml",
    **{
        name: HERE / f"questions_{name}.yaml"
        for name in (
            "heldout",
            "blind",
            "fourth",
            "fifth",
            "sixth",
            "seventh",
            "trips",
            "models",
            "months",
            "documents",
        )
    },
}
STATE = {"yellow": "2019-01:2019-03", "green": "2019-01:2019-02"}
MANY_RUNS = 5000
REPEATS = 3


def main() -> None:
    """Prints a table for each set, and how long questions take with 5,000 runs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", choices=[*SETS, "all"], help="print each question of a set")
    parser.add_argument("--only", choices=list(SETS), help="one set alone")
    asked = parser.parse_args()
    home = Path(os.environ.get("TAXI_HOME", "")) if os.environ.get("TAXI_HOME") else None
    with tempfile.TemporaryDirectory(prefix="bench-rag-") as scratch:
        settings = load_settings({"home": _with_state(home or Path(scratch))})
        with closing(sqlite3.connect(f"file:{settings.home / 'warehouse.db'}?mode=ro", uri=True)) as warehouse:
            for name, file in SETS.items():
                if asked.only in (None, name):
                    assistant = RAGInsightsAssistant(settings)
                    report(name, measured(assistant, warehouse, file), shown=asked.show in (name, "all"))
        many_runs(Path(scratch))


def _with_state(home: Path) -> Path:
    """The home with the months that the questions are about; they are made where there are none."""
    if not (home / "warehouse.db").is_file():
        for service, months in STATE.items():
            environment = {
                **os.environ,
                "TAXI_HOME": str(home),
                "TAXI_SERVICE": service,
                "TAXI_MONTHS": months,
                "TAXI_SOURCE": "sample",
            }
            subprocess.run(
                [sys.executable, "scripts/run_pipeline.py"],
                check=True,
                env=environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
    return home


def measured(
    assistant: RAGInsightsAssistant, warehouse: sqlite3.Connection, file: Path
) -> list[tuple[dict[str, Any], Answer, Grade, float]]:
    """(question, answer, grade, median milliseconds) of each; the first answer is graded, the index is warm."""
    questions = yaml.safe_load(file.read_text(encoding="utf-8"))
    documented = sections()
    assistant.query("What is a bundle?")
    found = []
    for question in questions:
        answer = assistant.query(question["question"])
        times = [_milliseconds(assistant.query, question["question"]) for _ in range(REPEATS)]
        found.append((question, answer, grade(question, answer, warehouse, documented), statistics.median(times)))
    return found


def _milliseconds(work: Callable[[str], object], text: str, clock: Callable[[], float] = time.perf_counter) -> float:
    """By the clock on the wall, or by `time.process_time`, which a busy machine does not lengthen."""
    started = clock()
    work(text)
    return (clock() - started) * 1000


def report(name: str, results: Sequence[tuple[dict[str, Any], Answer, Grade, float]], *, shown: bool) -> None:
    """The set's table; each question only where that was asked for."""
    grades = [g for _, _, g, _ in results if not g.left_out]
    print(f"\n{name}: {len(results)} questions, {len(results) - len(grades)} left out (data in another state)")
    rows: list[tuple[str, list[bool | None]]] = [
        ("routed", [g.routed for g in grades]),
        ("numbers exact", [g.exact for g in grades]),
        ("verdicts right", [g.verdict for g in grades]),
        ("hit@3", [g.cited for g in grades]),
        ("shows the terms", [g.shows for g in grades]),
        ("abstains, unanswerable", [g.abstains for g in grades if g.kind == "unanswerable"]),
        ("abstains, adversarial", [g.abstains for g in grades if g.kind == "adversarial"]),
    ]
    for label, values in rows:
        told = [value for value in values if value is not None]
        print(f"  {label:24s}{sum(told):4d} of {len(told):3d}  {sum(told) / max(len(told), 1):7.1%}")
    print(f"  {'answers with an invented number':34s}{sum(bool(g.invented) for g in grades)}")
    times = sorted(ms for *_, ms in results)
    print(f"  latency p50 {_percentile(times, 0.5):.1f} ms, p95 {_percentile(times, 0.95):.1f} ms")
    if shown:
        for question, answer, found, ms in results:
            good = found.left_out or (
                found.routed
                and not found.invented
                and all(v is not False for v in (found.exact, found.verdict, found.cited, found.shows, found.abstains))
            )
            print(f"  {'ok ' if good else 'BAD'} {question['id']} {question['question']}")
            print(f"        {answer.kind}; {found.why}; {found.invented or ''} {ms:.0f} ms")


def _percentile(ordered: Sequence[float], share: float) -> float:
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def many_runs(scratch: Path) -> None:
    """Latency with 5,000 runs in the warehouse and in the index."""
    settings = load_settings({"home": scratch / "many"})
    engine = engine_for(settings.warehouse)
    init_db(engine)
    with engine.begin() as connection:
        connection.execute(insert(RUNS), [_run(number) for number in range(MANY_RUNS)])
    assistant = RAGInsightsAssistant(settings)
    built = _milliseconds(lambda _: assistant.index_experiment_results(), "")
    questions = [
        "Which family had the lowest loss for yellow fares in 2019-07?",
        "How many fits were recorded?",
        f"What was run {42:032x}?",
        "How do I roll back a champion?",
        "What is the quote-time law?",
        "How long did lightgbm take to fit for yellow fares in 2019-05?",
    ]
    print(f"\n{MANY_RUNS:,} runs: index built in {built:,.0f} ms")
    for name, clock in (("latency", time.perf_counter), ("processor time", time.process_time)):
        times = sorted(_milliseconds(assistant.query, question, clock) for question in questions * 20)
        print(f"  {name} p50 {_percentile(times, 0.5):.1f} ms, p95 {_percentile(times, 0.95):.1f} ms (target 50)")
    engine.dispose()


def _run(number: int) -> dict[str, Any]:
    families = ("zone_pair_median", "additive_log", "ridge", "xgboost", "lightgbm")
    month = (
        f"{2010 + number // 15 // 12 % 10}-{number // 15 % 12 + 1:02d}"
        if number >= 180
        else f"2019-{number // 15 % 12 + 1:02d}"
    )
    return {
        "run_id": f"{number:032x}",
        "service": "yellow",
        "month": month,
        "target": ("duration_min", "fare_usd", "high_tip")[number % 3],
        "family": families[number % 5],
        "trained_to": month,
        "mae_tune": 3 + number / MANY_RUNS,
        "loss_tune": 3 + number / MANY_RUNS,
        "fit_seconds": 1.0,
        "rows_train": 1000,
        "status": "finished",
        "created_at": datetime(2026, 1, 1),
    }


if __name__ == "__main__":
    main()
