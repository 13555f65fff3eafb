"""From devices through broker and bridge into the tables."""

from __future__ import annotations

import asyncio
import json
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from wire_line import eventually

from ttcs_wire.bridge import BrokerAddress, Session
from ttcs_wire.contract import up
from ttcs_wire.simulator import Account, Fleet
from ttcs_wire.simulator.fleet import milliseconds


class Raw:
    """A client that says just what it is told to, as one device."""

    def __init__(self, wire, account: Account) -> None:
        self.code = account.code
        self.session = Session(
            BrokerAddress("127.0.0.1", wire.port, account.code, account.password),
            account.code,
            [f"ttcs/v1/{account.code}/down/#"],
        )
        self.session.start()
        assert self.session.connected.wait(10)

    def say(self, kind: str, *messages) -> None:
        for message in messages:
            payload = message if isinstance(message, bytes) else json.dumps(message).encode()
            self.session.publish(up(self.code, kind), payload)

    def stop(self) -> None:
        self.session.stop()


@pytest.fixture
def raw(wire):
    client = Raw(wire, wire.enrol()[0])
    yield client
    client.stop()


def sample(number: int, **values) -> dict:
    return {"boot": 1, "seq": number, "ts": milliseconds(), **values}


def stored(wire) -> list[int]:
    rows = wire.books.execute("SELECT seq FROM ttcs_tele.sample ORDER BY seq").fetchall()
    return [number for (number,) in rows]


def test_a_sample_becomes_a_row_and_the_last_value(wire, raw):
    raw.say("tele", sample(1, vol=40, temp=35.5, flt=["horn"], on_air=True))
    row = eventually(
        lambda: wire.books.execute(
            "SELECT volume, temperature, faults, on_air FROM ttcs_tele.sample"
        ).fetchone()
    )
    assert row == (40, 35.5, ["horn"], True)
    last = "SELECT volume, faults, seq FROM ttcs_tele.last"
    assert wire.books.execute(last).fetchone() == (40, ["horn"], 1)


def test_doubles_and_any_order_leave_each_sample_once_and_the_newest_last(wire, raw):
    samples = [sample(number, vol=number) for number in range(1, 40)]
    for number, one in enumerate(samples):
        one["ts"] += number
    raw.say("tele", *reversed(samples), samples, *samples)
    eventually(lambda: len(stored(wire)) == 39)
    assert stored(wire) == list(range(1, 40))
    assert wire.one("SELECT volume FROM ttcs_tele.last") == 39


def test_what_cannot_be_kept_is_counted_and_holds_up_nothing(wire, raw):
    good = sample(7)
    raw.say(
        "tele",
        b"no json",
        sample(1, ts=milliseconds() + 3_600_000),
        sample(2, ts=1_000),
        b" " * 66_000,
        sample(3, vol=1_000),
        good,
    )
    raw.say("ack", {"id": "01234567-89ab-cdef-0123-456789abcdef", "st": "done"})
    eventually(lambda: stored(wire) == [7])
    counted = eventually(lambda: len(wire.quarantine()) == 5 and wire.quarantine())
    assert counted == {
        "malformed": 2,
        "future": 1,
        "too-old": 1,
        "oversized": 1,
        "unknown-command": 1,
    }
    specimen = "SELECT specimen FROM ttcs_tele.quarantine WHERE reason = 'future'"
    assert b'"seq": 1' in wire.one(specimen)


def test_a_message_that_only_the_database_refuses_is_set_apart_alone(wire, raw):
    """A table with a rule that the contract does not know stands for any such surprise."""
    wire.books.execute("ALTER TABLE ttcs_tele.sample ADD CONSTRAINT odd CHECK (seq <> 13)")
    try:
        raw.say("tele", *(sample(number) for number in range(1, 30)))
        eventually(lambda: len(stored(wire)) == 28)
        assert eventually(wire.quarantine) == {"refused-by-database": 1}
    finally:
        wire.books.execute("ALTER TABLE ttcs_tele.sample DROP CONSTRAINT odd")


