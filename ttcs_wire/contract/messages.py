"""The messages as types; decoding checks every limit, so nothing past here need be asked again.

Members that this version does not know are ignored, so that a newer device is understood.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from .instants import LARGEST, Refused

MAX_MESSAGE_BYTES = 65_536
MAX_SAMPLES = 500
MAX_PROGRAMMES = 200

Number = Annotated[int, Meta(ge=0, le=2_147_483_646)]
Milliseconds = Annotated[int, Meta(ge=0, le=LARGEST)]
Percent = Annotated[int, Meta(ge=0, le=100)]
Short = Annotated[str, Meta(max_length=64, pattern=r"^[^\x00-\x1f]*$")]
CommandId = Annotated[str, Meta(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
Source = Literal["none", "ip", "fm", "line", "mic", "file"]
# The faults that a device may report.  A fixed table: nothing on the wire names code or models.
FAULT_CODES = (
    "amplifier",
    "horn",
    "power",
    "battery",
    "temperature",
    "network",
    "storage",
    "audio",
    "foreign_signal",
    "clock",
    "display",
    "tamper",
)
Fault = Literal[FAULT_CODES]
EventKind = Literal[
    "fault", "clear", "play_start", "play_end", "power_lost", "power_back", "button", "reboot"
]
Outcome = Literal["received", "running", "done", "refused", "failed"]


class DeviceState(Struct, frozen=True, omit_defaults=True):
    """``up/state``, retained, also the last will (``on`` false).

    :param boot: grows with every start of the device
    :param link: grows with every connection since that start; the will carries it too
    :param seq: grows with every state since that start; the will has none and ends its link
    :param held: the lowest ``seq`` of samples and events still held for sending again
    """

    on: bool
    boot: Number
    link: Number
    seq: Number | None = None
    held: Number | None = None
    ts: Milliseconds | None = None
    fw: Short | None = None
    cfg: Number | None = None
    sched: Number | None = None
    test: bool = False
    play: Short | None = None
    src: Source | None = None
    vol: Percent | None = None


class Sample(Struct, frozen=True, omit_defaults=True):
    """One measurement of ``up/tele``; ``ts`` or, without a clock, ``up`` says when.

    Units: ``vol`` %, ``temp`` °C, ``bat`` and ``mains`` V, ``amp`` W, ``rssi`` dBm, ``run``
    seconds of sound since the device was made.
    """

    boot: Number
    seq: Number
    ts: Milliseconds | None = None
    up: Milliseconds | None = None
    vol: Percent | None = None
    temp: Annotated[float, Meta(ge=-100, le=200)] | None = None
    bat: Annotated[float, Meta(ge=0, le=100)] | None = None
    mains: Annotated[float, Meta(ge=0, le=1000)] | None = None
    amp: Annotated[float, Meta(ge=0, le=10_000)] | None = None
    rssi: Annotated[int, Meta(ge=-200, le=0)] | None = None
    run: Number | None = None
    on_air: bool | None = None
    flt: Annotated[list[Fault], Meta(max_length=len(FAULT_CODES))] = []


class Event(Struct, frozen=True, omit_defaults=True):
    """``up/evt``: what happened once.

    :param code: the fault's code, or for ``play_end`` the outcome: ``done`` or ``stopped``
    :param ref: what was played: bulletin or schedule entry
    """

    boot: Number
    seq: Number
    kind: EventKind
    ts: Milliseconds | None = None
    up: Milliseconds | None = None
    code: Short | None = None
    ref: Short | None = None
    detail: Annotated[str, Meta(max_length=500)] | None = None


class Acknowledgement(Struct, frozen=True, omit_defaults=True):
    """``up/ack``: what became of a command, in the device's own words."""

    id: CommandId
    st: Outcome
    ts: Milliseconds | None = None
    code: Short | None = None


class Seen(Struct, frozen=True):
    """``down/seen``: samples and events of this start up to ``seq`` are in the database."""

    boot: Number
    seq: Number


class Configuration(Struct, frozen=True, omit_defaults=True):
    """The body of ``down/cfg``: what the device shall be like; signed, retained."""

    dev: str
    ver: Number
    keys: dict[str, str]
    test: bool = False
    interval: Annotated[int, Meta(ge=5, le=86_400)] = 60
    max_volume: Percent = 100


class Programme(Struct, frozen=True, omit_defaults=True):
    """What a schedule plays at one time of certain days.

    :param days: 1 (Monday) to 7 (Sunday)
    :param at: minute of the day on the clock of the schedule's place
    :param minutes: after which it ends, if it has not by itself
    """

    ref: Short
    days: Annotated[list[Annotated[int, Meta(ge=1, le=7)]], Meta(min_length=1, max_length=7)]
    at: Annotated[int, Meta(ge=0, le=1439)]
    minutes: Annotated[int, Meta(ge=1, le=1440)]
    url: Annotated[str, Meta(max_length=500)] | None = None
    sha256: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")] | None = None


class Schedule(Struct, frozen=True):
    """The body of ``down/sched``: what the device plays by itself; signed, retained.

    :param utc: minutes by which the place's clock is ahead of UTC
    """

    dev: str
    ver: Number
    utc: Annotated[int, Meta(ge=-720, le=840)]
    programmes: Annotated[list[Programme], Meta(max_length=MAX_PROGRAMMES)]


_STATE = msgspec.json.Decoder(DeviceState)
_SAMPLES = msgspec.json.Decoder(
    Annotated[list[Sample], Meta(min_length=1, max_length=MAX_SAMPLES)]
)
_SAMPLE = msgspec.json.Decoder(Sample)
_EVENT = msgspec.json.Decoder(Event)
_ACKNOWLEDGEMENT = msgspec.json.Decoder(Acknowledgement)


def decode(kind: str, payload: bytes) -> list[Struct]:
    """The messages in a payload of a topic's kind.

    :raises Refused: ``oversized`` or ``malformed``

    >>> decode("tele", b'{"boot": 1, "seq": 7, "up": 0}')[0].seq
    7
    >>> decode("ack", b'{"id": 1}')
    Traceback (most recent call last):
    ...
    ttcs_wire.contract.instants.Refused: malformed
    """
    if len(payload) > MAX_MESSAGE_BYTES:
        raise Refused("oversized")
    try:
        if kind == "tele":
            samples = (
                _SAMPLES.decode(payload)
                if payload.lstrip()[:1] == b"["
                else [_SAMPLE.decode(payload)]
            )
            for sample in samples:
                _has_a_time(sample)
            return samples
        if kind == "evt":
            event = _EVENT.decode(payload)
            _has_a_time(event)
            return [_without_zero(event)]
        if kind == "state":
            return [_STATE.decode(payload)]
        return [_ACKNOWLEDGEMENT.decode(payload)]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Refused("malformed") from None


def _has_a_time(message: Sample | Event) -> None:
    if message.ts is None and message.up is None:
        raise Refused("malformed")


def _without_zero(event: Event) -> Event:
    """PostgreSQL keeps no NUL in a text."""
    if event.detail and "\x00" in event.detail:
        raise Refused("malformed")
    return event
