"""A batch of messages into the database in one transaction.

COPY into temporary tables, then set-wise: insert what is new, move the last values where newer,
move commands forward, count what was refused.  Only after the commit may the caller acknowledge.
The same batch written twice changes nothing.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime
from itertools import groupby

import psycopg

from ..contract.commands import COMMAND_STATES
from .connecting import connect
from .intake import SPECIMEN_BYTES, Intake, Received
from .ranges import as_multirange

_log = logging.getLogger(__name__)

MEASURED = (
    "volume",
    "temperature",
    "battery",
    "mains",
    "power",
    "signal",
    "runtime",
    "on_air",
    "faults",
)
MEASURED_TYPES = ("int2", *("float4",) * 4, "int2", "int4", "bool", "text[]")
IDENTITY = ("device_id", "ts", "boot", "seq", "received_at")
IDENTITY_TYPES = ("int4", "timestamp", "int4", "int4", "timestamp")
HAPPENED = ("kind", "code", "reference", "detail")
STATED = ("firmware", "configuration", "schedule", "test_mode", "playing", "source")
STATE_COLUMNS = (
    "device_id",
    "online",
    "state_boot",
    "state_link",
    "state_seq",
    "state_at",
    "drift",
    *STATED,
)
STATE_TYPES = (
    *("int4", "bool", "int4", "int4", "int4", "timestamp", "float4"),
    *("text", "int4", "int4", "bool", "text", "text"),
)
INCOMING = {
    "incoming_sample": (IDENTITY + MEASURED, IDENTITY_TYPES + MEASURED_TYPES),
    "incoming_event": (IDENTITY + HAPPENED, IDENTITY_TYPES + ("text",) * 4),
    "incoming_state": (STATE_COLUMNS, STATE_TYPES),
}
KNOWN_STARTS = 300_000

_columns = ", ".join
KEEP_SAMPLES = f"""
    INSERT INTO ttcs_tele.sample ({_columns(IDENTITY + MEASURED)})
    SELECT {_columns(IDENTITY + MEASURED)} FROM incoming_sample
    ORDER BY device_id, ts, boot, seq
    ON CONFLICT DO NOTHING
"""
KEEP_EVENTS = f"""
    INSERT INTO ttcs_tele.event ({_columns(IDENTITY + HAPPENED)})
    SELECT {_columns(IDENTITY + HAPPENED)} FROM incoming_event
    ORDER BY device_id, ts, boot, seq
    ON CONFLICT DO NOTHING
"""
_sampled = ("ts", "boot", "seq", *MEASURED)
KEEP_LAST_SAMPLES = f"""
    INSERT INTO ttcs_tele.last (device_id, seen_at, {_columns(_sampled)})
    SELECT DISTINCT ON (device_id) device_id, received_at, {_columns(_sampled)}
    FROM incoming_sample ORDER BY device_id, ts DESC, boot DESC, seq DESC
    ON CONFLICT (device_id) DO UPDATE
    SET ({_columns(_sampled)}) = ROW({_columns("excluded." + name for name in _sampled)})
    WHERE last.ts IS NULL
        OR (excluded.ts, excluded.boot, excluded.seq) > (last.ts, last.boot, last.seq)
"""
_stated = STATE_COLUMNS[1:6] + STATED
KEEP_STATES = f"""
    INSERT INTO ttcs_tele.last (device_id, seen_at, drift, {_columns(_stated)})
    SELECT device_id, state_at, drift, {_columns(_stated)} FROM incoming_state WHERE online
    ORDER BY device_id
    ON CONFLICT (device_id) DO UPDATE
    SET ({_columns(_stated)}) = ROW({_columns("excluded." + name for name in _stated)}),
        drift = coalesce(excluded.drift, last.drift)
    WHERE last.state_boot IS NULL
        OR (excluded.state_link = 1 AND excluded.state_seq = 1)
        OR (excluded.state_boot, excluded.state_link, excluded.state_seq)
            > (last.state_boot, last.state_link, last.state_seq)
"""
# A will tells only that the link is gone: what the device last said of itself stays.
KEEP_WILLS = """
    UPDATE ttcs_tele.last SET online = false, state_boot = will.state_boot,
        state_link = will.state_link, state_seq = will.state_seq, state_at = will.state_at
    FROM incoming_state will
    WHERE last.device_id = will.device_id AND NOT will.online AND (last.state_boot IS NULL
        OR (will.state_boot, will.state_link, will.state_seq)
            > (last.state_boot, last.state_link, last.state_seq))
"""
# What waits for a device goes out again as soon as the device is back.
SEND_AGAIN = """
    UPDATE ttcs_tele.command SET next_at = now() AT TIME ZONE 'UTC'
    WHERE device_id = ANY(%s) AND state IN ('queued', 'sent') AND tries > 0
    RETURNING pg_notify('ttcs_out', '')
