"""What a device does, as pure behaviour: messages in, messages out, no network and no clock.

It keeps every sample and event until the bridge says that they are in the database, checks each
command's signature, addressee and time, carries out each command once and answers it each time.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec

from ..contract import (
    Acknowledgement,
    Configuration,
    DeviceState,
    Event,
    Refused,
    Sample,
    Schedule,
    Seen,
)
from ..signing import Verifier, public_key
from .faults import Faults
from .player import Player, Playing

# (kind of topic, payload): what is to be published, in this order.
Outgoing = list[tuple[str, bytes]]
BUFFER = 20_000
SAMPLES_AT_ONCE = 100
RESEND_AFTER = 60_000


@dataclass
class SimulatedDevice:
    """One device; ``now`` gives milliseconds since 1970.

    :param keys: public keys as enrolment told them, base64url by name
    """

    code: str
    keys: dict[str, str]
    now: Callable[[], int]
    boot: int = 1
    faults: Faults = field(default_factory=Faults)
    firmware: str = "sim-1.0"
    volume: int = 50
    max_volume: int = 100
    test_mode: bool = False
    configuration: int = 0
    schedule: int = 0
    runtime: int = 0
    carried_out: list[dict] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.verifier = Verifier(
            self.code, {name: public_key(text) for name, text in self.keys.items()}
        )
        self.answers: dict[str, list[Acknowledgement]] = {}
        # Commands to apply a schedule that has not come yet, with its version.
        self._awaiting: dict[str, int] = {}
        self.player = Player()
        self._random = random.Random(self.code)
        self._link = 0
        self._restart()

    def restart(self) -> None:
        """The power was gone: what was held in memory is lost, settings are not."""
        self.boot += 1
        self._restart()

    def _restart(self) -> None:
        self._started = self.now()
        self._link = 0
        self._state_number = 0
        self._number = 0
        self._held: dict[int, Sample | Event] = {}
        self._sent: dict[int, int] = {}
        self.player.playing = None

    @property
    def playing(self) -> str | None:
        """What sounds now, if anything does."""
        return self.player.playing.ref if self.player.playing else None

    @property
    def held(self) -> int:
        """How many samples and events are not known to be kept."""
        return len(self._held)

    def will(self) -> bytes:
        """The last will of the connection about to be made."""
        self._link += 1
        return msgspec.json.encode(DeviceState(on=False, boot=self.boot, link=self._link))

    def connected(self) -> Outgoing:
        """What a device says first: its state; then whatever was never seen."""
        return [self.state(), *self.send_again(at_once=True)]

    def leaving(self) -> tuple[str, bytes]:
        """What a device says before it leaves: the broker then sends no last will."""
        self._state_number += 1
        return "state", msgspec.json.encode(
            DeviceState(on=False, boot=self.boot, link=self._link, seq=self._state_number)
        )

    def state(self) -> tuple[str, bytes]:
        """``up/state`` as of now."""
        self._state_number += 1
        return "state", msgspec.json.encode(
            DeviceState(
                on=True,
                boot=self.boot,
                link=self._link,
                seq=self._state_number,
                held=min(self._held, default=self._number + 1),
                ts=None if self.faults.clockless else self._clock(),
                fw=self.firmware,
                cfg=self.configuration,
                sched=self.schedule,
                test=self.test_mode,
                play=self.playing,
                src="ip" if self.playing else "none",
                vol=self.volume,
            )
        )

    def measure(self) -> Outgoing:
        """Take a sample and send it, if the device speaks at all."""
        self._number += 1
        self.runtime += 60 if self.playing else 0
        sample = Sample(
            boot=self.boot,
            seq=self._number,
            **self._when(),
            vol=self.volume,
            temp=round(self._random.uniform(28, 45), 1),
            bat=round(self._random.uniform(12, 13.8), 2),
            mains=round(self._random.uniform(210, 235), 1),
            rssi=self._random.randint(-95, -60),
            run=self.runtime,
            on_air=self.playing is not None,
            flt=list(self.faults.codes),
        )
        return self._hold(sample)

    def happen(self, kind: str, code: str | None = None, ref: str | None = None) -> Outgoing:
        """Report an event."""
        self._number += 1
        return self._hold(
            Event(boot=self.boot, seq=self._number, kind=kind, **self._when(), code=code, ref=ref)
        )

    def send_again(self, *, at_once: bool = False) -> Outgoing:
        """What was sent a minute ago or earlier and is still not known to be kept."""
        late = self.now() - RESEND_AFTER
        waiting = [
            number for number in sorted(self._held) if at_once or self._sent[number] <= late
        ]
        messages = [self._held[number] for number in waiting]
        if self.faults.shuffled:
            self._random.shuffle(messages)
        for number in waiting:
            self._sent[number] = self.now()
        samples = [message for message in messages if isinstance(message, Sample)]
        outgoing: Outgoing = [
            ("tele", msgspec.json.encode(samples[first : first + SAMPLES_AT_ONCE]))
            for first in range(0, len(samples), SAMPLES_AT_ONCE)
        ]
        outgoing += [
            ("evt", msgspec.json.encode(message))
            for message in messages
            if isinstance(message, Event)
        ]
        return self._spoken(outgoing)

    def receive(self, kind: str, payload: bytes) -> Outgoing:
        """React to a message from above; the answers are to be published in their order."""
        if kind == "seen":
            self._forget(msgspec.json.decode(payload, type=Seen))
            return []
        try:
            if kind == "cmd":
                return self._obey(payload)
            body = self.verifier.body(kind, payload)
        except Refused as refusal:
            self.refused.append(refusal.reason)
            return self._answer_refusal(payload, refusal.reason)
        if kind == "cfg":
            self._configure(msgspec.convert(body, Configuration))
            return [self.state()]
        return self._hold_schedule(msgspec.convert(body, Schedule))

    def pass_time(self) -> Outgoing:
        """What happens by itself: something comes to its end, the schedule begins something."""
        outgoing: Outgoing = []
        if self.player.has_ended(self.now()):
            outgoing += self._fall_silent("done")
        due = self.player.due(self.now())
        if due:
            outgoing += self._sound(due)
        return outgoing

    def _configure(self, told: Configuration) -> None:
        if told.ver > self.configuration:
            self.configuration = told.ver
            self.test_mode = told.test
            self.max_volume = told.max_volume
            self.volume = min(self.volume, told.max_volume)
            self.verifier.keys = {name: public_key(text) for name, text in told.keys.items()}

    def _hold_schedule(self, told: Schedule) -> Outgoing:
        if told.ver > self.schedule:
            self.schedule = told.ver
            self.player.schedule = told
        outgoing = [self.state()]
        for identifier, version in [*self._awaiting.items()]:
            if version <= self.schedule:
                del self._awaiting[identifier]
                outgoing += self._tell(identifier, "done")
        return outgoing

    def _obey(self, payload: bytes) -> Outgoing:
        body = self.verifier.command(payload, self._clock(), test_mode=self.test_mode)
        if self.faults.deaf:
            return []
        identifier = body["id"]
        if body["repeated"]:
            return [
                ("ack", msgspec.json.encode(told)) for told in self.answers.get(identifier, [])
            ]
        self.answers[identifier] = []
        self.carried_out.append(body)
        return self._tell(identifier, "received") + self._carry_out(body)

    def _carry_out(self, body: dict) -> Outgoing:
        identifier, operation, arguments = body["id"], body["op"], body["args"]
        if operation == "play":
            seconds = arguments.get("seconds")
            until = self.now() + seconds * 1_000 if seconds else None
            return self._sound(Playing(arguments["ref"], until, identifier))
        if operation == "apply_schedule" and arguments["version"] > self.schedule:
            self._awaiting[identifier] = arguments["version"]
            return self._tell(identifier, "running")
        if operation == "stop":
            return self._cancel(arguments.get("cancels")) + self._tell(identifier, "done")
        if operation == "volume":
            self.volume = min(arguments["level"], self.max_volume)
        elif operation == "report":
            return [self.state(), *self.measure(), *self._tell(identifier, "done")]
        elif operation not in ("reboot", "relay", "show", "screen_hours", "apply_schedule"):
            return self._tell(identifier, "refused", "unknown")
        return self._tell(identifier, "done")

    def _cancel(self, cancelled: str | None) -> Outgoing:
        """Stop what sounds; of a command to be cancelled only that, now or when it comes."""
        playing = self.player.playing
        if cancelled and cancelled not in self.answers:
            self.verifier.remember(cancelled)
            return self._tell(cancelled, "refused", "cancelled")
        if playing is None or (cancelled and playing.command != cancelled):
            return []
        return self._fall_silent("stopped")

    def _sound(self, playing: Playing) -> Outgoing:
        outgoing = self._fall_silent("stopped") if self.player.playing else []
        self.player.playing = playing
        outgoing += [*self.happen("play_start", ref=playing.ref), self.state()]
        return outgoing + (self._tell(playing.command, "running") if playing.command else [])

    def _fall_silent(self, code: str) -> Outgoing:
        playing, self.player.playing = self.player.playing, None
        outgoing = [*self.happen("play_end", code, playing.ref), self.state()]
        if playing.command:
            outcome = ("done",) if code == "done" else ("failed", code)
            outgoing += self._tell(playing.command, *outcome)
        return outgoing

    def _tell(self, identifier: str, outcome: str, code: str | None = None) -> Outgoing:
        """Answer a command; the answer is kept for when it is asked again."""
        told = Acknowledgement(identifier, outcome, self._clock(), code=code)
        self.answers.setdefault(identifier, []).append(told)
        return [("ack", msgspec.json.encode(told))]

    def _answer_refusal(self, payload: bytes, reason: str) -> Outgoing:
        """A command that was meant for this device is answered, so that its state is true."""
        if reason not in ("expired", "too-early", "not-in-test-mode"):
            return []
        identifier = json.loads(json.loads(payload)["body"])["id"]
        told = Acknowledgement(identifier, "refused", self._clock(), code=reason)
        return [("ack", msgspec.json.encode(told))]

    def _forget(self, seen: Seen) -> None:
        if seen.boot != self.boot:
            return
        for number in [number for number in self._held if number <= seen.seq]:
            del self._held[number]
            del self._sent[number]

    def _hold(self, message: Sample | Event) -> Outgoing:
        if not self.faults.forgetful:
            self._held[message.seq] = message
            self._sent[message.seq] = self.now()
            while len(self._held) > BUFFER:
                oldest = min(self._held)
                del self._held[oldest]
                del self._sent[oldest]
        kind = "tele" if isinstance(message, Sample) else "evt"
        return self._spoken([(kind, msgspec.json.encode(message))])

    def _spoken(self, outgoing: Outgoing) -> Outgoing:
        if self.faults.silent:
            return []
        if self.faults.garbled:
            return [(kind, payload[:-1]) for kind, payload in outgoing]
        return [message for message in outgoing for _ in range(1 + self.faults.repeats)]

    def _clock(self) -> int:
        return self.now() + self.faults.clock_ahead

    def _when(self) -> dict[str, int]:
        if self.faults.clockless:
            return {"up": self.now() - self._started}
        return {"ts": self._clock()}
