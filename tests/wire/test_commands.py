"""Commands down to simulated devices: signed, once, in time, and told truthfully."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator

import psycopg
import pytest
from wire_line import eventually, living

from ttcs_wire.contract import Command, from_milliseconds
from ttcs_wire.keys import BridgeKeys


@pytest.fixture
def one(wire) -> Iterator:
    (account,) = wire.enrol()
    with living(wire, [account]) as fleet:
        yield fleet.links[account.code]


def test_a_command_is_carried_out_once_and_answered(wire, one):
    command = wire.command(one.device.code, arguments='{"level": 77}')
    eventually(lambda: wire.state(command) == "done")
    assert one.device.volume == 77
    assert len(one.device.carried_out) == 1
    states = wire.states(command)
    assert states[0] == "queued" and states[-1] == "done"
    assert set(states) <= {"queued", "sent", "received", "done"}


def test_the_same_command_sent_again_is_not_carried_out_again(wire, one):
    command = wire.command(one.device.code)
    eventually(lambda: wire.state(command) == "done")
    payload = one.device.carried_out[0]
    for _ in range(3):
        again = Command(
            payload["id"],
            payload["dev"],
            payload["op"],
            from_milliseconds(payload["nbf"]),
            from_milliseconds(payload["exp"]),
            payload["args"],
        )
        answers = one.device.receive("cmd", wire.keys.signer().envelope("cmd", again.body()))
        assert len(answers) == 2
    assert len(one.device.carried_out) == 1


def test_a_device_that_is_away_gets_it_when_it_returns(wire):
    (account,) = wire.enrol()
    with living(wire, [account]):
        pass
    eventually(lambda: not wire.one("SELECT bool_or(online) FROM ttcs_tele.last"))
    command = wire.command(account.code, seconds=120)
    eventually(lambda: wire.state(command) == "sent")
    time.sleep(0.5)
    assert wire.state(command) == "sent"
    with living(wire, [account]) as fleet:
        eventually(lambda: wire.state(command) == "done")
        assert len(fleet.links[account.code].device.carried_out) == 1


def test_a_device_that_never_connected_leaves_it_queued_until_it_expires(wire):
    (account,) = wire.enrol()
    command = wire.command(account.code, seconds=3)
    time.sleep(1)
    assert wire.state(command) == "queued"
    eventually(lambda: wire.state(command) == "expired")
    with living(wire, [account]) as fleet:
        time.sleep(0.5)
        assert fleet.links[account.code].device.carried_out == []
    assert wire.states(command) == ["queued", "expired"]


def test_an_answer_after_the_end_is_noted_and_changes_no_state(wire, one):
    one.device.faults.slow = 3
    command = wire.command(one.device.code, seconds=1)
    eventually(lambda: wire.state(command) == "expired")
    eventually(lambda: wire.one("SELECT answer FROM ttcs_tele.command") == "done")
    assert wire.state(command) == "expired"


def test_a_deaf_device_is_asked_again_and_the_command_expires(wire, one):
    one.device.faults.deaf = True
    command = wire.command(one.device.code, seconds=8)
    eventually(lambda: wire.one("SELECT tries FROM ttcs_tele.command") >= 2, 10)
    eventually(lambda: wire.state(command) == "expired", 12)
    assert wire.states(command) == ["queued", "sent", "expired"]


def test_what_a_device_refuses_is_told_with_its_reason(wire, one):
    drill = wire.command(one.device.code, mode="exercise")
    odd = wire.command(one.device.code, operation="dance")
    eventually(lambda: wire.state(drill) == wire.state(odd) == "refused")
    codes = "SELECT code FROM ttcs_tele.command WHERE id = %s"
    assert wire.one(codes, drill) == "not-in-test-mode"
    assert wire.one(codes, odd) == "unknown"
    assert one.device.carried_out[-1]["op"] == "dance"


def test_a_command_for_later_waits_for_its_time(wire, one):
    command = wire.command(one.device.code, after=2)
    time.sleep(1)
    assert wire.states(command) == ["queued"]
    eventually(lambda: wire.state(command) == "done")


def test_a_device_shut_out_gets_nothing(wire):
    (account,) = wire.enrol()
    with living(wire, [account]) as fleet:
        wire.books.execute("UPDATE ttcs_tele.device SET active = false")
        command = wire.command(account.code, seconds=2)
        eventually(lambda: wire.state(command) == "expired")
        assert fleet.links[account.code].device.carried_out == []


def test_the_database_lets_no_command_go_back_or_change(wire):
    (account,) = wire.enrol()
    wire.bridge.stop()
    command = wire.command(account.code)
    move = "UPDATE ttcs_tele.command SET state = %s WHERE id = %s"
    wire.books.execute(move, ["running", command])
    for state, constraint in (("received", "command_forward"), ("queued", "command_forward")):
        with pytest.raises(psycopg.errors.CheckViolation) as refused:
            wire.books.execute(move, [state, command])
        assert refused.value.diag.constraint_name == constraint
    wire.books.execute(move, ["failed", command])
    with pytest.raises(psycopg.errors.CheckViolation):
        wire.books.execute(move, ["done", command])
    with pytest.raises(psycopg.errors.CheckViolation) as refused:
        wire.books.execute("UPDATE ttcs_tele.command SET arguments = '{\"level\": 100}'")
    assert refused.value.diag.constraint_name == "command_unchanged"
    with pytest.raises(psycopg.errors.CheckViolation):
        wire.books.execute("UPDATE ttcs_tele.command SET state = 'lost'")


def test_an_emergency_does_not_wait_behind_ordinary_commands(wire):
    accounts = wire.enrol(60)
    with living(wire, accounts) as fleet:
        wire.bridge.signal(signal.SIGSTOP)
        wire.books.execute(
            """
            INSERT INTO ttcs_tele.command
                (id, device_id, lane, operation, arguments, not_before, expires_at, next_at)
            SELECT gen_random_uuid(), device.id, 5, 'volume', '{"level": 1}', at, at + '10 min', at
            FROM ttcs_tele.device, generate_series(1, 100),
                LATERAL (SELECT now() AT TIME ZONE 'UTC' AS at) AS _
            """
        )
        urgent = [
            wire.command(account.code, "play", lane=0, arguments='{"ref": "storm"}')
            for account in accounts
        ]
        wire.bridge.signal(signal.SIGCONT)
        eventually(lambda: all(wire.state(command) == "running" for command in urgent), 60)
        answered = "SELECT count(*) FROM ttcs_tele.command WHERE lane = 5 AND state = 'done'"
        before = wire.one(answered)
        assert before < 6_000
        eventually(lambda: wire.one(answered) == 6_000, 120)
        assert all(link.device.playing == "storm" for link in fleet.links.values())


def test_a_new_key_reaches_the_devices_before_it_signs(wire, one):
    """Rotation: told by the old key, then the old one is forgotten and the new one signs.

    The books have no part in it: the bridge publishes the configurations anew.
    """

    def change(act) -> None:
        keys = BridgeKeys.load(wire.folder / "keys")
        act(keys)
        keys.save(wire.folder / "keys")
        wire.bridge.kill()
        wire.bridge.start()

    wire.books.execute(
        "INSERT INTO ttcs_tele.desired (device_id, kind, version, body)"
        " SELECT id, 'cfg', 1, '{\"interval\": 60}' FROM ttcs_tele.device"
    )
    eventually(lambda: one.device.configuration)
    change(lambda keys: keys.rotate())
    eventually(lambda: set(one.device.verifier.keys) == {"k1", "k2"})
    change(lambda keys: keys.forget("k1"))
    eventually(lambda: set(one.device.verifier.keys) == {"k2"})
    command = wire.command(one.device.code)
    eventually(lambda: wire.state(command) == "done")
    assert one.device.refused == []
