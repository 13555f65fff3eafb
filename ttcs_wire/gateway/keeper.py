"""Writes what the devices of one connection say, and notes how the connection fares."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

from ..contract import Acknowledgement, DeviceState, Sample, up
from ..store import Intake, Received, Store

# Who was shut out is refused that soon.
DEVICES_EVERY = 1.0
LONGEST_ERROR = 500

DEVICES = """
    SELECT external_code, code, id, active FROM ttcs_tele.device WHERE connection_id = %s
"""
NOTE_KEPT = """
    UPDATE ttcs_tele.connection
    SET checked_at = now() AT TIME ZONE 'UTC', ok_at = now() AT TIME ZONE 'UTC', error = NULL,
        received = received + %s, refused = refused + %s
    WHERE id = %s RETURNING id
"""
NOTE_TROUBLE = """
    UPDATE ttcs_tele.connection
    SET checked_at = now() AT TIME ZONE 'UTC', error = %s WHERE id = %s
"""


class Keeper:
    """One connection of the books; safe for several threads, one at a time.

    A message speaks only for a device that the books name in this connection, by the name that
    the device has there; another's name is as unknown as one that nobody has.
    """

    def __init__(self, dsn: str, connection: int) -> None:
        self.connection = connection
        self.store = Store(dsn)
        self._lock = threading.Lock()
        self._codes: dict[str, str] = {}
        self._devices: dict[str, tuple[int, bool]] = {}
        self._read_at = float("-inf")

    def close(self) -> None:
        self.store.close()

    def said(self, name: str, kind: str, payload: bytes, at: datetime | None = None) -> Received:
        """A message of the contract from the device that has this name in the connection."""
        with self._lock:
            code = self._code(name)
        return Received(
            up(code, kind) if code else "",
            payload,
            at or now(),
            refused=None if code else "unknown-device",
            sender=None if code else self._sender(name),
        )

    def told(
        self, name: str, state: DeviceState | None, sample: Sample, at: datetime | None = None
    ) -> list[Received]:
        """State and measurement that an adapter read in a vendor's record."""
        messages = [self.said(name, "tele", msgspec.json.encode(sample), at)]
        if state is not None:
            messages.append(self.said(name, "state", msgspec.json.encode(state), at))
        return messages

    def answered(self, code: str, answer: Acknowledgement) -> Received:
        """What became of a command to one of our devices."""
        return Received(up(code, "ack"), msgspec.json.encode(answer), now())

    def refused(self, payload: bytes, reason: str, name: str = "?") -> Received:
        """Something that is no message of the contract."""
        return Received("", payload, now(), refused=reason, sender=self._sender(name))

    def keep(self, messages: Sequence[Received]) -> Intake:
        """Write; what came back is committed.

        :raises psycopg.OperationalError: when the database does not answer; nothing is kept
        """
        with self._lock:
            self._read_devices()
            intake = self.store.write(list(messages), self._devices)
            refused = len(intake.reasons)
            with self.store.connection.transaction():
                self.store.connection.execute(
                    NOTE_KEPT, [len(messages) - refused, refused, self.connection]
                )
        return intake

    def note_well(self) -> None:
        """Tell the books that the other end answers, though it said nothing yet."""
        self.execute(NOTE_KEPT, [0, 0, self.connection])

    def note_trouble(self, text: str) -> None:
        """Tell the books why nothing comes."""
        with self._lock, self.store.connection.transaction():
            self.store.connection.execute(
                NOTE_TROUBLE, [text.replace("\x00", "?")[:LONGEST_ERROR], self.connection]
            )

    def execute(self, query: str, parameters: dict | list) -> list[tuple]:
        """A statement of an adapter in a transaction of its own."""
        with self._lock, self.store.connection.transaction():
            return self.store.connection.execute(query, parameters).fetchall()

    def _code(self, name: str) -> str | None:
        self._read_devices()
        return self._codes.get(name)

    def _read_devices(self) -> None:
        if time.monotonic() - self._read_at < DEVICES_EVERY:
            return
        with self.store.connection.transaction():
            rows = self.store.connection.execute(DEVICES, [self.connection]).fetchall()
        self._codes = {name: code for name, code, _, _ in rows}
        self._devices = {code: (identifier, active) for _, code, identifier, active in rows}
        self._read_at = time.monotonic()

    def _sender(self, name: str) -> str:
        return f"{self.connection}:{name}".replace("\x00", "?")[:80]


def now() -> datetime:
    """UTC without zone."""
    return datetime.now(UTC).replace(tzinfo=None)
