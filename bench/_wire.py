"""A broker, a bridge and a scratch database for the benchmarks of the wire."""

from __future__ import annotations

import configparser
import contextlib
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(REPOSITORY), str(REPOSITORY / "tests" / "wire"), str(REPOSITORY / "scripts")]

from wire_line import Process, Wire, a_line, dsn  # noqa: E402

from ttcs_wire.store import upgrade  # noqa: E402

DATABASE = "ttcs_bench_wire"


@dataclass(frozen=True)
class Server:
    """PostgreSQL of the benchmarks, as Odoo's role and as the bridge's."""

    names: dict[str, str]

    @classmethod
    def read(cls) -> Server:
        settings = Path(os.environ["TTCS_BENCH_CONFIG"])
        parser = configparser.ConfigParser(interpolation=None)
        parser.read(settings)
        options = parser["options"]
        return cls(
            {
                "place": f"{options['db_host']}:{options['db_port']}",
                "odoo": options["db_password"],
                "ttcs_bridge": (settings.parent / "bridge.secret").read_text(),
            }
        )

    def connect(self, database: str = DATABASE) -> psycopg.Connection:
        return psycopg.connect(dsn(self.names, "odoo", database), autocommit=True)

    @property
    def bridge_dsn(self) -> str:
        return dsn(self.names, "ttcs_bridge", DATABASE)


@contextlib.contextmanager
def scratch_database() -> Iterator[tuple[Server, psycopg.Connection]]:
    """An empty database with the schema of the wire, dropped in the end."""
    server = Server.read()
    drop = f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)"
    with server.connect("postgres") as connection:
        connection.execute(drop)
        connection.execute(f"CREATE DATABASE {DATABASE} TEMPLATE template0 ENCODING 'UTF8'")
    try:
        with server.connect() as books:
            with books.transaction():
                upgrade(books.cursor())
            books.execute("SELECT ttcs_tele.make_partitions(current_date - 31, 40)")
            yield server, books
    finally:
        with server.connect("postgres") as connection:
            connection.execute(drop)


@contextlib.contextmanager
def a_wire() -> Iterator[tuple[Server, Wire]]:
    """Broker and bridge as shipped, each a process of its own."""
    with scratch_database() as (server, books), tempfile.TemporaryDirectory() as folder:
        with a_line(Path(folder), books, server.bridge_dsn) as line:
            yield server, line


def seconds_of(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def cpu_seconds(process: Process) -> float:
    """CPU that a process has used."""
    fields = Path(f"/proc/{process.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak_memory(process: Process) -> float:
    """MB that a process used at most."""
    status = Path(f"/proc/{process.process.pid}/status").read_text()
    (line,) = [line for line in status.splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) / 1024
