"""A real broker, a real database and the bridge as a process of its own, for each test."""

from __future__ import annotations

import configparser
import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
from ttcs_wire.bridge import BrokerAddress
from ttcs_wire.broker import BRIDGE_USER, Broker
from ttcs_wire.contract import new_device_code
from ttcs_wire.keys import BridgeKeys, load_or_make
from ttcs_wire.sealing import seal
from ttcs_wire.simulator import Account
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


@pytest.fixture(scope="session")
def server() -> dict[str, str]:
    """Where PostgreSQL is, and the passwords of both roles."""
    state = Path(os.environ["TTCS_STATE_DIR"])
    settings = configparser.ConfigParser(interpolation=None)
    settings.read(state / "odoo.conf")
    options = settings["options"]
    return {
        "place": f"{options['db_host']}:{options['db_port']}",
        "odoo": options["db_password"],
        "ttcs_bridge": (state / "bridge.secret").read_text(),
    }


def dsn(server: dict[str, str], role: str, database: str = DATABASE) -> str:
    return f"postgresql://{role}:{server[role]}@{server['place']}/{database}"


@pytest.fixture(scope="session")
def _database(server) -> Iterator[None]:
    with psycopg.connect(dsn(server, "odoo", "postgres"), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {DATABASE} TEMPLATE template0 ENCODING 'UTF8'")
    with psycopg.connect(dsn(server, "odoo")) as connection:
        upgrade(connection.cursor())
        connection.execute("SELECT ttcs_tele.make_partitions(current_date - 31, 40)")
    yield
    with psycopg.connect(dsn(server, "odoo", "postgres"), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")


@pytest.fixture
def books(_database, server) -> Iterator[psycopg.Connection]:
    """A connection as Odoo's role, on empty tables."""
    with psycopg.connect(dsn(server, "odoo"), autocommit=True) as connection:
        tables = connection.execute(
            "SELECT string_agg(oid::regclass::text, ', ') FROM pg_class"
            " WHERE relnamespace = 'ttcs_tele'::regnamespace AND relkind IN ('r', 'p')"
            " AND NOT relispartition AND relname <> 'step'"
        ).fetchone()[0]
        connection.execute(f"TRUNCATE {tables} RESTART IDENTITY")
        yield connection


@pytest.fixture
def bridge_dsn(server) -> str:
    return dsn(server, "ttcs_bridge")


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
        first = self.one("SELECT coalesce(max(id), 0) FROM ttcs_tele.device") + 1
        accounts = [
            Account(new_device_code(), f"secret-{number}", self.keys.told()["keys"])
            for number in range(count)
        ]
        sealing = self.keys.sealing.public_key().public_bytes_raw()
        with self.books.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO ttcs_tele.device (id, code, active) VALUES (%s, %s, true)",
                [(first + number, account.code) for number, account in enumerate(accounts)],
            )
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


@pytest.fixture
def wire(tmp_path, books, bridge_dsn) -> Iterator[Wire]:
    port = free_port()
    root = os.environ.get("TTCS_BROKER_ROOT")
    broker = Broker(tmp_path / "broker", port, Path(root) if root else None)
    broker.write(PASSWORD)
    keys = load_or_make(tmp_path / "keys")
    url = f"mqtt://{BRIDGE_USER}:{PASSWORD}@127.0.0.1:{port}"
    assert BrokerAddress.parse(url).port == port
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
