"""The database's disk is full: what was acknowledged stays, what was not comes later."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from wire_line import OwnServer, a_line, dsn, eventually, living

DEVICES = 10
DISK_MEGABYTES = 400
# Left free by the ballast: less than a segment of the write-ahead log, so that it cannot grow.
FREE_KILOBYTES = 512
REFUSED = ("No space left on device", "The database does not answer")


@pytest.fixture
def small_server(tmp_path) -> Iterator[OwnServer]:
    folder = tmp_path / "server"
    folder.mkdir()
    made = OwnServer(folder, disk_megabytes=DISK_MEGABYTES)
    yield made
    made.remove()


def fill(folder: Path) -> Path:
    """A file that takes all but a little of the disk."""
    ballast = folder / "ballast"
    left = os.statvfs(folder)
    size = left.f_bavail * left.f_frsize - FREE_KILOBYTES * 1_024
    with ballast.open("wb") as stream:
        os.posix_fallocate(stream.fileno(), 0, size)
    return ballast


def test_a_full_disk_stops_the_line_and_loses_nothing(small_server, tmp_path):
    """Devices keep what nobody acknowledged; once there is room, all of it is there once."""
    names = small_server.names
    with (
        psycopg.connect(dsn(names, "odoo"), autocommit=True) as books,
        a_line(tmp_path, books, dsn(names, "ttcs_bridge")) as line,
    ):
        accounts = line.enrol(DEVICES)
        with living(line, accounts, interval=0.05) as fleet:
            links = list(fleet.links.values())
            ballast = fill(small_server.server.folder)
            log = line.bridge.log
            eventually(lambda: any(word in log.read_text() for word in REFUSED), 120)
            assert line.bridge.process.poll() is None
            ballast.unlink()
            # A server that could not write its log has stopped itself: its keeper starts it.
            eventually(small_server.starts, 60, every=0.5)
            with contextlib.suppress(psycopg.Error):
                line.books.close()
            line.books = psycopg.connect(dsn(names, "odoo"), autocommit=True)
            commands = [line.command(account.code, seconds=300) for account in accounts]
            fleet.interval = 1_000
            for link in links:
                link.drop()  # coming back, a device sends what it does not know to be kept
            eventually(lambda: not any(link.device.held for link in links), 120)
            eventually(lambda: all(line.state(one) == "done" for one in commands), 60)
            numbers = {link.device.code: link.device._number for link in links}
        rows = line.books.execute(
            "SELECT code, count(*), count(DISTINCT seq), max(seq) FROM ttcs_tele.sample"
            " JOIN ttcs_tele.device ON device.id = device_id GROUP BY 1"
        ).fetchall()
        assert {code: counts for code, *counts in rows} == {
            code: [number, number, number] for code, number in numbers.items()
        }
        assert line.quarantine() == {}
        line.books.close()
