"""A real broker, a real database and the bridge as a process of its own, for each test."""

from __future__ import annotations

import configparser
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from wire_line import DATABASE, PASSWORD, Process, Wire, dsn, free_port

from ttcs_wire.broker import BRIDGE_USER, Broker
from ttcs_wire.keys import load_or_make
from ttcs_wire.store import upgrade


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


@pytest.fixture
def wire(tmp_path, books, bridge_dsn) -> Iterator[Wire]:
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
