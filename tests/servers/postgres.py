"""A private PostgreSQL: its own folder, port and user, nothing of the system's configuration."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.servers.mariadb import free_port

START_SECONDS = 60
SEARCHED = os.pathsep.join(["/usr/local/bin", "/usr/bin", *sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin")))])


def find_binary(name: str) -> str | None:
    """Path of a PostgreSQL program, or None where it is not installed; Debian keeps them off the PATH."""
    return shutil.which(name, path=SEARCHED)


@dataclass
class Postgres:
    """A server in a folder under the system's temporary one: it refuses to run as root, so another user owns it."""

    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="postgres-")))
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """SQLAlchemy URL of the database `airflow`."""
        return f"postgresql+psycopg2://airflow:secret@127.0.0.1:{self.port}/airflow"

    def create(self) -> Postgres:
        """Initialises the data folder, starts the server and makes the database `airflow`."""
        secret = self.folder / "password"
        secret.write_text("secret")
        if os.getuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
            shutil.chown(secret, "postgres", "postgres")
        self._run("initdb", "-D", f"{self.folder}/data", "-U", "airflow", "-A", "scram-sha-256", "-E", "UTF8",
                  "--locale=C.UTF-8", f"--pwfile={secret}", "--no-sync")  # fmt: skip
        self.start()
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "airflow", "airflow")
        return self

    def start(self) -> None:
        """Starts the server and waits until it answers."""
        command = [*self._prefix, str(find_binary("postgres")), "-D", f"{self.folder}/data", "-p", str(self.port),
                   "-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={self.folder}",
                   "-c", "fsync=off", "-c", "max_connections=200"]  # fmt: skip
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder)
        ready = [str(find_binary("pg_isready")), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        deadline = time.monotonic() + START_SECONDS
        while subprocess.run(ready, check=False).returncode:
            if time.monotonic() > deadline:
                raise RuntimeError(f"the server did not start: {(self.folder / 'log').read_text()[-2000:]}")
            time.sleep(0.1)

    def stop(self) -> None:
        """Ends the server at once and removes its folder."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)  # its fast shutdown; SIGTERM waits for clients to leave
            self.process.wait(timeout=60)
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def _prefix(self) -> list[str]:
        if os.getuid() != 0:
            return []
        user = pwd.getpwnam("postgres")
        return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]

    def _run(self, name: str, *words: str) -> None:
        environment = os.environ | {"PGPASSWORD": "secret"}
        command = [*self._prefix, str(find_binary(name)), *words]
        subprocess.run(command, env=environment, check=True, capture_output=True, cwd=self.folder)
