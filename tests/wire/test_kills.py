"""Broker, bridge and database killed in mid-load: nothing lost, nothing doubled, states true.

``TTCS_WIRE_KILLS`` says how often each is killed; the long run asks for twenty.
"""

from __future__ import annotations

import os
import random
import time

import psycopg
import pytest
from wire_line import a_line, dsn, eventually, living

KILLS = int(os.environ.get("TTCS_WIRE_KILLS", "2"))
DEVICES = 30


def kill_broker(wire, server) -> None:
    wire.broker.kill()
    time.sleep(random.uniform(0, 0.5))
    wire.broker.start()
    wire.wait_for_broker()


def kill_bridge(wire, server) -> None:
    wire.bridge.kill()
    time.sleep(random.uniform(0, 0.5))
    wire.bridge.start()


def cut_database(wire, server) -> None:
    """Every connection of the bridge ends in the middle of whatever it was doing."""
    with psycopg.connect(dsn(server, "ttcs_bridge"), autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE usename = 'ttcs_bridge' AND pid <> pg_backend_pid()"
        )


@pytest.mark.parametrize("kill", [kill_broker, kill_bridge, cut_database])
def test_what_was_said_is_kept_once_and_commands_end_truthfully(wire, server, kill):
    live_through(wire, lambda: kill(wire, server))


def test_a_killed_database_server_loses_nothing_that_a_device_was_told_is_kept(
    own_server, tmp_path
):
    """The server itself ends by ``kill -9``, recovers, and the bridge comes back to it."""
    names = own_server.names
    with (
        psycopg.connect(dsn(names, "odoo"), autocommit=True) as books,
        a_line(tmp_path, books, dsn(names, "ttcs_bridge")) as line,
    ):

        def kill() -> None:
            own_server.kill()
            line.books = psycopg.connect(dsn(names, "odoo"), autocommit=True)

        live_through(line, kill)
        line.books.close()


def live_through(wire, kill) -> None:
    """Devices speak and get commands while something is killed again and again."""
    accounts = wire.enrol(DEVICES)
    commands = []
    with living(wire, accounts, interval=0.1) as fleet:
        links = list(fleet.links.values())
        for _ in range(KILLS):
            commands += [wire.command(account.code, seconds=300) for account in accounts]
            time.sleep(random.uniform(0.3, 1.0))
            kill()
            time.sleep(random.uniform(0.5, 1.5))
        fleet.interval = 1_000
        time.sleep(0.3)
        eventually(lambda: all(link.online.is_set() for link in links), 60)
        for link in links:
            link.drop()  # coming back, a device sends what it does not know to be kept
        eventually(lambda: not any(link.device.held for link in links), 90)
        eventually(lambda: all(wire.state(command) == "done" for command in commands), 120)
        numbers = {link.device.code: link.device._number for link in links}
        done = {link.device.code: len(link.device.carried_out) for link in links}
    rows = wire.books.execute(
        "SELECT code, count(*), count(DISTINCT seq), max(seq) FROM ttcs_tele.sample"
        " JOIN ttcs_tele.device ON device.id = device_id GROUP BY 1"
    ).fetchall()
    assert {code: counts for code, *counts in rows} == {
        code: [number, number, number] for code, number in numbers.items()
    }
    assert set(done.values()) == {KILLS}
    assert wire.quarantine() == {}