"""
KEEP_HEARD = """
    INSERT INTO ttcs_tele.last (device_id, seen_at)
    SELECT * FROM unnest(%s::int[], %s::timestamp[])
    ON CONFLICT (device_id) DO UPDATE SET seen_at = excluded.seen_at
    WHERE last.seen_at < excluded.seen_at
"""
# The rows are locked first: a join with another table would pass over a row that changed since.
LOCK_COMMANDS = """
    SELECT id FROM ttcs_tele.command WHERE id = ANY(%s::uuid[]) ORDER BY id FOR UPDATE
"""
MOVE_COMMANDS = """
    UPDATE ttcs_tele.command
    SET answer = CASE WHEN later THEN told.state ELSE command.answer END,
        state = CASE WHEN forward THEN told.state ELSE command.state END,
        code = CASE WHEN forward THEN told.code ELSE command.code END
    FROM (
        SELECT told.*, ttcs_tele.command_rank(now.state) < ttcs_tele.command_rank(told.state)
            AS forward,
            ttcs_tele.command_rank(told.state)
                >= coalesce(ttcs_tele.command_rank(now.answer), 0) AS later
        FROM unnest(%s::uuid[], %s::int[], %s::text[], %s::text[])
            AS told(id, device_id, state, code)
        JOIN ttcs_tele.command AS now ON now.id = told.id
    ) AS told
    WHERE command.id = told.id AND command.device_id = told.device_id
    RETURNING command.id::text
"""
COUNT_REFUSED = """
    INSERT INTO ttcs_tele.quarantine AS q
        (day, device, reason, messages, first_at, last_at, topic, specimen)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT (day, device, reason) DO UPDATE
    SET messages = q.messages + excluded.messages,
        last_at = excluded.last_at, topic = excluded.topic, specimen = excluded.specimen
"""
BEGIN_ANEW = """
    UPDATE ttcs_tele.boot SET kept = '{[0,1)}', started_at = NULL
    WHERE (device_id, boot) IN (SELECT * FROM unnest(%s::int[], %s::int[]))
"""
STARTS = """
    INSERT INTO ttcs_tele.boot AS known (device_id, boot, started_at)
    SELECT * FROM unnest(%s::int[], %s::int[], %s::timestamp[]) ORDER BY 1, 2
    ON CONFLICT (device_id, boot) DO UPDATE
    SET started_at = coalesce(known.started_at, excluded.started_at)
    RETURNING device_id, boot, started_at
"""
KEEP_RANGES = """
    INSERT INTO ttcs_tele.boot AS known (device_id, boot, kept)
    SELECT d, b, '{[0,1)}'::int4multirange + r::int4multirange
    FROM unnest(%s::int[], %s::int[], %s::text[]) AS new(d, b, r) ORDER BY d, b
    ON CONFLICT (device_id, boot) DO UPDATE
    SET kept = known.kept + excluded.kept, touched_at = now() AT TIME ZONE 'UTC'
    RETURNING device_id, boot, (SELECT min(upper(run)) FROM unnest(known.kept) AS run) - 1
