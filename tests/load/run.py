"""`make load` and `make soak`: locust against a service of its own, and what became of the service's memory.

    python -m tests.load.run --seconds 300 --users 16

Exit code 1 when a request failed. Memory is printed, not judged: read the second half for growth. It fills its caches
and the prediction log's buffers first.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.bench_serving import champions
from tests.bench.serving_servers import ROOT, Running, ours, running
from tests.servers.mariadb import free_port

LOOKS = 6


def main() -> None:
    """Starts the service on champions of the sample, presses, prints."""
    parser = argparse.ArgumentParser(description="load on a service of its own")
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--users", type=int, default=16)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings, _ = champions(Path(folder), "lightgbm")
        with running(ours(settings.home, free_port()), Path(folder) / "service.log") as service:
            sys.exit(_press(service, options.seconds, options.users))


def _press(service: Running, seconds: int, users: int) -> int:
    locust = subprocess.Popen(
        [sys.executable, "-m", "locust", "-f", "tests/load/locustfile.py", "--headless", "--only-summary",
         "--host", service.url(""), "-u", str(users), "-r", str(users), "-t", f"{seconds}s"], cwd=ROOT,
    )  # fmt: skip
    _look(service, "before")
    started = time.monotonic()
    for number in range(1, LOOKS + 1):
        time.sleep(max(0.0, started + seconds * number / LOOKS - time.monotonic()))
        _look(service, f"after {seconds * number / LOOKS:.0f} s")
    return locust.wait()


def _look(service: Running, when: str) -> None:
    rss, pss = service.memory_mb()
    print(f"{when}: RSS {rss:.0f} MB, PSS {pss:.0f} MB", flush=True)


if __name__ == "__main__":
    main()
