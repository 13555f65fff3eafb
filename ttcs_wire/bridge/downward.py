"""From the database to the broker: commands, desired states, credentials.

Data are in tables; a notification only wakes this loop, and a poll each second is the net under
it.  A claimed command is due again after a while, so whatever happens between two steps, it is
sent again with the same id until the device answers or its time is over.
"""

from __future__ import annotations

import json
import logging
import queue
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import psycopg

from ..broker import device_commands
from ..contract import Command, Refused, down
from ..keys import BridgeKeys
from ..sealing import unseal
from ..store import connect
from .session import BrokerAddress, Session

_log = logging.getLogger(__name__)

CHUNK = 500
# Commands handed over but not yet taken by the broker, past which only emergencies go out.
IN_FLIGHT = 2_000
EXPIRE_EVERY = 1.0
ANSWER_SECONDS = 5.0
# More changes of the signing keys than there will be.
GENERATIONS = 10_000
CONTROL = "$CONTROL/dynamic-security/v1"
# The plug-in says so when there was nothing to remove: as good as removed.
HARMLESS = ("Client not found", "Role not found")
CHANNELS = ("ttcs_out", "ttcs_credential", "ttcs_desired")

# Due again 5, 15 and then each 60 seconds later; to a device that is away only when it returns.
CLAIM = """
    WITH due AS (
        SELECT command.id FROM ttcs_tele.command
        JOIN ttcs_tele.device ON device.id = device_id AND connection_id IS NULL
        LEFT JOIN ttcs_tele.last USING (device_id)
        WHERE state IN ('queued', 'sent') AND lane <= %(lane)s
            AND next_at <= now() AT TIME ZONE 'UTC' AND not_before <= now() AT TIME ZONE 'UTC'
            AND expires_at > now() AT TIME ZONE 'UTC'
            AND (state = 'queued' OR last.online)
        ORDER BY lane, next_at LIMIT %(limit)s FOR UPDATE OF command SKIP LOCKED
    )
    UPDATE ttcs_tele.command SET tries = tries + 1,
        next_at = now() AT TIME ZONE 'UTC' + make_interval(
            secs => CASE tries WHEN 0 THEN 5 WHEN 1 THEN 15 ELSE 60 END)
    FROM due, ttcs_tele.device
    WHERE command.id = due.id AND device.id = device_id AND device.active
    RETURNING command.id::text, device.code, operation, arguments, mode, not_before, expires_at
"""
MARK_SENT = """
    UPDATE ttcs_tele.command SET state = 'sent', sent_at = now() AT TIME ZONE 'UTC'
    WHERE id = ANY(%s::uuid[]) AND state = 'queued'
"""
WAITING_DESIRED = """
    SELECT device_id, code, kind, version, body FROM ttcs_tele.desired
    JOIN ttcs_tele.device ON device.id = device_id AND active AND connection_id IS NULL
    WHERE published_version IS DISTINCT FROM version OR published_keys IS DISTINCT FROM %s
    ORDER BY device_id LIMIT %s
"""
MARK_PUBLISHED = """
    UPDATE ttcs_tele.desired SET published_version = version, published_keys = %s
    WHERE device_id = %s AND kind = %s AND version = %s
"""
WAITING_CREDENTIALS = """
    SELECT id, device, act, sealed FROM ttcs_tele.credential
    WHERE done_at IS NULL ORDER BY id LIMIT 100
"""
MARK_DONE = """
    UPDATE ttcs_tele.credential
    SET done_at = now() AT TIME ZONE 'UTC', sealed = NULL, error = %s WHERE id = %s
"""


def desired_body(keys: BridgeKeys, device: str, kind: str, version: int, body: dict) -> str:
    """The text of a configuration or schedule that is signed and sent.

    :param kind: ``cfg`` or ``sched``
    """
    told = {**body, "dev": device, "ver": version}
    if kind == "cfg":
        # Other keys are another configuration, also where the books changed nothing.
        told["ver"] = version * GENERATIONS + keys.generation
        told["keys"] = keys.told()["keys"]
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