"""


class Store:
    """One connection of the bridge; not for use by two threads."""

    def __init__(self, dsn: str) -> None:
        self.dsn = dsn
        self._connection: psycopg.Connection | None = None
        self._starts: OrderedDict[tuple[int, int], datetime] = OrderedDict()

    @property
    def connection(self) -> psycopg.Connection:
        """The connection, made anew after it was lost.

        :raises psycopg.OperationalError: when the database does not answer
        """
        if self._connection is None or self._connection.closed:
            self._connection = connect(self.dsn)
            self._make_temporary_tables(self._connection)
        return self._connection

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()

    def devices(self) -> dict[str, tuple[int, bool]]:
        """Id and whether it may speak, by code."""
        with self.connection.transaction():
            rows = self.connection.execute("SELECT code, id, active FROM ttcs_tele.device")
            return {code: (identifier, active) for code, identifier, active in rows}

    def write(self, messages: list[Received], devices: Mapping[str, tuple[int, bool]]) -> Intake:
        """Keep a batch, wholly or not at all.

        A batch that the database refuses for one of its messages is halved until that one is
        alone and set apart, so that no message can hold up the others.

        :raises psycopg.OperationalError: when the database does not answer; nothing is kept
        """
        try:
            return self._write(messages, devices)
        except (psycopg.DataError, psycopg.IntegrityError) as error:
            _log.warning("The database refused a batch of %s: %s", len(messages), error)
            if len(messages) == 1:
                return self._set_apart(messages[0], devices)
            half = len(messages) // 2
            first = self.write(messages[:half], devices)
            second = self.write(messages[half:], devices)
            for key, numbers in second.kept.items():
                first.kept.setdefault(key, []).extend(numbers)
            first.held.update(second.held)
            first.begun |= second.begun
            first.reasons |= second.reasons
            return first

    def keep_ranges(
        self, kept: Mapping[tuple[int, int], list[int]], held: Mapping[tuple[int, int], int]
    ) -> list[tuple[int, int, int]]:
        """Note which numbers are kept; gives (device id, boot, number up to which all are).

        :param held: the lowest number that the device can still send: none below will come
        """
        runs = {key: as_multirange(numbers) for key, numbers in kept.items()}
        for key, lowest in held.items():
            if lowest > 0:
                runs[key] = as_multirange(kept.get(key, ()), below=lowest)
        if not runs:
            return []
        rows = [(device, boot, text) for (device, boot), text in sorted(runs.items())]
        with self.connection.transaction():
            return self.connection.execute(
                KEEP_RANGES, [list(column) for column in zip(*rows, strict=True)]
            ).fetchall()

    def _write(self, messages: list[Received], devices: Mapping) -> Intake:
        try:
            return self._write_whole(messages, devices)
        except psycopg.Error:
            # What was learnt of starts may have been rolled back with the rest.
            self._starts.clear()
            raise

    def _write_whole(self, messages: list[Received], devices: Mapping) -> Intake:
        connection = self.connection
        with connection.transaction():
            intake = Intake.sort(messages, devices, self._known_starts)
            self._copy("incoming_sample", intake.samples)
            self._copy("incoming_event", intake.events)
            self._copy("incoming_state", [*intake.states.values(), *intake.wills.values()])
            if intake.heard:
                heard = sorted(intake.heard.items())
                connection.execute(KEEP_HEARD, [list(part) for part in zip(*heard, strict=True)])
            if intake.samples:
                connection.execute(KEEP_SAMPLES)
                connection.execute(KEEP_LAST_SAMPLES)
            if intake.events:
                connection.execute(KEEP_EVENTS)
            if intake.states:
                connection.execute(KEEP_STATES)
                connection.execute(SEND_AGAIN, [sorted(intake.states)])
            if intake.wills:
                connection.execute(KEEP_WILLS)
            self._move_commands(intake)
            self._count_refused(intake)
        return intake

    def _known_starts(
        self, begun: set[tuple[int, int]], latest: dict[tuple[int, int], datetime]
    ) -> Mapping[tuple[int, int], datetime]:
        if begun:
            columns = [list(column) for column in zip(*sorted(begun), strict=True)]
            self.connection.execute(BEGIN_ANEW, columns)
            for key in begun:
                self._starts.pop(key, None)
        unknown = sorted((key, start) for key, start in latest.items() if key not in self._starts)
        if unknown:
            rows = [(device, boot, start) for (device, boot), start in unknown]
            found = self.connection.execute(
                STARTS, [list(column) for column in zip(*rows, strict=True)]
            )
            for device, boot, start in found:
                self._starts[device, boot] = start
        starts = {key: self._starts[key] for key in latest}
        while len(self._starts) > KNOWN_STARTS:
            self._starts.popitem(last=False)
        return starts

    def _copy(self, table: str, rows: list[tuple]) -> None:
        if not rows:
            return
        columns, types = INCOMING[table]
        with (
            self.connection.cursor() as cursor,
            cursor.copy(f"COPY {table} ({_columns(columns)}) FROM STDIN (FORMAT binary)") as copy,
        ):
            copy.set_types(types)
            for row in rows:
                copy.write_row(row)

    def _move_commands(self, intake: Intake) -> None:
        """Move commands by what devices answered: one statement for each step forward."""
        if not intake.acknowledgements:
            return
        ids = sorted({told[0] for told in intake.acknowledgements})
        self.connection.execute(LOCK_COMMANDS, [ids])

        def rank(told: tuple) -> int:
            return COMMAND_STATES[told[2]]

        found: set[str] = set()
        for _, group in groupby(sorted(intake.acknowledgements, key=rank), rank):
            step = {(told[0], told[1]): told[:4] for told in group}
            columns = [list(column) for column in zip(*step.values(), strict=True)]
            moved = self.connection.execute(MOVE_COMMANDS, columns)
            found |= {identifier for (identifier,) in moved}
        for told in intake.acknowledgements:
            if told[0] not in found:
                intake._refuse(told[4], "unknown-command")

    def _count_refused(self, intake: Intake) -> None:
        rows = [
            (
                *(last.at.date(), device, reason, count, first.at, last.at),
                *(last.topic.replace("\x00", "?")[:200], last.payload[:SPECIMEN_BYTES]),
            )
            for (device, reason), (count, first, last) in sorted(intake.refused.items())
        ]
        if rows:
            with self.connection.cursor() as cursor:
                cursor.executemany(COUNT_REFUSED, rows)

    def _set_apart(self, message: Received, devices: Mapping) -> Intake:
        intake = Intake(devices)
        intake._refuse(message, "refused-by-database")
        with self.connection.transaction():
            self._count_refused(intake)
        return intake

    @staticmethod
    def _make_temporary_tables(connection: psycopg.Connection) -> None:
        with connection.transaction():
            for table, (columns, types) in INCOMING.items():
                members = ", ".join(
                    f"{name} {kind}" for name, kind in zip(columns, types, strict=True)
                )
                connection.execute(f"CREATE TEMP TABLE {table} ({members}) ON COMMIT DELETE ROWS")
