"""What a simulated device sounds, by command and by schedule, and how it is made to stop."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
from wire_line import eventually, living

from ttcs_wire.contract import Command, new_device_code, to_milliseconds
from ttcs_wire.keys import BridgeKeys
from ttcs_wire.simulator import SimulatedDevice

# A Monday, 5:14 in Vietnam.
BEGIN = datetime(2026, 11, 22, 22, 14)


class Office:
    """Signs for one device and moves its clock."""

    def __init__(self) -> None:
        self.keys = BridgeKeys.make()
        self.moment = BEGIN
        self.device = SimulatedDevice(
            new_device_code(),
            self.keys.told()["keys"],
            lambda: to_milliseconds(self.moment),
        )

    def order(self, operation: str, identifier: str = "1", **arguments) -> list[dict]:
        """Give a command; what the device answers."""
        command = Command(
            f"{identifier * 8}-1111-4111-8111-111111111111",
            self.device.code,
            operation,
            self.moment - timedelta(minutes=5),
            self.moment + timedelta(minutes=10),
            arguments,
        )
        return self.tell("cmd", command.body())

    def tell(self, kind: str, body: str) -> list[dict]:
        return self.said(
            self.device.receive(kind, self.keys.signer().envelope(kind, body)),
        )

    def set(self, kind: str, **body) -> list[dict]:
        return self.tell(kind, json.dumps({"dev": self.device.code, **body}))

    def later(self, **time) -> list[dict]:
        """What happens by itself until so much later, a second at a time."""
        until = self.moment + timedelta(**time)
        happened = []
        while self.moment < until:
            self.moment += timedelta(seconds=1)
            happened += self.said(self.device.pass_time())
        return happened

    def said(self, outgoing) -> list[dict]:
        return [
            {"kind_of_topic": kind, **json.loads(payload)}
            for kind, payload in outgoing
            if kind != "tele"
        ]


@pytest.fixture
def office() -> Office:
    return Office()


def answers(said: list[dict]) -> list[tuple]:
    return [(one["st"], one.get("code")) for one in said if one["kind_of_topic"] == "ack"]


def events(said: list[dict]) -> list[tuple]:
    return [
        (one["kind"], one["ref"], one.get("code")) for one in said if one["kind_of_topic"] == "evt"
    ]


def test_a_recording_ends_after_its_length_and_says_so(office):
    said = office.order("play", ref="O1", seconds=20)
    assert answers(said) == [("received", None), ("running", None)]
    assert events(said) == [("play_start", "O1", None)]
    assert office.later(seconds=19) == []
    said = office.later(seconds=1)
    assert events(said) == [("play_end", "O1", "done")]
    assert answers(said) == [("done", None)]
    assert office.device.playing is None


def test_what_sounds_is_stopped_by_name_or_whatever_it_is(office):
    office.order("play", "1", ref="O1")
    other = office.order("stop", "2", cancels="99999999-1111-4111-8111-111111111111")
    assert office.device.playing == "O1"
    assert ("refused", "cancelled") in answers(other)
    said = office.order("stop", "3", cancels="11111111-1111-4111-8111-111111111111")
    assert ("failed", "stopped") in answers(said)
    assert events(said) == [("play_end", "O1", "stopped")]
    office.order("play", "4", ref="O4")
    office.order("stop", "5")
    assert office.device.playing is None


def test_a_command_cancelled_before_it_came_is_never_carried_out(office):
    office.order("stop", "2", cancels="11111111-1111-4111-8111-111111111111")
    said = office.order("play", "1", ref="O1")
    assert answers(said) == [("refused", "cancelled")]
    assert office.device.playing is None


def test_a_later_sound_takes_the_place_of_an_earlier_one(office):
    office.order("play", "1", ref="O1")
    said = office.order("play", "2", ref="O2")
    assert events(said) == [("play_end", "O1", "stopped"), ("play_start", "O2", None)]
    assert ("failed", "stopped") in answers(said)


def test_the_schedule_plays_on_its_days_by_the_clock_of_its_place(office):
    programme = {"ref": "P7", "days": [1], "at": 5 * 60 + 15, "minutes": 2}
    said = office.set("sched", ver=3, utc=420, programmes=[programme])
    assert said[-1]["sched"] == 3
    assert events(office.later(minutes=1)) == [("play_start", "P7", None)]
    assert events(office.later(minutes=2)) == [("play_end", "P7", "done")]
    assert events(office.later(minutes=5)) == []
    office.moment += timedelta(days=1, minutes=-9)
    assert events(office.later(minutes=5)) == []


def test_a_command_that_sounds_is_not_interrupted_by_the_schedule(office):
    programme = {"ref": "P7", "days": [1], "at": 5 * 60 + 15, "minutes": 2}
    office.set("sched", ver=1, utc=420, programmes=[programme])
    office.order("play", ref="O1", seconds=300)
    assert events(office.later(minutes=3)) == []
    assert office.device.playing == "O1"


def test_applying_a_schedule_ends_when_the_device_has_it(office):
    assert answers(office.order("apply_schedule", "1", version=2))[-1] == ("running", None)
    assert answers(office.set("sched", ver=1, utc=420, programmes=[])) == []
    assert answers(office.set("sched", ver=2, utc=420, programmes=[])) == [("done", None)]
    assert answers(office.order("apply_schedule", "2", version=2))[-1] == ("done", None)


def test_a_configuration_sets_test_mode_and_the_highest_volume(office):
    told = office.keys.told()["keys"]
    office.set("cfg", ver=2, keys=told, test=True, max_volume=40)
    assert office.device.test_mode
    assert office.device.volume == 40
    office.order("volume", "1", level=90)
    assert office.device.volume == 40
    office.set("cfg", ver=1, keys=told, test=False, max_volume=100)
    assert office.device.test_mode


def test_a_schedule_reaches_a_device_over_the_line_with_the_order_to_apply_it(wire):
    (account,) = wire.enrol()
    body = '{"utc": 420, "programmes": [{"ref": "P1", "days": [1], "at": 300, "minutes": 30}]}'
    with living(wire, [account]) as fleet:
        command = wire.command(account.code, "apply_schedule", arguments='{"version": 1}')
        eventually(lambda: wire.state(command) == "running")
        wire.books.execute(
            "INSERT INTO ttcs_tele.desired (device_id, kind, version, body)"
            " SELECT id, 'sched', 1, %s FROM ttcs_tele.device",
            [body],
        )
        eventually(lambda: wire.state(command) == "done")
        device = fleet.links[account.code].device
        assert device.player.schedule.programmes[0].ref == "P1"
        eventually(lambda: wire.one("SELECT max(schedule) FROM ttcs_tele.last") == 1)


def test_a_recording_over_the_line_leaves_its_proof(wire):
    (account,) = wire.enrol()
    with living(wire, [account]):
        command = wire.command(account.code, "play", arguments='{"ref": "O5", "seconds": 2}')
        eventually(lambda: wire.state(command) == "running")
        assert wire.one("SELECT playing FROM ttcs_tele.last") == "O5"
        eventually(lambda: wire.state(command) == "done")
        rows = "SELECT array_agg(kind || ' ' || reference ORDER BY seq) FROM ttcs_tele.event"
        eventually(lambda: wire.one(rows) == ["play_start O5", "play_end O5"])
