"""The whole line for the tests: processes to kill, a broker, a bridge, a fleet of devices."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import psycopg
from ttcs_setup.announce import Refusal
from ttcs_setup.locations import Locations
from ttcs_setup.postgres import EmbeddedServer

from ttcs_wire.broker import BRIDGE_USER, PLUGIN_ITERATIONS, Broker, device_commands, hashed
from ttcs_wire.contract import new_device_code
from ttcs_wire.keys import BridgeKeys, load_or_make
from ttcs_wire.sealing import seal
from ttcs_wire.simulator import Account, Fleet
from ttcs_wire.store import upgrade

DATABASE = "ttcs_wire_test"
PASSWORD = "bridge-of-the-tests"


def eventually(ask: Callable, seconds: float = 20.0, *, every: float = 0.05):
    """What ``ask`` gives as soon as it is true; fails when it stays false for so long."""
    until = time.monotonic() + seconds
    while True:
        found = ask()
        if found:
            return found
        if time.monotonic() > until:
            raise AssertionError(f"still {found!r} after {seconds} s")
        time.sleep(every)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def dsn(server: dict[str, str], role: str, database: str = DATABASE) -> str:
    return f"postgresql://{role}:{server[role]}@{server['place']}/{database}"


@dataclass
class Process:
    """A program that can be killed and started again."""

    command: list[str]
    environment: dict[str, str]
    log: Path
    process: subprocess.Popen | None = field(default=None)

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, env=self.environment, stdout=log, stderr=log
            )

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def signal(self, number: int) -> None:
        assert self.process is not None
        self.process.send_signal(number)

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout=15)
            if self.process.poll() is None:
                self.kill()


@dataclass
class Wire:
    """The whole line: broker, bridge and database."""

    broker: Process
    bridge: Process
    books: psycopg.Connection
    port: int
    keys: BridgeKeys
    folder: Path

    def enrol(self, count: int = 1) -> list[Account]:
        """Devices known to the books and to the broker."""
        accounts = self._register([f"secret-{number}" for number in range(count)])
        sealing = self.keys.sealing.public_key().public_bytes_raw()
        with self.books.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO ttcs_tele.credential (device, act, sealed) VALUES (%s, 'set', %s)",
                [
                    (account.code, seal(account.password, account.code, sealing))
                    for account in accounts
                ],
            )
        eventually(
            lambda: self.one("SELECT bool_and(done_at IS NOT NULL) FROM ttcs_tele.credential"), 60
        )
        assert not self.one("SELECT count(error) FROM ttcs_tele.credential")
        return accounts

    def enrol_province(self, count: int) -> list[Account]:
        """Devices that the broker has known for long, written into its store while it rests.

        One by one they would take minutes: the plug-in writes its whole store anew for each.
        """
        password = "secret-of-all"
        accounts = self._register([password] * count)
        store = self.folder / "broker" / "dynamic-security.json"
        self.broker.stop()
        security = json.loads(store.read_text())
        kept = hashed(password, iterations=PLUGIN_ITERATIONS)
        for account in accounts:
            _, _, role, client = device_commands(account.code, "set")
            security["roles"].append({key: role[key] for key in ("rolename", "acls")})
            told = {key: client[key] for key in ("username", "clientid", "roles")}
            security["clients"].append({**told, **kept})
        store.write_text(json.dumps(security))
        self.broker.start()
        self.wait_for_broker()
        return accounts

    def _register(self, passwords: list[str]) -> list[Account]:
        first = self.one("SELECT coalesce(max(id), 0) FROM ttcs_tele.device") + 1
        keys = self.keys.told()["keys"]
        accounts = [Account(new_device_code(), password, keys) for password in passwords]
        with self.books.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO ttcs_tele.device (id, code, active) VALUES (%s, %s, true)",
                [(first + number, account.code) for number, account in enumerate(accounts)],
            )
        return accounts

    def command(self, code: str, operation: str = "volume", **values) -> str:
        """Queue a command for a device; gives its id."""
        values = {
            "arguments": '{"level": 30}',
            "lane": 5,
            "mode": "actual",
            "seconds": 60,
            "after": 0,
            **values,
        }
        return str(
            self.books.execute(
                """
                INSERT INTO ttcs_tele.command (id, device_id, lane, operation, arguments, mode,
                    not_before, expires_at, next_at)
                SELECT gen_random_uuid(), id, %(lane)s, %(operation)s, %(arguments)s, %(mode)s,
                    start, start + make_interval(secs => %(seconds)s), start
                FROM ttcs_tele.device, LATERAL (
                    SELECT now() AT TIME ZONE 'UTC' + make_interval(secs => %(after)s) AS start
                ) AS at WHERE code = %(code)s
                RETURNING id
                """,
                {**values, "operation": operation, "code": code},
            ).fetchone()[0]
        )

    def state(self, command: str) -> str:
        return self.one("SELECT state FROM ttcs_tele.command WHERE id = %s", command)

    def states(self, command: str) -> list[str]:
        """Every state that the command has been in, in order."""
        rows = self.books.execute(
            "SELECT state FROM ttcs_tele.command_move WHERE command_id = %s ORDER BY id", [command]
        )
        return [state for (state,) in rows]

    def one(self, query: str, *values):
        return self.books.execute(query, values or None).fetchone()[0]

    def quarantine(self) -> dict[str, int]:
        """Messages set apart, by reason."""
        return dict(
            self.books.execute(
                "SELECT reason, sum(messages)::int FROM ttcs_tele.quarantine GROUP BY 1"
            ).fetchall()
        )

    def wait_for_broker(self) -> None:
        def answers() -> bool:
            with (
                contextlib.suppress(OSError),
                socket.create_connection(("127.0.0.1", self.port), timeout=1),
            ):
                return True
            return False

        eventually(answers)


@dataclass
class Gateway:
    """The gateway beside a line: its process, where it listens, where vendors leave files."""

    wire: Wire
    process: Process
    port: int
    folder: Path
    passwords: dict[str, str] = field(default_factory=dict)

    def connect(self, kind: str, settings: dict, secret: str | None = None) -> int:
        """A connection that the books wrote; gives its id."""
        found = self.wire.one("SELECT coalesce(max(id), 0) + 1 FROM ttcs_tele.connection")
        public = self.wire.keys.sealing.public_key().public_bytes_raw()
        sealed = seal(secret, f"connection-{found}", public) if secret else None
        self.wire.books.execute(
            "INSERT INTO ttcs_tele.connection (id, kind, active, settings, sealed)"
            " VALUES (%s, %s, true, %s, %s)",
            [found, kind, json.dumps(settings), sealed],
        )
        return found

    def register(self, connection: int, *names: str) -> None:
        """Devices that the books know by these names in a connection."""
        first = self.wire.one("SELECT coalesce(max(id), 0) FROM ttcs_tele.device") + 1
        with self.wire.books.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO ttcs_tele.device (id, code, active, connection_id, external_code)"
                " VALUES (%s, %s, true, %s, %s)",
                [
                    (first + number, new_device_code(), connection, name)
                    for number, name in enumerate(names)
                ],
            )


@contextlib.contextmanager
def a_gateway(wire: Wire, bridge_dsn: str) -> Iterator[Gateway]:
    """The gateway of a line, started."""
    port, folder = free_port(), wire.folder / "vendors"
    folder.mkdir()
    settings = {
        "TTCS_BRIDGE_DSN": bridge_dsn,
        "TTCS_BRIDGE_KEYS": str(wire.folder / "keys"),
        "TTCS_GATEWAY_LISTEN": f"127.0.0.1:{port}",
        "TTCS_GATEWAY_FOLDER": str(folder),
    }
    program = [sys.executable, "-m", "ttcs_wire.gateway"]
    process = Process(program, {**os.environ, **settings}, wire.folder / "gateway.log")
    process.start()
    try:
        yield Gateway(wire, process, port, folder)
    finally:
        process.stop()


@contextlib.contextmanager
def living(wire, accounts, **values) -> Iterator[Fleet]:
    """A fleet that lives in a thread of its own, connected."""
    values = {"interval": 1_000, "back_off": 0.2, **values}
    fleet = Fleet(accounts, "127.0.0.1", wire.port, **values)
    loop = asyncio.new_event_loop()
    running = loop.create_task(fleet.run())

    def live() -> None:
        asyncio.set_event_loop(loop)
        with contextlib.suppress(asyncio.CancelledError):
            loop.run_until_complete(running)

    thread = threading.Thread(target=live)
    thread.start()
    try:
        eventually(lambda: all(link.online.is_set() for link in fleet.links.values()), 60)
        online = "SELECT count(*) FROM ttcs_tele.last WHERE online"
        eventually(lambda: wire.one(online) >= len(accounts), 60)
        yield fleet
    finally:
        loop.call_soon_threadsafe(running.cancel)
        thread.join(timeout=30)


@contextlib.contextmanager
def a_line(tmp_path: Path, books: psycopg.Connection, bridge_dsn: str) -> Iterator[Wire]:
    """Broker and bridge, started, on a database with the schema."""
    port = free_port()
    root = os.environ.get("TTCS_BROKER_ROOT")
    broker = Broker(tmp_path / "broker", port, Path(root) if root else None)
    broker.write(PASSWORD)
    keys = load_or_make(tmp_path / "keys")
    url = f"mqtt://{BRIDGE_USER}:{PASSWORD}@127.0.0.1:{port}"
    settings = {
        "TTCS_MQTT_URL": url,
        "TTCS_BRIDGE_DSN": bridge_dsn,
        "TTCS_BRIDGE_KEYS": str(tmp_path / "keys"),
        "TTCS_BRIDGE_SEEN_EVERY": "0.5",
    }
    line = Wire(
        Process(broker.command(), broker.environment(), tmp_path / "broker.log"),
        Process(
            [sys.executable, "-m", "ttcs_wire.bridge"],
            {**os.environ, **settings},
            tmp_path / "bridge.log",
        ),
        books,
        port,
        keys,
        tmp_path,
    )
    line.broker.start()
    try:
        line.wait_for_broker()
        line.bridge.start()
        yield line
    finally:
        line.bridge.stop()
        line.broker.stop()


class OwnServer:
    """A PostgreSQL of its own, made durable, that a test may kill.

    :param disk_megabytes: gives its data a small disk of their own
    """

    def __init__(self, folder: Path, disk_megabytes: int | None = None) -> None:
        self.port = free_port()
        locations = replace(Locations.from_environment(), state=folder)
        self.server = EmbeddedServer(locations, durable=True)
        self.has_disk = bool(disk_megabytes)
        if disk_megabytes:
            self.server.folder.mkdir(parents=True, exist_ok=True)
            size = f"size={disk_megabytes}m"
            mount = ["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(self.server.folder)]
            subprocess.run(mount, check=True, capture_output=True, timeout=20)
        address = self.server.start(self.port)
        self.names = {
            "place": f"127.0.0.1:{self.port}",
            "postgres": address.password,
            "odoo": "of-the-books",
            "ttcs_bridge": "of-the-bridge",
        }
        with psycopg.connect(dsn(self.names, "postgres", "postgres"), autocommit=True) as root:
            for role in ("odoo", "ttcs_bridge"):
                root.execute(f"CREATE ROLE {role} LOGIN PASSWORD '{self.names[role]}'")
            root.execute(f"CREATE DATABASE {DATABASE} OWNER odoo")
        with psycopg.connect(dsn(self.names, "odoo")) as books:
            upgrade(books.cursor())
            books.execute("SELECT ttcs_tele.make_partitions(current_date - 31, 40)")

    def kill(self) -> None:
        """End it at once with all that it was doing, and start it again on the same port."""
        pid = int((self.server.data / "postmaster.pid").read_text().splitlines()[0])
        os.kill(pid, signal.SIGKILL)
        # Its children notice within a moment that it is gone; until then the data are taken.
        eventually(lambda: not Path(f"/proc/{pid}").exists() and self.starts(), 60, every=0.2)

    def starts(self) -> bool:
        """Start it unless it runs; whether it could."""
        try:
            self.server.start(self.port)
        except Refusal:
            return False
        return True

    def remove(self) -> None:
        self.server.stop()
        if self.has_disk:
            subprocess.run(["umount", str(self.server.folder)], check=True, timeout=20)
        shutil.rmtree(self.server.folder, ignore_errors=True)
