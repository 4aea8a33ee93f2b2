"""A private Redis that keeps nothing on disk."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.servers.mariadb import free_port

START_SECONDS = 30


def find_server() -> str | None:
    """Path of redis-server, or None where it is not installed."""
    return shutil.which("redis-server")


@dataclass
class Redis:
    """A server with a password on a port of its own."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Celery's broker address."""
        return f"redis://:secret@127.0.0.1:{self.port}/0"

    def create(self) -> Redis:
        """Starts the server and waits until it listens."""
        command = [str(find_server()), "--port", str(self.port), "--bind", "127.0.0.1", "--requirepass", "secret",
                   "--save", "", "--appendonly", "no", "--dir", str(self.folder)]  # fmt: skip
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log)
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return self
            time.sleep(0.1)
        raise RuntimeError(f"Redis did not start: {(self.folder / 'log').read_text()[-2000:]}")

    def stop(self) -> None:
        """Ends the server."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=30)
