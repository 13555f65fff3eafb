"""How quickly an emergency reaches a province, and how it comes back after a power cut.

    make bench ARGS=commands

2,000 simulated devices in a process of their own, with a real broker and the bridge as shipped:
an emergency alone and behind 20,000 other commands, by the clock of the database; then the broker
is killed, and all come back at once.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from collections.abc import Iterator

import _wire
from wire_line import Process, Wire, eventually

from ttcs_wire.simulator import Account

FLEET, NORMAL = 2_000, 10
ONLINE = "SELECT count(*) FROM ttcs_tele.last WHERE online"


def main() -> None:
    print(f"## Commands to {FLEET:,} devices\n")
    with _wire.a_wire() as (_server, line), a_fleet(line, line.enrol_province(FLEET)) as fleet:
        began = time.perf_counter()
        eventually(lambda: line.one(ONLINE) >= FLEET, 180)
        print("| Case | Commands | Last device has it, s | All answers stored, s |")
        print("|---|--:|--:|--:|", flush=True)
        print(f"| All connect for the first time | | {time.perf_counter() - began:.1f} | |")
        show_order(line, "Emergency in the same moment", 1)
        for turn in range(3):
            show_order(line, "Emergency alone", 2 + turn)
        for turn in range(3):
            queue(line, 5, NORMAL, 0)
            show_order(line, f"Emergency behind {FLEET * NORMAL:,} others", 11 + turn)
            eventually(lambda: not line.one(WAITING), 300)
        show_return(line)
        bridge = f"bridge {_wire.peak_memory(line.bridge):.0f} MB"
        broker = f"broker {_wire.peak_memory(line.broker):.0f} MB"
        print(f"\nPeak memory: {bridge}, {broker}, devices {_wire.peak_memory(fleet):.0f} MB.")


WAITING = "SELECT count(*) FROM ttcs_tele.command WHERE state IN ('queued', 'sent', 'received')"


@contextlib.contextmanager
def a_fleet(line: Wire, accounts: list[Account]) -> Iterator[Process]:
    file = line.folder / "fleet.jsonl"
    told = [{"code": one.code, "password": one.password, "keys": one.keys} for one in accounts]
    file.write_text("".join(json.dumps(one) + "\n" for one in told))
    address = f"mqtt://127.0.0.1:{line.port}"
    program = [sys.executable, "-m", "ttcs_wire.simulator", address, str(file)]
    fleet = Process([*program, "--interval", "60"], dict(os.environ), line.folder / "fleet.log")
    fleet.start()
    try:
        yield fleet
    finally:
        fleet.stop()


def queue(line: Wire, lane: int, times: int, order: int) -> None:
    """Commands to all of the fleet, as an order of the books writes them."""
    line.books.execute(
        """
        INSERT INTO ttcs_tele.command (id, order_id, device_id, lane, operation, arguments,
            not_before, expires_at, next_at)
        SELECT gen_random_uuid(), NULLIF(%s, 0), last.device_id, %s, 'volume', '{"level": 50}',
            at, at + interval '10 minutes', at
        FROM ttcs_tele.last, generate_series(1, %s),
            LATERAL (SELECT now() AT TIME ZONE 'UTC' AS at) moment
        WHERE last.online
        """,
        [order, lane, times],
    )


def show_order(line: Wire, title: str, order: int) -> None:
    queue(line, 0, 1, order)
    ended = "SELECT count(*) FROM ttcs_tele.command WHERE order_id = %s AND state = 'done'"
    eventually(lambda: line.one(ended, order) == FLEET, 120)
    has, done = line.books.execute(
        """
        SELECT extract(epoch FROM max(move.at) FILTER (WHERE move.state = 'received')
                - min(command.queued_at)),
            extract(epoch FROM max(move.at) - min(command.queued_at))
        FROM ttcs_tele.command JOIN ttcs_tele.command_move move ON move.command_id = command.id
        WHERE command.order_id = %s
        """,
        [order],
    ).fetchone()
    print(f"| {title} | {FLEET:,} | {has or done:.2f} | {done:.2f} |", flush=True)


def show_return(line: Wire) -> None:
    """All connections are lost at once; how long until every device is back."""
    links = "CREATE TEMP TABLE link AS SELECT device_id, state_link FROM ttcs_tele.last"
    line.books.execute(links)
    line.broker.kill()
    began = time.perf_counter()
    line.broker.start()
    returned = (
        "SELECT count(*) FROM ttcs_tele.last JOIN link USING (device_id)"
        " WHERE online AND last.state_link > link.state_link"
    )
    eventually(lambda: line.one(returned) >= FLEET, 300)
    title = "Broker killed, all come back within 5 s at random"
    print(f"| {title} | | {time.perf_counter() - began:.1f} | |")


if __name__ == "__main__":
    main()
