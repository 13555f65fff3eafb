"""From the broker into the database: batch, commit, only then acknowledge."""

from __future__ import annotations

import logging
import queue
import threading
import time
from datetime import UTC, datetime

import msgspec
import psycopg
from paho.mqtt.client import MQTTMessage

from ..contract import Seen, down
from ..contract.topics import PREFIX, SHARED
from ..store import Received, Store
from .session import BrokerAddress, Session

_log = logging.getLogger(__name__)

BATCH = 1_000
# How long the first message of a batch waits for company.
LINGER = 0.05
# Messages in memory, at most: past it the broker is no longer read.
BACKLOG = 20 * BATCH
DEVICES_EVERY = 30.0
RETRY_AFTER = 1.0
SILENT_AFTER = "100 seconds"


class Upward:
    """Reads what devices say and keeps it.

    :param seen_every: seconds between two tellings of what is kept (``down/seen``)
    """

    def __init__(
        self, address: BrokerAddress, dsn: str, name: str, *, seen_every: float = 10.0
    ) -> None:
        self.store = Store(dsn)
        self.session = Session(
            address,
            f"{name}-up",
            # Retained states are given to no shared subscription, so states are read by all.
            [f"{SHARED}tele", f"{SHARED}evt", f"{SHARED}ack", f"{PREFIX}/+/up/state"],
            receive=self._receive,
        )
        self.seen_every = seen_every
        self.written = 0
        self._waiting: queue.Queue[tuple[Received, int, int]] = queue.Queue(BACKLOG)
        self._stopping = threading.Event()
        self._devices: dict[str, tuple[int, bool]] = {}
        self._codes: dict[int, str] = {}
        self._devices_at = float("-inf")
        self._kept: dict[tuple[int, int], list[int]] = {}
        self._held: dict[tuple[int, int], int] = {}
        self._seen_at = time.monotonic()

    def stop(self) -> None:
        """Ask the loop to end after the batch at hand."""
        self._stopping.set()

    def run(self) -> None:
        """Work until stopped; a database or broker that goes away is waited for."""
        self._until_it_works(self._read_devices)
        self.session.start()
        try:
            while not self._stopping.is_set():
                batch = self._next_batch()
                if batch:
                    self._until_it_works(lambda batch=batch: self._keep(batch))
                if time.monotonic() - self._seen_at > self.seen_every:
                    self._until_it_works(self._tell_seen)
        finally:
            self.session.stop()
            self.store.close()

    def _receive(self, message: MQTTMessage, link: int) -> None:
        received = Received(
            message.topic,
            message.payload,
            datetime.now(UTC).replace(tzinfo=None),
            message.retain,
        )
        while not self._stopping.is_set():
            try:
                self._waiting.put((received, message.mid if message.qos else 0, link), timeout=1)
                return
            except queue.Full:
                continue

    def _next_batch(self) -> list[tuple[Received, int, int]]:
        batch: list[tuple[Received, int, int]] = []
        until = time.monotonic() + LINGER
        while len(batch) < BATCH:
            try:
                batch.append(self._waiting.get(timeout=max(0.0, until - time.monotonic())))
            except queue.Empty:
                break
        return batch

    def _keep(self, batch: list[tuple[Received, int, int]]) -> None:
        messages = [received for received, _, _ in batch]
        if time.monotonic() - self._devices_at > DEVICES_EVERY or self._has_unknown(messages):
            self._read_devices()
        intake = self.store.write(messages, self._devices)
        for _, number, link in batch:
            if number:
                self.session.acknowledge(number, link)
        for key in intake.begun:
            self._kept.pop(key, None)
            self._held.pop(key, None)
        for key, numbers in intake.kept.items():
            self._kept.setdefault(key, []).extend(numbers)
        self._held.update(intake.held)
        self.written += len(intake.samples) + len(intake.events)

    def _has_unknown(self, messages: list[Received]) -> bool:
        """Whether a device speaks that was unknown or shut out when the list was read.

        Read at most once a second then: a stranger's flood must not become ours.
        """
        if time.monotonic() - self._devices_at < 1:
            return False
        return any(
            not self._devices.get(message.topic[8:24], (0, False))[1] for message in messages
        )

    def _read_devices(self) -> None:
        self._devices = self.store.devices()
        self._codes = {identifier: code for code, (identifier, _) in self._devices.items()}
        self._devices_at = time.monotonic()

    def _tell_seen(self) -> None:
        for device, boot, upto in self.store.keep_ranges(self._kept, self._held):
            code = self._codes.get(device)
            if code:
                told = msgspec.json.encode(Seen(boot, upto))
                self.session.publish(down(code, "seen"), told, qos=0)
        self._kept.clear()
        self._held.clear()
        with self.store.connection.transaction():
            self.store.connection.execute(
                "SELECT ttcs_tele.sweep_silent(%s::interval)", [SILENT_AFTER]
            )
        self._seen_at = time.monotonic()

    def _until_it_works(self, act) -> None:
        """Try again until the database answers; what is at hand waits, unacknowledged."""
        while not self._stopping.is_set():
            try:
                return act()
            except psycopg.OperationalError as error:
                _log.warning("The database does not answer: %s", str(error).strip())
                self._stopping.wait(RETRY_AFTER)