class Downward:
    """Carries what the books ask of devices and of the broker.

    :param keys: signs what goes down and opens sealed passwords
    """

    def __init__(self, address: BrokerAddress, dsn: str, name: str, keys: BridgeKeys) -> None:
        self.dsn = dsn
        self.keys = keys
        self.signer = keys.signer()
        self.session = Session(
            address,
            f"{name}-down",
            [f"{CONTROL}/response"],
            receive=self._receive,
            published=self._published,
        )
        self._stopping = threading.Event()
        self._in_flight: dict[int, str] = {}
        self._taken: queue.SimpleQueue[tuple[int, bool]] = queue.SimpleQueue()
        self._answers: queue.SimpleQueue[dict] = queue.SimpleQueue()
        self._link = 0
        self._early: dict[int, bool] = {}

    def stop(self) -> None:
        """Ask the loop to end."""
        self._stopping.set()

    def run(self) -> None:
        """Work until stopped; a database or broker that goes away is waited for."""
        self.session.start()
        try:
            while not self._stopping.is_set():
                try:
                    self._work()
                except psycopg.OperationalError as error:
                    _log.warning("The database does not answer: %s", str(error).strip())
                    self._stopping.wait(1)
        finally:
            self.session.stop()

    def _work(self) -> None:
        with connect(self.dsn) as connection:
            for channel in CHANNELS:
                connection.execute(f"LISTEN {channel}")
            expired_at = float("-inf")
            while not self._stopping.is_set():
                if time.monotonic() - expired_at > EXPIRE_EVERY:
                    connection.execute("SELECT ttcs_tele.expire_commands()")
                    expired_at = time.monotonic()
                busy = self._send_commands(connection)
                self._mark_sent(connection)
                if not busy:
                    busy = self._publish_desired(connection) or self._change_credentials(
                        connection
                    )
                if not busy:
                    self._wait(connection)

    def _wait(self, connection: psycopg.Connection) -> None:
        """Until the bell rings or a second has passed, noting what the broker takes meanwhile."""
        for _ in range(20):
            rung = list(connection.notifies(timeout=0.05, stop_after=1))
            if rung or not self._taken.empty() or self._stopping.is_set():
                return

    def _send_commands(self, connection: psycopg.Connection) -> bool:
        """Send what is due, emergencies first; gives whether there may be more."""
        if not self.session.connected.is_set():
            return False
        if self._link != self.session.link:
            # What was handed to an earlier connection is due again by its own clock.
            self._link = self.session.link
            self._in_flight.clear()
            self._early.clear()
        lane = 0 if len(self._in_flight) >= IN_FLIGHT else 9
        claimed = connection.execute(CLAIM, {"lane": lane, "limit": CHUNK}).fetchall()
        now = datetime.now(UTC).replace(tzinfo=None)
        for identifier, device, operation, arguments, mode, not_before, expires in claimed:
            command = Command(identifier, device, operation, not_before, expires, arguments, mode)
            number = self.session.publish(
                down(device, "cmd"),
                self.signer.envelope("cmd", command.body()),
                expiry=max(1, int((expires - now).total_seconds())),
            )
            if number is not None:
                self._in_flight[number] = identifier
        return len(claimed) == CHUNK

    def _mark_sent(self, connection: psycopg.Connection) -> None:
        sent = []
        for number, subscribed in self._drained():
            identifier = self._in_flight.pop(number, None)
            # Without a subscriber the device has no session at the broker: still queued.
            if identifier and subscribed:
                sent.append(identifier)
        if sent:
            connection.execute(MARK_SENT, [sent])

    def _publish_desired(self, connection: psycopg.Connection) -> bool:
        """Publish retained configurations and schedules that changed, or whose keys did."""
        if not self.session.connected.is_set():
            return False
        names = ",".join(self.keys.told()["keys"])
        waiting = connection.execute(WAITING_DESIRED, [names, CHUNK]).fetchall()
        numbers = {}
        for device_id, device, kind, version, body in waiting:
            text = desired_body(self.keys, device, kind, version, body)
            number = self.session.publish(
                down(device, kind), self.signer.envelope(kind, text), retain=True
            )
            if number is not None:
                numbers[number] = (device_id, kind, version)
        for number in self._await_taken(set(numbers)):
            connection.execute(MARK_PUBLISHED, [names, *numbers[number]])
        return len(waiting) == CHUNK

    def _change_credentials(self, connection: psycopg.Connection) -> bool:
        """Tell the broker's plug-in, in order; one bridge at a time."""
        if not self.session.connected.is_set():
            return False
        with connection.transaction():
            alone = "SELECT pg_try_advisory_xact_lock(hashtext('ttcs_tele.credential'))"
            if not connection.execute(alone).fetchone()[0]:
                return False
            waiting = connection.execute(WAITING_CREDENTIALS).fetchall()
            for identifier, device, act, sealed in waiting:
                error = self._change(device, act, bytes(sealed or b""))
                if error is None:
                    return False
                connection.execute(MARK_DONE, [error or None, identifier])
                if error:
                    _log.error("Credential of %s (%s): %s", device, act, error)
        return bool(waiting)

    def _change(self, device: str, act: str, sealed: bytes) -> str | None:
        """What the plug-in complains of, empty when it did it; None when it did not answer."""
        try:
            password = unseal(sealed, device, self.keys.sealing) if act == "set" else None
        except Refused:
            return "The password was not sealed for this bridge."
        commands = device_commands(device, act, password)
        mark = f"{device}-{act}-{time.monotonic_ns()}"
        for command in commands:
            command["correlationData"] = mark
        number = self.session.publish(CONTROL, json.dumps({"commands": commands}).encode())
        if number is None:
            return None
        until = time.monotonic() + ANSWER_SECONDS
        answered = 0
        complaints = []
        while answered < len(commands):
            try:
                answer = self._answers.get(timeout=max(0.0, until - time.monotonic()))
            except queue.Empty:
                return None
            told = [one for one in answer["responses"] if one.get("correlationData") == mark]
            answered += len(told)
            complaints += [one["error"] for one in told if "error" in one]
        return "; ".join(text for text in complaints if text not in HARMLESS)

    def _await_taken(self, numbers: set[int]) -> Iterator[int]:
        """Those of the messages that the broker takes within a few seconds."""
        until = time.monotonic() + ANSWER_SECONDS
        missing = set(numbers)
        while missing and time.monotonic() < until:
            try:
                number, subscribed = self._taken.get(timeout=0.5)
            except queue.Empty:
                continue
            if number in missing:
                missing.discard(number)
                yield number
            else:
                self._early[number] = subscribed

    def _drained(self) -> Iterator[tuple[int, bool]]:
        early, self._early = self._early, {}
        yield from early.items()
        while True:
            try:
                yield self._taken.get_nowait()
            except queue.Empty:
                return

    def _receive(self, message, link: int) -> None:
        if message.topic.startswith(CONTROL):
            self._answers.put(json.loads(message.payload))
        if message.qos:
            self.session.acknowledge(message.mid, link)

    def _published(self, number: int, subscribed: bool) -> None:
        self._taken.put((number, subscribed))
