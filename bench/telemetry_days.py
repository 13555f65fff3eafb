"""The nightly work on a day of 2,000 devices, and the sweep for those that are silent.

    make bench ARGS=telemetry_days

A sample a minute: 2,880,000 rows.  The baseline of dropping a day is to delete its rows.
"""

from __future__ import annotations

from collections.abc import Callable

import _wire
import psycopg

DEVICES, SAMPLES = 2_000, 1_440
ROWS = DEVICES * SAMPLES
SWEPT = 200_000
# Of other devices, so that both days are alike.
FILL = """
    INSERT INTO ttcs_tele.sample (device_id, ts, boot, seq, received_at, volume, temperature,
        battery, mains, signal, runtime, on_air)
    SELECT 10000 + device, %(day)s + minute * interval '1 minute', 1, minute + 1, %(day)s, 50,
        30 + minute %% 20, 12.5, 220, -70, minute, minute %% 60 < 10
    FROM generate_series(1, %(devices)s) device, generate_series(0, %(samples)s - 1) minute
"""


def main() -> None:
    print("## A day of 2,000 devices, a sample a minute\n")
    print("| Case | Rows | Milliseconds |")
    print("|---|--:|--:|", flush=True)
    with _wire.scratch_database() as (_server, books):
        measure_days(books)
        measure_sweep(books)


def measure_days(books: psycopg.Connection) -> None:
    older, day = books.execute("SELECT current_date - 3, current_date - 2").fetchone()
    for filled in (older, day):
        books.execute(FILL, {"day": filled, "devices": DEVICES, "samples": SAMPLES})
    books.execute("ANALYZE")
    for title in ("Hours and day summed up", "The same again"):
        show(title, ROWS, lambda: books.execute("SELECT ttcs_tele.roll_up(%s)", [day]))
    drop = "SELECT ttcs_tele.drop_partitions(%s::date + 1, '1990-01-01')"
    show("Day dropped", ROWS, lambda: books.execute(drop, [older]))
    assert books.execute("SELECT count(*) FROM ttcs_tele.sample").fetchone()[0] == ROWS
    delete = "DELETE FROM ttcs_tele.sample WHERE ts >= %s AND ts < %s::date + 1"
    show("Baseline: the day deleted", ROWS, lambda: books.execute(delete, [day, day]))


def measure_sweep(books: psycopg.Connection) -> None:
    books.execute(
        "INSERT INTO ttcs_tele.last (device_id, seen_at, online)"
        " SELECT 100000 + n, now() AT TIME ZONE 'UTC' - (n %% 200 = 0)::int * interval '1 hour',"
        " true FROM generate_series(1, %s) n",
        [SWEPT],
    )
    books.execute("ANALYZE")
    for title in ("Sweep, a thousand newly silent", "Sweep, none newly silent"):
        sweep = "SELECT ttcs_tele.sweep_silent('100 seconds')"
        show(title, SWEPT, lambda sweep=sweep: books.execute(sweep))
    books.execute("UPDATE ttcs_tele.last SET seen_at = seen_at - interval '1 hour'")
    show("Sweep, all newly silent", SWEPT, lambda: books.execute(sweep))


def show(title: str, rows: int, action: Callable[[], object]) -> None:
    print(f"| {title} | {rows:,} | {1_000 * _wire.seconds_of(action):,.0f} |", flush=True)


if __name__ == "__main__":
    main()