def test_a_device_without_a_clock_loses_nothing_and_has_one_time_for_a_sample(wire, raw):
    clockless = [{"boot": 5, "seq": number, "up": number * 1_000} for number in range(1, 4)]
    raw.say("tele", clockless)
    eventually(lambda: len(stored(wire)) == 3)
    wire.bridge.kill()
    wire.bridge.start()
    time.sleep(0.3)
    raw.say("tele", clockless, {"boot": 5, "seq": 4, "up": 4_000})
    eventually(lambda: len(stored(wire)) == 4)
    gaps = (
        "SELECT array_agg(gap) FROM (SELECT extract(epoch FROM ts - lag(ts) OVER (ORDER BY seq))"
    )
    assert wire.one(f"{gaps}::int AS gap FROM ttcs_tele.sample) AS _") == [None, 1, 1, 1]


def test_a_device_shut_out_is_gone_at_once_and_cannot_come_back(wire, raw):
    raw.say("tele", sample(1))
    eventually(lambda: stored(wire) == [1])
    begin = time.monotonic()
    wire.books.execute("UPDATE ttcs_tele.device SET active = false WHERE code = %s", [raw.code])
    wire.books.execute(
        "INSERT INTO ttcs_tele.credential (device, act) VALUES (%s, 'shut_out')", [raw.code]
    )
    eventually(lambda: not raw.session.connected.is_set(), 5)
    assert time.monotonic() - begin < 2
    time.sleep(1.5)
    assert not raw.session.connected.is_set()
    wire.books.execute("UPDATE ttcs_tele.device SET active = true WHERE code = %s", [raw.code])
    wire.books.execute(
        "INSERT INTO ttcs_tele.credential (device, act) VALUES (%s, 'let_in')", [raw.code]
    )
    assert raw.session.connected.wait(20)
    raw.say("tele", sample(2))
    eventually(lambda: stored(wire) == [1, 2])


def test_a_device_speaks_for_itself_alone(wire):
    own, other = wire.enrol(2)
    client = Raw(wire, own)
    client.session.publish(up(other.code, "tele"), json.dumps(sample(1)).encode())
    client.stop()
    spy = Session(
        BrokerAddress("127.0.0.1", wire.port, own.code, own.password),
        own.code,
        ["ttcs/v1/+/down/#", f"ttcs/v1/{other.code}/down/#"],
        receive=lambda message, link: heard.append(message.topic),
    )
    heard: list[str] = []
    spy.start()
    assert spy.connected.wait(10)
    wire.command(other.code)
    time.sleep(1)
    spy.stop()
    assert heard == []
    assert wire.one("SELECT count(*) FROM ttcs_tele.sample") == 0


@pytest.mark.parametrize("password", ["", "wrong", "secret-1"])
def test_a_stranger_is_not_let_in(wire, password):
    account = wire.enrol(2)[0]
    session = Session(
        BrokerAddress("127.0.0.1", wire.port, account.code, password), account.code, []
    )
    session.start()
    assert not session.connected.wait(1)
    session.stop()


def test_the_state_of_an_older_start_or_link_never_covers_a_newer_one(wire, raw):
    raw.say(
        "state",
        {"on": True, "boot": 2, "link": 2, "seq": 1, "fw": "new"},
        {"on": False, "boot": 2, "link": 1},
        {"on": True, "boot": 1, "link": 9, "seq": 9, "fw": "old"},
    )
    state = "SELECT online, firmware FROM ttcs_tele.last"
    eventually(lambda: wire.books.execute(state).fetchone() == (True, "new"))
    raw.say("tele", sample(1))
    eventually(lambda: stored(wire) == [1])
    assert wire.books.execute(state).fetchone() == (True, "new")
    raw.say("state", {"on": False, "boot": 2, "link": 2})
    eventually(lambda: wire.books.execute(state).fetchone() == (False, "new"))


