"""Real processes: the server as `distride serve` starts it, and PostgreSQL."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from distride.serve import Server, Settings

from .conftest import QUICK

STARTS_S = 30.0
DEBIAN = Path("/usr/lib/postgresql")  # where its programs lie, outside the usual path
PROGRAMS = os.pathsep.join([os.environ.get("PATH", ""), *map(str, DEBIAN.glob("*/bin"))])


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as one:
        port: int = one.getsockname()[1]
    return port


@dataclass
class ServeProcess:
    """`distride serve` on a folder; it may be killed and started again at the same address."""

    folder: Path
    database: str = ""
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[str] | None = None

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def start(self) -> None:
        command = [sys.executable, "-m", "distride", "serve", "--data", str(self.folder)]
        self.process = subprocess.Popen(
            [*command, "--port", str(self.port)],
            env={**os.environ, "DISTRIDE_DATABASE": self.database},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.startswith("Serving"):
                break
        ends_s = time.monotonic() + STARTS_S
        while time.monotonic() < ends_s:
            with socket.socket() as one:
                if one.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)

    def kill(self) -> None:
        """As by `kill -9`."""
        assert self.process is not None
        assert self.process.stdout is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()

    def people(self, *athletes: str) -> tuple[str, list[str]]:
        """A coach's token and those of their athletes."""
        server = Server(Settings(self.folder, self.database), QUICK)
        later = datetime.now(UTC) + timedelta(hours=1)
        with server.database.writing() as session:
            accounts = server.accounts(session)
            coach = accounts.add("Kim")
            own = [accounts.add(name, coach) for name in athletes]
            tokens = [accounts.issue(one, "token", later)[0] for one in [coach, *own]]
        server.close()
        return tokens[0], tokens[1:]


@contextmanager
def serving(folder: Path, database: str = "") -> Iterator[ServeProcess]:
    """A process that is started by who asks; it is killed in the end."""
    process = ServeProcess(folder, database)
    try:
        yield process
    finally:
        if process.process is not None and process.process.poll() is None:
            process.kill()


@dataclass
class Postgres:
    """A PostgreSQL of its own."""

    folder: Path
    port: int
    user: str | None

    @property
    def address(self) -> str:
        return f"postgresql://distride@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        self._run("start", "-w", "-o", f"-h 127.0.0.1 -p {self.port} -k {self.folder}")

    def stop(self) -> None:
        """At once, as where the machine fails."""
        self._run("stop", "-m", "immediate")

    def _run(self, *what: str) -> None:
        log = ["-l", str(self.folder / "log")]
        self.run(["pg_ctl", "-D", str(self.folder / "data"), *log, *what])

    def run(self, command: list[str]) -> None:
        program = shutil.which(command[0], path=PROGRAMS)
        subprocess.run(
            [program or command[0], *command[1:]],
            user=self.user,
            cwd=self.folder,
            check=True,
            stdout=subprocess.DEVNULL,
            env={**os.environ, "TZ": "UTC", "PATH": PROGRAMS},
        )


@contextmanager
def postgres() -> Iterator[Postgres]:
    """Started; where there is none, the test is skipped."""
    if not shutil.which("initdb", path=PROGRAMS):
        pytest.skip("needs PostgreSQL: initdb and pg_ctl")
    user = "nobody" if os.geteuid() == 0 else None  # it refuses to be run by root
    folder = Path(tempfile.mkdtemp(prefix="distride-postgres-"))
    if user:
        shutil.chown(folder, user)
    one = Postgres(folder, free_port(), user)
    try:
        how = ["-U", "distride", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
        one.run(["initdb", "-D", str(folder / "data"), *how])
        one.start()
        try:
            yield one
        finally:
            one.stop()
    finally:
        shutil.rmtree(folder)


@contextmanager
def small_disk(size: str) -> Iterator[Path]:
    """A disk that is soon full; where none may be mounted, the test is skipped."""
    folder = Path(tempfile.mkdtemp(prefix="distride-disk-"))
    try:
        mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
        if not shutil.which("mount") or subprocess.run(mount, capture_output=True).returncode:
            pytest.skip("needs to mount a small disk")
        try:
            yield folder
        finally:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)
    finally:
        folder.rmdir()


def fill(folder: Path) -> Path:
    """A file that leaves nothing of a disk."""
    file = folder / "filler"
    with file.open("wb", buffering=0) as written:
        for size in (1 << 16, 1 << 12, 1):
            try:
                while True:
                    written.write(bytes(size))
            except OSError:
                continue
    return file
