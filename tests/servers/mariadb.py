"""A private MySQL-compatible server: its own folder, socket and port, nothing of the system's configuration."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

import pymysql

START_SECONDS = 60
SEARCHED = "/usr/sbin:/usr/local/sbin:/usr/local/bin:/usr/bin:/bin"


def find_server() -> str | None:
    """Path of the MariaDB server, or None where it is not installed."""
    return shutil.which("mariadbd", path=SEARCHED)


def free_port() -> int:
    """A port of the loopback address that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class MariaDB:
    """A server under `folder`; `options` are its own, e.g. `--local-infile=0`."""

    folder: Path
    options: tuple[str, ...] = ()
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """SQLAlchemy URL of the database `taxi`."""
        return f"mysql+pymysql://taxi:secret@127.0.0.1:{self.port}/taxi?charset=utf8mb4"

    def create(self) -> MariaDB:
        """Initialises the data folder and starts the server with the database `taxi`."""
        install = ["mariadb-install-db", "--no-defaults", f"--datadir={self.folder}/data", "--skip-test-db",
                   "--auth-root-authentication-method=normal", "--user=root"]  # fmt: skip
        subprocess.run(install, check=True, capture_output=True)
        self.start(password="")
        with self.connect(password="", database=None) as connection, connection.cursor() as cursor:
            cursor.execute("CREATE DATABASE taxi CHARACTER SET utf8mb4")
            cursor.execute("CREATE USER taxi@'127.0.0.1' IDENTIFIED BY 'secret'")
            cursor.execute("GRANT ALL ON *.* TO taxi@'127.0.0.1'")
        return self

    def start(self, password: str = "secret") -> None:
        """Starts the server and waits until it answers."""
        command = [
            str(find_server()), "--no-defaults", f"--datadir={self.folder}/data", f"--socket={self.folder}/s",
            f"--pid-file={self.folder}/pid", f"--port={self.port}", "--bind-address=127.0.0.1", "--user=root",
            "--innodb-buffer-pool-size=512M", "--innodb-flush-log-at-trx-commit=2", "--innodb-log-file-size=256M",
            "--max-allowed-packet=64M", *self.options,
        ]  # fmt: skip
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log)
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            try:
                self.connect(password, database=None).close()
            except pymysql.Error:
                time.sleep(0.1)
            else:
                return
        raise RuntimeError(f"the server did not start: {(self.folder / 'log').read_text()[-2000:]}")

    def connect(self, password: str = "secret", database: str | None = "taxi") -> pymysql.connections.Connection:
        """A connection with autocommit; without a password the administrator's, over the socket."""
        if not password:
            return pymysql.connect(user="root", unix_socket=f"{self.folder}/s", database=database, autocommit=True)
        return pymysql.connect(
            user="taxi", password=password, host="127.0.0.1", port=self.port, database=database, autocommit=True
        )

    def kill(self) -> None:
        """Ends the server without a goodbye, as a crash would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def stop(self) -> None:
        """Ends the server."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=60)
