"""A real broker, a real database and the bridge as a process of its own, for each test."""

from __future__ import annotations

import configparser
import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from vendor_sides import SIDES, Side
from wire_line import DATABASE, Gateway, OwnServer, Wire, a_gateway, a_line, dsn

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
    with a_line(tmp_path, books, bridge_dsn) as line:
        yield line


@pytest.fixture
def own_server(tmp_path) -> Iterator[OwnServer]:
    folder = tmp_path / "server"
    folder.mkdir()
    made = OwnServer(folder)
    yield made
    made.remove()


@pytest.fixture
def gateway(wire, bridge_dsn) -> Iterator[Gateway]:
    with a_gateway(wire, bridge_dsn) as running:
        yield running


@pytest.fixture(params=sorted(SIDES))
def side(request, gateway) -> Iterator[Side]:
    made = SIDES[request.param](gateway)
    yield made
    made.close()
