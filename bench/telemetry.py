"""How much devices may say, and how quickly an emergency reaches them.

    make bench ARGS=telemetry

Prints Markdown tables.  From the broker into committed rows through the bridge as it is shipped,
beside COPY into the same table (the limit), execute_values and single inserts with a commit each;
commands to 2,000 simulated devices, alone and behind 20,000 others; the nightly work on a day of
2,880,000 samples.  Broker, bridge and devices are processes of their own on a scratch database.
"""

from __future__ import annotations

import asyncio
import configparser
import json
import os
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg
import psycopg2
from psycopg2.extras import execute_values

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(REPOSITORY / "tests" / "wire"), str(REPOSITORY / "scripts")]

from wire_line import Process, Wire, a_line, dsn, eventually  # noqa: E402

from ttcs_wire.simulator import Account  # noqa: E402
from ttcs_wire.store import upgrade  # noqa: E402

DATABASE = "ttcs_bench_wire"
SPEAKERS, SAMPLES = 50, 60_000
WINDOW = 100
FLEET, NORMAL = 2_000, 10
DAY_DEVICES, DAY_SAMPLES = 2_000, 1_440
SWEPT = 200_000
COLUMNS = "device_id, ts, boot, seq, received_at, volume, temperature, battery, signal"


def main() -> None:
    server = read_server()
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        prepare_database(server)
        books = psycopg.connect(dsn(server, "odoo", DATABASE), autocommit=True)
        bridge_dsn = dsn(server, "ttcs_bridge", DATABASE)
        with a_line(Path(folder), books, bridge_dsn) as line:
            print("## From the broker into rows\n")
            measure_intake(server, line)
            print("\n## Commands to 2,000 devices\n")
            measure_commands(line, Path(folder))
        print("\n## A day of 2,000 devices, a sample a minute\n")
        measure_storage(books)
        books.close()
    with psycopg.connect(dsn(server, "odoo", "postgres"), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")


def read_server() -> dict[str, str]:
    settings = Path(os.environ["TTCS_BENCH_CONFIG"])
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(settings)
    options = parser["options"]
    return {
        "place": f"{options['db_host']}:{options['db_port']}",
        "odoo": options["db_password"],
        "ttcs_bridge": (settings.parent / "bridge.secret").read_text(),
    }


def prepare_database(server: dict[str, str]) -> None:
    with psycopg.connect(dsn(server, "odoo", "postgres"), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {DATABASE} TEMPLATE template0 ENCODING 'UTF8'")
    with psycopg.connect(dsn(server, "odoo", DATABASE)) as connection:
        upgrade(connection.cursor())
        connection.execute("SELECT ttcs_tele.make_partitions(current_date - 31, 40)")


# Intake ---------------------------------------------------------------------------------------


def measure_intake(server: dict[str, str], line: Wire) -> None:
    accounts = line.enrol(SPEAKERS)
    cpu = cpu_seconds(line.bridge)
    started = time.perf_counter()
    asyncio.run(say(accounts, line.port))
    eventually(lambda: line.one("SELECT count(*) FROM ttcs_tele.sample") >= SAMPLES, 120)
    seconds = time.perf_counter() - started
    cpu = cpu_seconds(line.bridge) - cpu
    assert line.one("SELECT count(*) FROM ttcs_tele.sample") == SAMPLES
    print("| case | rows | rows/s | CPU of the bridge, µs a row | peak memory, MB |")
    print("|---|--:|--:|--:|--:|")
    print(
        f"| broker → bridge (paho) → committed rows | {SAMPLES:,} | {SAMPLES / seconds:,.0f} |"
        f" {1e6 * cpu / SAMPLES:.0f} | {peak_memory(line.bridge):.0f} |",
        flush=True,
    )
    rows = [
        (1, f"2026-01-01 {n // 3600:02}:{n // 60 % 60:02}:{n % 60:02}", 1, n, "2026-01-01")
        + (50, 35.5, 12.6, -70)
        for n in range(SAMPLES)
    ]
    with closing(psycopg2.connect(dsn(server, "odoo", DATABASE))) as connection:
        show("limit: COPY into the same table", len(rows), lambda: copy(line.books, rows))
        few = rows[: SAMPLES // 3]
        show("execute_values, commits of 1,000", len(few), lambda: by_values(connection, few))
        few = rows[: SAMPLES // 30]
        show("one insert and commit each", len(few), lambda: one_by_one(connection, few))


def show(title: str, rows: int, action: Callable[[], None]) -> None:
    started = time.perf_counter()
    action()
    seconds = time.perf_counter() - started
    print(f"| {title} | {rows:,} | {rows / seconds:,.0f} | | |", flush=True)


def copy(books: psycopg.Connection, rows: list[tuple]) -> None:
    for first in range(0, len(rows), 1_000):
        with (
            books.transaction(),
            books.cursor().copy(f"COPY ttcs_tele.sample ({COLUMNS}) FROM STDIN") as stream,
        ):
            for row in rows[first : first + 1_000]:
                stream.write_row((2, *row[1:]))


def by_values(connection, rows: list[tuple]) -> None:
    with connection.cursor() as cursor:
        for first in range(0, len(rows), 1_000):
            values = [(3, *row[1:]) for row in rows[first : first + 1_000]]
            execute_values(
                cursor, f"INSERT INTO ttcs_tele.sample ({COLUMNS}) VALUES %s", values, None, 1_000
            )
            connection.commit()


def one_by_one(connection, rows: list[tuple]) -> None:
    marks = ", ".join(["%s"] * len(rows[0]))
    with connection.cursor() as cursor:
        for row in rows:
            cursor.execute(
                f"INSERT INTO ttcs_tele.sample ({COLUMNS}) VALUES ({marks})", (4, *row[1:])
            )
            connection.commit()


async def say(accounts: list[Account], port: int) -> None:
    """Let all speak at once, each as fast as the broker acknowledges."""
    await asyncio.gather(*(speak(account, port) for account in accounts))


async def speak(account: Account, port: int) -> None:
    """Samples of one device over a bare socket: a client library would be the slowest part."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(connect_packet(account))
    await reader.readexactly(2)
    topic = f"ttcs/v1/{account.code}/up/tele".encode()
    now = time.time_ns() // 1_000_000
    share = SAMPLES // SPEAKERS
    in_flight = asyncio.Semaphore(WINDOW)
    acknowledged = asyncio.Event()

    async def listen() -> None:
        answered = 0
        while answered < share:
            head = await reader.readexactly(2)
            await reader.readexactly(head[1])
            if head[0] == 0x40:
                answered += 1
                in_flight.release()
        acknowledged.set()

    listening = asyncio.ensure_future(listen())
    for number in range(1, share + 1):
        await in_flight.acquire()
        sample = {
            "boot": 1,
            "seq": number,
            "ts": now - 1_000 * (share - number),
            "vol": 50,
            "temp": 35.5,
            "bat": 12.6,
            "rssi": -70,
        }
        writer.write(publish_packet(topic, number, json.dumps(sample).encode()))
    await acknowledged.wait()
    listening.cancel()
    writer.close()


def connect_packet(account: Account) -> bytes:
    """MQTT 5 CONNECT with a clean start, without properties."""
    fields = b"".join(text(part) for part in (account.code, account.code, account.password))
    body = text("MQTT") + bytes([5, 0b1100_0010]) + struct.pack(">H", 60) + b"\0" + fields
    return b"\x10" + length(len(body)) + body


def publish_packet(topic: bytes, number: int, payload: bytes) -> bytes:
    """MQTT 5 PUBLISH at QoS 1, without properties."""
    body = struct.pack(">H", len(topic)) + topic + struct.pack(">H", number) + b"\0" + payload
    return b"\x32" + length(len(body)) + body


def text(content: str) -> bytes:
    data = content.encode()
    return struct.pack(">H", len(data)) + data


def length(size: int) -> bytes:
    """The variable-length number of MQTT.

    >>> length(127), length(128)
    (b'\\x7f', b'\\x80\\x01')
    """
    out = bytearray()
    while True:
        size, low = divmod(size, 128)
        out.append(low | (128 if size else 0))
        if not size:
            return bytes(out)


# Commands -------------------------------------------------------------------------------------


def measure_commands(line: Wire, folder: Path) -> None:
    accounts = line.enrol(FLEET)
    file = folder / "fleet.jsonl"
    told = [{"code": one.code, "password": one.password, "keys": one.keys} for one in accounts]
    file.write_text("".join(json.dumps(one) + "\n" for one in told))
    started = time.perf_counter()
    fleet = subprocess.Popen(
        [sys.executable, "-m", "ttcs_wire.simulator", f"mqtt://127.0.0.1:{line.port}", file]
        + ["--interval", "3600"]
    )
    try:
        online = "SELECT count(*) FROM ttcs_tele.last WHERE online"
        eventually(lambda: line.one(online) >= FLEET, 180)
        print(f"{FLEET:,} devices connected in {time.perf_counter() - started:.1f} s.\n")
        print("| case | commands | last device has it, s | all answers stored, s |")
        print("|---|--:|--:|--:|")
        show_order(line, "emergency alone", 1)
        queue(line, 5, "volume", NORMAL, 0)
        show_order(line, f"emergency behind {FLEET * NORMAL:,} others", 2)
    finally:
        fleet.terminate()
        fleet.wait(timeout=30)


def queue(line: Wire, lane: int, operation: str, times: int, order: int) -> None:
    """Commands to all of the fleet, as an order of the books writes them."""
    line.books.execute(
        """
        INSERT INTO ttcs_tele.command (id, order_id, device_id, lane, operation, arguments,
            not_before, expires_at, next_at)
        SELECT gen_random_uuid(), NULLIF(%s, 0), last.device_id, %s, %s, '{"level": 50}',
            at, at + interval '10 minutes', at
        FROM ttcs_tele.last, generate_series(1, %s),
            LATERAL (SELECT now() AT TIME ZONE 'UTC' AS at) moment
        WHERE last.online
        """,
        [order, lane, operation, times],
    )


def show_order(line: Wire, title: str, order: int) -> None:
    queue(line, 0, "volume", 1, order)
    ended = "SELECT count(*) FROM ttcs_tele.command WHERE order_id = %s AND state = 'done'"
    eventually(lambda: line.one(ended, order) == FLEET, 120)
    has, done = line.books.execute(
        """
        SELECT extract(epoch FROM max(move.at) FILTER (WHERE move.state <> 'done')
                - min(command.queued_at)),
            extract(epoch FROM max(move.at) - min(command.queued_at))
        FROM ttcs_tele.command JOIN ttcs_tele.command_move move ON move.command_id = command.id
        WHERE command.order_id = %s AND move.state IN ('sent', 'received', 'done')
        """,
        [order],
    ).fetchone()
    print(f"| {title} | {FLEET:,} | {has:.2f} | {done:.2f} |", flush=True)


# Storage --------------------------------------------------------------------------------------


def measure_storage(books: psycopg.Connection) -> None:
    day = books.execute("SELECT current_date - 2").fetchone()[0]
    books.execute(
        """
        INSERT INTO ttcs_tele.sample (device_id, ts, boot, seq, received_at, volume, temperature,
            battery, mains, signal, runtime, on_air)
        SELECT 10000 + device, %s + minute * interval '1 minute', 1, minute + 1, %s, 50,
            30 + minute %% 20, 12.5, 220, -70, minute, minute %% 60 < 10
        FROM generate_series(1, %s) device, generate_series(0, %s - 1) minute
        """,
        [day, day, DAY_DEVICES, DAY_SAMPLES],
    )
    books.execute(
        "INSERT INTO ttcs_tele.last (device_id, seen_at, online)"
        " SELECT 100000 + n, now() - (n %% 2) * interval '1 hour', true"
        " FROM generate_series(1, %s) n",
        [SWEPT],
    )
    books.execute("ANALYZE")
    print("| case | rows | milliseconds |")
    print("|---|--:|--:|")
    one_day = (
        "SELECT ts, temperature FROM ttcs_tele.sample WHERE device_id = 10500"
        " AND ts >= %s AND ts < %s::date + 1"
    )
    timed("a device's day", DAY_SAMPLES, lambda: books.execute(one_day, [day, day]).fetchall())
    timed(
        "hours and day summed up",
        DAY_DEVICES * DAY_SAMPLES,
        lambda: books.execute("SELECT ttcs_tele.roll_up(%s)", [day]),
    )
    timed(
        "the same again",
        DAY_DEVICES * DAY_SAMPLES,
        lambda: books.execute("SELECT ttcs_tele.roll_up(%s)", [day]),
    )
    timed(
        "sweep for silent devices, none newly silent",
        SWEPT,
        lambda: books.execute("SELECT ttcs_tele.sweep_silent('2 hours')"),
    )
    timed(
        "sweep, half of them newly silent",
        SWEPT,
        lambda: books.execute("SELECT ttcs_tele.sweep_silent('100 seconds')"),
    )
    timed(
        "drop of the day",
        DAY_DEVICES * DAY_SAMPLES,
        lambda: books.execute(
            "SELECT ttcs_tele.drop_partitions(%s::date + 1, '1990-01-01')", [day]
        ),
    )


def timed(title: str, rows: int, action: Callable[[], object]) -> None:
    started = time.perf_counter()
    action()
    print(f"| {title} | {rows:,} | {1_000 * (time.perf_counter() - started):,.0f} |", flush=True)


def cpu_seconds(process: Process) -> float:
    """CPU that a process has used."""
    fields = Path(f"/proc/{process.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak_memory(process: Process) -> float:
    """MB."""
    status = Path(f"/proc/{process.process.pid}/status").read_text()
    (line,) = [line for line in status.splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    main()
