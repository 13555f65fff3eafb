"""How much devices may say: from the broker into committed rows.

    make bench ARGS=telemetry

Broker, bridges, devices and PostgreSQL are processes of their own on this machine.  Beside the
bridge as it is shipped, and two of it that share the subscription: COPY into the same table (the
limit), execute_values, and an Odoo controller with a model that takes one sample a request.
"""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import _target
import _wire
import psycopg
import psycopg2
from psycopg2.extras import execute_values

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests" / "browser"))

from odoo_server import OdooServer  # noqa: E402
from wire_line import Process, Wire, dsn, eventually  # noqa: E402

from ttcs_wire.simulator import Account  # noqa: E402

SPEAKERS, SHARE = 50, 2_400
SAMPLES = SPEAKERS * SHARE
ROUNDS = 3
# An Odoo controller is asked by so many devices at a time.
ASKING = 4
ASKED = 600
COLUMNS = "device_id, ts, boot, seq, received_at, volume, temperature, battery, signal"


def main() -> None:
    print("## From the broker into committed rows\n")
    print("| Case | Rows | Rows/s | CPU of the bridge, µs a row | Peak memory, MB |")
    print("|---|--:|--:|--:|--:|", flush=True)
    with _wire.a_wire() as (server, line):
        accounts = line.enrol_province(2 * ROUNDS * SPEAKERS)
        for turn in range(ROUNDS):
            title = f"Broker, bridge (paho), rows; {turn + 1} of {ROUNDS}"
            show_intake(title, line, accounts, [line.bridge])
        with a_second_bridge(line) as second:
            for turn in range(ROUNDS):
                bridges = [line.bridge, second]
                show_intake(f"Two bridges; {turn + 1} of {ROUNDS}", line, accounts, bridges)
        measure_peers(server, line.books)
    measure_controller()


def show_intake(title: str, line: Wire, accounts: list[Account], bridges: list[Process]) -> None:
    """Samples of the next devices, until all are committed."""
    wait_for_bridges(line, len(bridges))
    speakers = [accounts.pop() for _ in range(SPEAKERS)]
    told = [{"code": account.code, "password": account.password} for account in speakers]
    file = line.folder / "speakers.jsonl"
    file.write_text("".join(json.dumps(one) + "\n" for one in told))
    before = line.one("SELECT count(*) FROM ttcs_tele.sample")
    speaking = subprocess.Popen(
        [sys.executable, HERE / "_speaker.py", str(line.port), file, str(SHARE)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert speaking.stdout.readline() == "ready\n"
    cpu = sum(map(_wire.cpu_seconds, bridges))

    def speak() -> None:
        speaking.communicate("go\n")
        arrived = "SELECT count(*) FROM ttcs_tele.sample"
        eventually(lambda: line.one(arrived) - before >= SAMPLES, 120)

    seconds = _wire.seconds_of(speak)
    cpu = sum(map(_wire.cpu_seconds, bridges)) - cpu
    assert line.one("SELECT count(*) FROM ttcs_tele.sample") - before == SAMPLES
    peak = " + ".join(f"{_wire.peak_memory(process):.0f}" for process in bridges)
    rate = f"{SAMPLES / seconds:,.0f} | {1e6 * cpu / SAMPLES:.0f}"
    print(f"| {title} | {SAMPLES:,} | {rate} | {peak} |", flush=True)


def wait_for_bridges(line: Wire, count: int) -> None:
    """Until so many bridges hold their connections to the broker, one up and one down each."""
    port = f"{line.port:04X}"

    def connected() -> bool:
        lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
        states = [fields for fields in map(str.split, lines) if fields[3] == "01"]
        return sum(fields[1].endswith(f":{port}") for fields in states) == 2 * count

    eventually(connected, 60)


class a_second_bridge:  # noqa: N801 - a context, as ``a_line``
    """Another bridge on the same shared subscription."""

    def __init__(self, line: Wire) -> None:
        first = line.bridge
        environment = {**first.environment, "TTCS_BRIDGE_NAME": "ttcs-bridge-2"}
        self.process = replace(
            first, environment=environment, log=line.folder / "second.log", process=None
        )

    def __enter__(self) -> Process:
        self.process.start()
        return self.process

    def __exit__(self, *_) -> None:
        self.process.stop()


# Peers ----------------------------------------------------------------------------------------


def measure_peers(server: _wire.Server, books: psycopg.Connection) -> None:
    rows = [
        (1, f"2026-01-01 {n // 3600:02}:{n // 60 % 60:02}:{n % 60:02}", 1, n, "2026-01-01")
        + (50, 35.5, 12.6, -70)
        for n in range(SAMPLES // 2)
    ]
    with closing(psycopg2.connect(dsn(server.names, "odoo", _wire.DATABASE))) as connection:
        show("Limit: COPY into the same table, commits of 1,000", rows, lambda: copy(books, rows))
        few = rows[: len(rows) // 3]
        show("execute_values, commits of 1,000", few, lambda: by_values(connection, few))


def show(title: str, rows: list, action: Callable[[], None]) -> None:
    seconds = _wire.seconds_of(action)
    print(f"| {title} | {len(rows):,} | {len(rows) / seconds:,.0f} | | |", flush=True)


def copy(books: psycopg.Connection, rows: list[tuple]) -> None:
    for first in range(0, len(rows), 1_000):
        with (
            books.transaction(),
            books.cursor().copy(f"COPY ttcs_tele.sample ({COLUMNS}) FROM STDIN") as stream,
        ):
            for row in rows[first : first + 1_000]:
                stream.write_row((900_001, *row[1:]))


def by_values(connection, rows: list[tuple]) -> None:
    with connection.cursor() as cursor:
        for first in range(0, len(rows), 1_000):
            values = [(900_002, *row[1:]) for row in rows[first : first + 1_000]]
            execute_values(
                cursor, f"INSERT INTO ttcs_tele.sample ({COLUMNS}) VALUES %s", values, None, 1_000
            )
            connection.commit()


class ControllerServer(OdooServer):
    """An Odoo that installs the baseline's add-on as it starts."""

    def _command(self, *words: str) -> list[str]:
        path = f"{self._options['addons_path']},{HERE / 'peer_addons'}"
        return [*super()._command(*words), "--addons-path", path, "-i", "bench_telemetry"]


def measure_controller() -> None:
    """The usual way in Odoo: a request, a record and a commit for each sample."""
    with tempfile.TemporaryDirectory() as folder:
        server = ControllerServer(Path(_target.SETTINGS), _target.EMPTY, Path(folder))
        try:
            server.copy_database()
            server.start()
            ask(server.port, 20)
            rows = list(range(ASKED))
            show(f"Odoo controller, {ASKING} devices at a time", rows, lambda: crowd(server.port))
            [(stored,)] = server.query("SELECT count(*) FROM bench_telemetry_sample")
            assert stored == ASKED + 20, stored
        finally:
            server.kill()
            server.drop_database()


def crowd(port: int) -> None:
    threads = [threading.Thread(target=ask, args=[port, ASKED // ASKING]) for _ in range(ASKING)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def ask(port: int, times: int) -> None:
    connection = http.client.HTTPConnection("localhost", port, timeout=60)
    for number in range(times):
        params = {"device": os.getpid(), "seq": number, "volume": 50, "temperature": 35.5}
        connection.request(
            "POST",
            "/bench/telemetry",
            json.dumps({"params": params}),
            {"Content-Type": "application/json"},
        )
        assert b'"result": true' in connection.getresponse().read()


if __name__ == "__main__":
    main()
