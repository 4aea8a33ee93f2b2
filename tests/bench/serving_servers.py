"""The servers that are measured beside each other: ours, MLflow's, BentoML, and an endpoint that does nothing.

All run one worker on loopback and answer from the same ONNX file. MLflow and BentoML get finished features and say one
target; ours gets a trip, makes the features, says three targets and the surcharges, and logs its answers.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import psutil

ROOT = Path(__file__).parents[2]
BENTOML = "bentoml==1.4.39"
READY_SECONDS, READY_PAUSE = 120.0, 0.02
EMPTY = """
import sys, uvicorn
from fastapi import FastAPI, Request
app = FastAPI()
@app.get("/")
async def nothing(): return {}
@app.post("/")
async def nothing_of_a_body(request: Request):
    await request.body()
    return {}
uvicorn.run(app, port=int(sys.argv[1]), log_level="warning", access_log=False)
"""
BENTO = """
import os
from typing import Annotated
import bentoml, numpy as np, onnxruntime
from bentoml.validators import DType

@bentoml.service(workers=1)
class Duration:
    def __init__(self):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(os.environ["MODEL"], options)
        self.name = self.session.get_inputs()[0].name

    @bentoml.api
    def predict(self, rows: Annotated[np.ndarray, DType("float32")]) -> np.ndarray:
        return self.session.run(None, {self.name: rows})[0]
"""


@dataclass
class Server:
    """How a server is started; `ready` is the path that answers 200 once it takes requests."""

    name: str
    port: int
    command: list[str]
    ready: str
    environment: dict[str, str] = field(default_factory=dict)
    folder: Path = ROOT


@dataclass
class Running:
    """A server that runs, and what its start took in wall and CPU seconds."""

    server: Server
    process: psutil.Process
    wall: float
    cpu: float

    def url(self, path: str) -> str:
        """Where it is asked."""
        return f"http://127.0.0.1:{self.server.port}{path}"

    def cpu_seconds(self) -> float:
        """Of all its processes so far."""
        return sum(sum(process.cpu_times()[:2]) for process in self._processes())

    def memory_mb(self) -> tuple[float, float]:
        """Resident and proportional set size of all its processes; shared pages count once in the second."""
        found = [process.memory_full_info() for process in self._processes()]
        return sum(m.rss for m in found) / 1e6, sum(m.pss for m in found) / 1e6

    def _processes(self) -> list[psutil.Process]:
        return [self.process, *self.process.children(recursive=True)]


@contextmanager
def running(server: Server, log: Path) -> Iterator[Running]:
    """The server, ready; its processes are ended afterwards. RuntimeError with its log when it does not start."""
    started = time.perf_counter()
    with log.open("wb") as out:
        child = subprocess.Popen(server.command, cwd=server.folder, stdout=out, stderr=subprocess.STDOUT,
                                 env=os.environ | {"PYTHONPATH": str(ROOT)} | server.environment)  # fmt: skip
    found = Running(server, psutil.Process(child.pid), 0.0, 0.0)
    try:
        _wait(found, child, log)
        found.wall, found.cpu = time.perf_counter() - started, found.cpu_seconds()
        yield found
    finally:
        ended = [*found.process.children(recursive=True), found.process] if child.poll() is None else []
        for process in ended:
            process.terminate()
        for process in psutil.wait_procs(ended, 10)[1]:
            process.kill()
        child.wait()


def _wait(found: Running, child: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and child.poll() is None:
        try:
            with urlopen(found.url(found.server.ready), timeout=5) as answer:
                if answer.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(READY_PAUSE)
    raise RuntimeError(f"{found.server.name} did not become ready; its log ends: {log.read_text()[-1000:]}")


def ours(home: Path, port: int) -> Server:
    """The service over a home's champions, its answers logged into the home's warehouse."""
    own = {"TAXI_HOME": str(home), "TAXI_API_PORT": str(port), "TAXI_BIND": "127.0.0.1", "TAXI_ENV": "development"}
    return Server("ours", port, [sys.executable, "-m", "include.serving.api"], "/health/ready", own)


def empty(port: int) -> Server:
    """FastAPI with nothing to do, under the same server."""
    return Server("empty FastAPI", port, [sys.executable, "-c", EMPTY, str(port)], "/")


def mlflow_models_serve(model: Path, port: int) -> Server:
    """MLflow's own server over the version as it is registered."""
    command = [sys.executable, "-m", "mlflow", "models", "serve", "-m", str(model), "-p", str(port), "-w", "1",
               "--env-manager", "local"]  # fmt: skip
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return Server("mlflow models serve", port, command, "/ping", {"PATH": path, "MLFLOW_DISABLE_TELEMETRY": "true"})


def bentoml(folder: Path, model: Path, port: int) -> Server:
    """A BentoML service in its own environment. RuntimeError with the reason when that cannot be made."""
    environment = _bento_environment()
    (folder / "service.py").write_text(BENTO)
    command = [str(environment / "bin" / "bentoml"), "serve", "service:Duration", "--port", str(port), "--host",
               "127.0.0.1"]  # fmt: skip
    own = {"MODEL": str(model), "BENTOML_DO_NOT_TRACK": "True", "BENTOML_HOME": str(folder / "bentoml")}
    return Server("BentoML", port, command, "/readyz", own, folder)


def _bento_environment() -> Path:
    """In the user's cache, kept for the next time; the pinned version and the runtime that the project has."""
    from importlib.metadata import version

    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "smart-analytics" / BENTOML.replace("==", "-")
    if (folder / "bin" / "bentoml").exists():
        return folder
    uv = shutil.which("uv") or str(Path(sys.executable).parent / "uv")
    wanted = [BENTOML, f"onnxruntime=={version('onnxruntime')}"]
    for command in ([uv, "venv", "-q", "--clear", "--python", sys.executable, str(folder)],
                    [uv, "pip", "install", "-q", "--python", str(folder / "bin" / "python"), *wanted]):  # fmt: skip
        made = subprocess.run(command, capture_output=True, text=True, check=False)
        if made.returncode:
            raise RuntimeError(f"{BENTOML} cannot be installed: {made.stderr.strip()[-300:]}")
    return folder