def test_a_device_that_lost_its_memory_begins_anew(wire, raw):
    """Its numbers come again; what it says now is kept, and it is not told to forget it."""
    raw.say("state", {"on": True, "boot": 1, "link": 1, "seq": 1, "held": 1})
    raw.say("tele", *(sample(number) for number in range(1, 10)))
    kept = "SELECT kept::text FROM ttcs_tele.boot"
    eventually(lambda: wire.one("SELECT count(*) FROM ttcs_tele.boot"))
    eventually(lambda: wire.one(kept) == "{[0,10)}")
    raw.say("state", {"on": True, "boot": 1, "link": 2, "seq": 7})
    raw.say("state", {"on": False, "boot": 1, "link": 2})
    raw.say("state", {"on": True, "boot": 1, "link": 1, "seq": 1, "held": 1, "fw": "again"})
    raw.say("tele", sample(1), sample(2))
    eventually(lambda: wire.one(kept) == "{[0,3)}")
    last = wire.books.execute("SELECT online, firmware FROM ttcs_tele.last").fetchone()
    assert last == (True, "again")
    assert wire.one("SELECT count(*) FROM ttcs_tele.sample") == 11


def test_the_bridge_may_touch_nothing_but_its_tables(wire, bridge_dsn):
    wire.books.execute("CREATE TABLE IF NOT EXISTS res_users (id integer)")
    wire.enrol()
    command = wire.command(wire.one("SELECT code FROM ttcs_tele.device"))
    refused = [
        "SELECT 1 FROM res_users",
        "UPDATE ttcs_tele.device SET active = true",
        "INSERT INTO ttcs_tele.device VALUES (99, 'x', true)",
        f"UPDATE ttcs_tele.command SET arguments = '{{}}' WHERE id = '{command}'",
        f"UPDATE ttcs_tele.command SET device_id = 1 WHERE id = '{command}'",
        "DELETE FROM ttcs_tele.sample",
        "UPDATE ttcs_tele.sample SET volume = 1",
        "DELETE FROM ttcs_tele.command_move",
        "INSERT INTO ttcs_tele.command_move (command_id, state) VALUES (gen_random_uuid(), '')",
        "CREATE TABLE public.mine (id integer)",
        "CREATE TABLE ttcs_tele.mine (id integer)",
        "SELECT ttcs_tele.drop_partitions(current_date, current_date)",
    ]
    with psycopg.connect(bridge_dsn, autocommit=True) as connection:
        for statement in refused:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)


def test_a_fleet_tells_and_forgets_only_what_is_kept(wire):
    """Simulated devices, one without a clock, one that repeats itself, one out of order."""
    accounts = wire.enrol(20)

    async def live() -> Fleet:
        fleet = Fleet(accounts, "127.0.0.1", wire.port, interval=0.2, back_off=0.2)
        devices = [link.device for link in fleet.links.values()]
        devices[0].faults.clockless = True
        devices[1].faults.repeats = 2
        devices[2].faults.shuffled = True
        running = asyncio.ensure_future(fleet.run())
        assert await fleet.until_online(20) == 20
        for _ in range(5):
            await asyncio.sleep(0.6)
            for link in fleet.links.values():
                link.drop()
        fleet.interval = 1_000
        await fleet.until_online(20)
        for _ in range(100):
            if not any(device.held for device in devices):
                break
            await asyncio.sleep(0.1)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        return fleet

    # A thread of its own: a browser test before may have left a loop running in this one.
    with ThreadPoolExecutor(1) as apart:
        fleet = apart.submit(lambda: asyncio.run(live())).result()
    numbers = {code: link.device._number for code, link in fleet.links.items()}
    held = {code: link.device.held for code, link in fleet.links.items() if link.device.held}
    assert held == {}
    rows = wire.books.execute(
        "SELECT code, count(*), max(seq) FROM ttcs_tele.sample JOIN ttcs_tele.device"
        " ON device.id = device_id GROUP BY 1"
    ).fetchall()
    assert {code: (count, highest) for code, count, highest in rows} == {
        code: (number, number) for code, number in numbers.items()
    }
    assert wire.quarantine() == {}


def test_a_code_that_nobody_enrolled_is_counted(wire, raw):
    """The broker may still know a device that the books have forgotten."""
    wire.books.execute("DELETE FROM ttcs_tele.device WHERE code = %s", [raw.code])
    wire.bridge.kill()
    wire.bridge.start()
    raw.say("tele", sample(1))
    assert eventually(wire.quarantine, 40) == {"unknown-device": 1}
    assert stored(wire) == []
