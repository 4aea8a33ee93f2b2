"""Our service beside `mlflow models serve`, BentoML and an empty endpoint: same model, same rows, in turns.

    make bench-serving            or  .venv/bin/python -m tests.bench.bench_serving --seconds 5 --family lightgbm

Aims: 25 times MLflow's requests and 8 times BentoML's, at least 0.35 of the empty endpoint's (0.5 is the goal), ready
in 2 s, at most 250 MB resident. On a machine that does other work, CPU time per request says more than requests/s.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from include.config import Settings
from include.features.dictionary import FEATURE_NAMES
from include.features.trip_features import targets_of
from include.models.bundle import model_name
from include.serving.quotes.trips import Trip, request_matrix
from tests.bench.serving_servers import ROOT, Running, bentoml, empty, mlflow_models_serve, ours, running
from tests.servers.mariadb import free_port

CONNECTIONS, ROUNDS, BATCH_ROWS = 16, 3, 1000
IMPORTS = """
import sys
from datetime import datetime
from include.config import get_settings
from include.serving.api import create_app
from include.serving.quotes.quote import quote
from include.serving.quotes.trips import Trip
loader = create_app(get_settings()).state.serving.loader
loader.refresh()
quote(loader, [("1", Trip("yellow", 132, 230, datetime(2019, 6, 14, 18, 30)))])
installed = [name for name, found in sys.modules.items() if "site-packages" in (getattr(found, "__file__", "") or "")]
print(*sorted({name.split(".")[0] for name in installed}))
"""


class Asked(NamedTuple):
    """One way of asking a server: what the table calls it, and its bodies for one trip and for many."""

    label: str
    server: Running
    path: str
    single: bytes | None
    batch_path: str = ""
    batch: bytes = b""


def main() -> None:
    """Starts all servers, presses them in turns, prints."""
    options = _options()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        settings, model = champions(folder, options.family)
        ways = list(_started(stack, settings, model, folder))
        load = f"{os.getloadavg()[0]:.1f}"
        print(f"champions of {options.family}, {CONNECTIONS} connections, one worker each, "
              f"{ROUNDS} rounds of {options.seconds:g} s in turns, load {load} before", flush=True)  # fmt: skip
        _print_singles(ways, options.seconds, folder)
        _print_batches(ways, options.seconds, folder)
        _print_processes(ways)
        asked = {"TAXI_HOME": str(settings.home), "TAXI_ENV": "development", "PYTHONPATH": str(ROOT)}
        done = subprocess.run([sys.executable, "-c", IMPORTS], env=os.environ | asked, capture_output=True, text=True,
                              check=True, cwd=ROOT)  # fmt: skip
        print(f"our process imports: {done.stdout.splitlines()[-1]}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seconds", type=float, default=4.0, help="of one round")
    parser.add_argument("--family", default="lightgbm", help="of all champions")
    return parser.parse_args()


def champions(folder: Path, family: str) -> tuple[Settings, Path]:
    """A home whose yellow champions are of one family, with a warehouse; and its duration as MLflow stores it."""
    from include.models.pyfunc_model import save_pyfunc
    from include.warehouse.engine import engine_for
    from include.warehouse.schema import init_db
    from tests.champions import publish_champion
    from tests.homes import settings_of
    from tests.unit.models.trips import sample_rows, window_of

    settings, window = settings_of(folder / "home"), window_of(sample_rows(folder))
    for target in targets_of("yellow"):
        pointer = publish_champion(settings, window, target, 1, family=family)
        if pointer.model_name == model_name("yellow", "duration_min"):
            save_pyfunc(folder / "pyfunc", Path(pointer.uri), is_probability=False)
            shutil.copy(Path(pointer.uri) / "model.onnx", folder / "model.onnx")
    init_db(engine_for(settings.warehouse))
    return settings, folder / "model.onnx"


def _started(stack: ExitStack, settings: Settings, model: Path, folder: Path) -> Iterator[Asked]:
    def start(server: Any) -> Running:
        return stack.enter_context(running(server, folder / f"{server.name.replace(' ', '_')}.log"))

    trips, rows = _trips()
    one = json.dumps(trips[0]).encode()
    nothing = start(empty(free_port()))
    yield Asked("empty, GET", nothing, "/", None)
    yield Asked("empty, POST", nothing, "/", one)
    many = json.dumps({"trips": trips}).encode()
    yield Asked("ours", start(ours(settings.home, free_port())), "/predict", one, "/predict/batch", many)
    server = start(mlflow_models_serve(folder / "pyfunc", free_port()))
    yield Asked("MLflow", server, "/invocations", _frame(rows[:1]), "/invocations", _frame(rows))
    try:
        server = start(bentoml(folder, model, free_port()))
    except RuntimeError as fault:
        print(f"BentoML is left out: {fault}")
        return
    yield Asked("BentoML", server, "/predict", _rows(rows[:1]), "/predict", _rows(rows))


def _trips() -> tuple[list[dict[str, Any]], np.ndarray]:
    """Trips as our service takes them, and the same ones as features, (BATCH_ROWS, features)."""
    from datetime import datetime, timedelta

    first = datetime(2019, 3, 1)
    trips = [Trip("yellow", 1 + i * 7 % 263, 1 + i * 13 % 263, first + timedelta(minutes=41 * i), i % 7)
             for i in range(BATCH_ROWS)]  # fmt: skip
    said = [trip._asdict() | {"pickup_datetime": trip.pickup_datetime.isoformat()} for trip in trips]
    return said, request_matrix(trips)


def _frame(rows: np.ndarray) -> bytes:
    return json.dumps({"dataframe_split": {"columns": FEATURE_NAMES, "data": rows.tolist()}}).encode()


def _rows(rows: np.ndarray) -> bytes:
    return json.dumps({"rows": rows.tolist()}).encode()


def _press(way: Asked, path: str, connections: int, seconds: float, body: bytes | None, folder: Path) -> dict[str, Any]:
    """The generator's figures, and the microseconds of CPU that the server's processes spent on a request."""
    file = folder / "body.json"
    file.write_bytes(body or b"")
    command = [sys.executable, "-m", "tests.load.pressure", way.server.url(path), str(connections), str(seconds)]
    before = way.server.cpu_seconds()
    done = subprocess.run(
        [*command, *([str(file)] if body else [])], capture_output=True, text=True, check=True, cwd=ROOT
    )
    said: dict[str, Any] = json.loads(done.stdout)
    spent = way.server.cpu_seconds() - before
    return said | {"rate": said["requests"] / said["seconds"], "cpu": spent / said["requests"] * 1e6}


def _print_singles(ways: list[Asked], seconds: float, folder: Path) -> None:
    found = _in_turns(ways, lambda way: _press(way, way.path, CONNECTIONS, seconds, way.single, folder))
    own = found["ours"]
    _line("single quotes", "requests/s", "p50 ms", "p99 ms", "CPU us", "rate x", "CPU x", "failed")
    for label, said in found.items():
        p50, p99 = said["p50"] * 1e3, said["p99"] * 1e3
        ratios = own["rate"] / said["rate"], said["cpu"] / own["cpu"]
        _line(label, f"{said['rate']:.0f}", f"{p50:.2f}", f"{p99:.2f}", f"{said['cpu']:.0f}",
              *(f"{ratio:.2f}" for ratio in ratios), f"{said['failed']:.0f}")  # fmt: skip
    print("(x: how many times its rate ours is, and how many times our CPU time it takes)")


def _print_batches(ways: list[Asked], seconds: float, folder: Path) -> None:
    able = [way for way in ways if way.batch]
    found = _in_turns(able, lambda way: _press(way, way.batch_path, 1, seconds, way.batch, folder))
    _line(f"{BATCH_ROWS} rows", "p50 ms", "p99 ms", "CPU ms", "failed")
    for label, said in found.items():
        _line(label, *(f"{value:.1f}" for value in (said["p50"] * 1e3, said["p99"] * 1e3, said["cpu"] / 1e3)),
              f"{said['failed']:.0f}")  # fmt: skip


def _line(label: str, *cells: str) -> None:
    print(f"{label:<20}{''.join(f'{cell:>11}' for cell in cells)}")


def _in_turns(ways: list[Asked], ask: Any) -> dict[str, dict[str, float]]:
    """Medians over the rounds, so that a busy moment of the machine does not decide."""
    rounds: dict[str, list[dict[str, float]]] = {way.label: [] for way in ways}
    for _ in range(ROUNDS):
        for way in ways:
            rounds[way.label].append(ask(way))
    return {label: {name: statistics.median(said[name] for said in all_said) for name in all_said[0]}
            for label, all_said in rounds.items()}  # fmt: skip


def _print_processes(ways: list[Asked]) -> None:
    _line("process", "ready s", "CPU s", "RSS MB", "PSS MB")
    for server in {way.server.server.name: way.server for way in ways}.values():
        rss, pss = server.memory_mb()
        _line(server.server.name, f"{server.wall:.2f}", f"{server.cpu:.2f}", f"{rss:.0f}", f"{pss:.0f}")


if __name__ == "__main__":
    main()
