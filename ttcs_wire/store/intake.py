"""From raw messages to rows, without touching the database.

Whatever cannot become a row becomes a counted line of the quarantine, with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ..contract import Acknowledgement, DeviceState, Event, Refused, Sample, decode, parse
from ..contract.instants import from_milliseconds, plausible

# The will carries no number: it comes after all states of its link.
WILL_SEQUENCE = 2_147_483_647
SPECIMEN_BYTES = 1_024


@dataclass(frozen=True, slots=True)
class Received:
    """A message as the broker, or an adapter of the gateway, handed it over.

    :param at: UTC without zone
    :param refused: why an adapter could make no message of the contract of it
    :param sender: who sent it, where the topic does not say
    """

    topic: str
    payload: bytes
    at: datetime
    retained: bool = False
    refused: str | None = None
    sender: str | None = None


@dataclass
class Intake:
    """The rows of one batch.

    :param devices: id and whether it may speak, by code
    """

    devices: Mapping[str, tuple[int, bool]]
    samples: list[tuple] = field(default_factory=list)
    events: list[tuple] = field(default_factory=list)
    states: dict[int, tuple] = field(default_factory=dict)
    wills: dict[int, tuple] = field(default_factory=dict)
    acknowledgements: list[tuple] = field(default_factory=list)
    refused: dict[tuple[str, str], list] = field(default_factory=dict)
    reasons: dict[Received, str] = field(default_factory=dict)
    begun: set[tuple[int, int]] = field(default_factory=set)
    heard: dict[int, datetime] = field(default_factory=dict)
    kept: dict[tuple[int, int], list[int]] = field(default_factory=dict)
    held: dict[tuple[int, int], int] = field(default_factory=dict)

    @classmethod
    def sort(
        cls,
        messages: list[Received],
        devices: Mapping[str, tuple[int, bool]],
        starts: Callable[
            [set[tuple[int, int]], dict[tuple[int, int], datetime]],
            Mapping[tuple[int, int], datetime],
        ],
    ) -> Intake:
        """Sort a batch into rows.

        :param starts: takes the (device id, boot) that begin in this batch, and for those of
            devices without a clock the latest moment at which they can have begun; gives for
            each of these the moment that stands for it
        """
        intake = cls(devices)
        decoded = [found for message in messages for found in intake._decoded(message)]
        intake.begun = {
            (device, message.boot) for device, message, _ in decoded if is_first_state(message)
        }
        known = starts(intake.begun, _latest_starts(decoded))
        for device, message, received in decoded:
            try:
                intake._keep(device, message, received, known)
            except Refused as refusal:
                intake._refuse(received, refusal.reason)
        return intake

    def _decoded(self, received: Received) -> list[tuple]:
        topic = parse(received.topic)
        try:
            if received.refused:
                raise Refused(received.refused)
            if topic is None or topic.direction != "up":
                raise Refused("unknown-topic")
            device, active = self.devices.get(topic.device, (None, False))
            if device is None:
                raise Refused("unknown-device")
            if not active:
                raise Refused("shut-out")
            messages = decode(topic.kind, received.payload)
        except Refused as refusal:
            self._refuse(received, refusal.reason)
            return []
        # A will is the broker's word, and a retained state an old one.
        if not received.retained and not is_will(messages[0]):
            self.heard[device] = max(self.heard.get(device, received.at), received.at)
        return [(device, message, received) for message in messages]

    def _keep(
        self,
        device: int,
        message: Sample | Event | DeviceState | Acknowledgement,
        received: Received,
        starts: Mapping[tuple[int, int], datetime],
    ) -> None:
        if isinstance(message, DeviceState):
            self._keep_state(device, message, received)
        elif isinstance(message, Acknowledgement):
            self.acknowledgements.append((message.id, device, message.st, message.code, received))
        else:
            if message.ts is not None:
                moment = from_milliseconds(message.ts)
            else:
                moment = starts[device, message.boot] + timedelta(milliseconds=message.up or 0)
            row = (device, plausible(moment, received.at), message.boot, message.seq, received.at)
            if isinstance(message, Sample):
                self.samples.append(row + _measured(message))
            else:
                happened = (message.kind, message.code, message.ref, message.detail)
                self.events.append(row + happened)
            self.kept.setdefault((device, message.boot), []).append(message.seq)

    def _keep_state(self, device: int, state: DeviceState, received: Received) -> None:
        order = (state.boot, state.link, WILL_SEQUENCE if state.seq is None else state.seq)
        drift = None
        if state.ts is not None and not received.retained:
            drift = (from_milliseconds(state.ts) - received.at).total_seconds()
        if state.held is not None:
            self.held[device, state.boot] = state.held
        if is_first_state(state):
            # Whatever came before is of another life, whatever number that had.
            self.states.pop(device, None)
            self.wills.pop(device, None)
        newest = self.states if state.on else self.wills
        known = newest.get(device)
        if known is None or known[2:5] < order:
            about = (state.fw, state.cfg, state.sched, state.test, state.play, state.src)
            newest[device] = (device, state.on, *order, received.at, drift, *about)

    def _refuse(self, received: Received, reason: str) -> None:
        topic = parse(received.topic)
        device = received.sender or (topic.device if topic else "?")
        self.reasons[received] = reason
        found = self.refused.setdefault((device, reason), [0, received, received])
        found[0] += 1
        found[2] = received


def is_will(message: Sample | Event | DeviceState | Acknowledgement) -> bool:
    """Whether this is what the broker says for a device that it lost.

    >>> is_will(DeviceState(on=False, boot=1, link=1)), is_will(DeviceState(True, 1, 1, seq=1))
    (True, False)
    """
    return isinstance(message, DeviceState) and not message.on and message.seq is None


def is_first_state(message: Sample | Event | DeviceState | Acknowledgement) -> bool:
    """Whether a start begins here.

    A device that lost its memory counts its starts anew; from here on the old numbers mean
    something else, and to believe them would tell it to forget what was never kept.

    >>> is_first_state(DeviceState(on=True, boot=1, link=1, seq=1))
    True
    >>> is_first_state(DeviceState(on=True, boot=1, link=2, seq=9))
    False
    """
    return isinstance(message, DeviceState) and message.on and message.link == message.seq == 1


def _measured(sample: Sample) -> tuple:
    measured = (sample.vol, sample.temp, sample.bat, sample.mains, sample.amp, sample.rssi)
    return (*measured, sample.run, sample.on_air, list(sample.flt))


def _latest_starts(decoded: list[tuple]) -> dict[tuple[int, int], datetime]:
    """For each start that only a clockless message tells of, the latest moment possible."""
    latest: dict[tuple[int, int], datetime] = {}
    for device, message, received in decoded:
        if getattr(message, "up", None) is not None and message.ts is None:
            key = (device, message.boot)
            start = received.at - timedelta(milliseconds=message.up)
            latest[key] = min(start, latest.get(key, start))
    return latest
