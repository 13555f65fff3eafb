"""Listens to heartbeats on a vendor's own broker; acknowledges them once they are kept."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable

import psycopg
from paho.mqtt.client import MQTTMessage

from ..bridge.session import BrokerAddress, Session
from ..contract import Refused
from ..store import Received
from .heartbeat import read_heartbeat
from .keeper import Keeper, now
from .settings import HeartbeatSettings

_log = logging.getLogger(__name__)

BATCH, BACKLOG = 500, 10_000
LINGER = 0.05
RETRY_AFTER = 1.0


class Heartbeats:
    """One topic of one broker; ``run`` until stopped."""

    def __init__(self, keeper: Keeper, settings: HeartbeatSettings, secret: str | None) -> None:
        self.keeper = keeper
        self.settings = settings
        address = BrokerAddress.parse(settings.url)
        address = BrokerAddress(
            address.host, address.port, settings.user or None, secret or None, address.tls
        )
        self.session = Session(
            address,
            f"ttcs-gateway-{keeper.connection}",
            [settings.topic],
            receive=self._receive,
        )
        self._waiting: queue.Queue[tuple[bytes, int, int]] = queue.Queue(BACKLOG)
        self._stopping = threading.Event()

    def stop(self) -> None:
        self._stopping.set()

    def run(self) -> None:
        """Keep what comes; a database that is away is waited for, unacknowledged."""
        self.session.start()
        link = 0
        try:
            while not self._stopping.is_set():
                if link != self.session.link:
                    link = self.session.link
                    self._until_it_works(self.keeper.note_well)
                batch = self._next_batch()
                if batch:
                    self._keep(batch)
        finally:
            self.session.stop()

    def _receive(self, message: MQTTMessage, link: int) -> None:
        number = message.mid if message.qos else 0
        while not self._stopping.is_set():
            try:
                self._waiting.put((message.payload, number, link), timeout=1)
                return
            except queue.Full:
                continue

    def _next_batch(self) -> list[tuple[bytes, int, int]]:
        batch: list[tuple[bytes, int, int]] = []
        until = time.monotonic() + LINGER
        while len(batch) < BATCH:
            try:
                batch.append(self._waiting.get(timeout=max(0.0, until - time.monotonic())))
            except queue.Empty:
                break
        return batch

    def _keep(self, batch: list[tuple[bytes, int, int]]) -> None:
        self._until_it_works(
            lambda: self.keeper.keep(
                [message for payload, _, _ in batch for message in self._messages(payload)]
            )
        )
        if self._stopping.is_set():
            return
        for _, number, link in batch:
            if number:
                self.session.acknowledge(number, link)

    def _until_it_works(self, act: Callable[[], object]) -> None:
        while not self._stopping.is_set():
            try:
                act()
                return
            except psycopg.OperationalError as error:
                _log.warning("The database does not answer: %s", str(error).strip())
                self._stopping.wait(RETRY_AFTER)

    def _messages(self, payload: bytes) -> list[Received]:
        try:
            name, state, sample = read_heartbeat(payload, now(), self.settings.loudest)
        except Refused as refusal:
            return [self.keeper.refused(payload[:1_024], refusal.reason)]
        return self.keeper.told(name, state, sample)
