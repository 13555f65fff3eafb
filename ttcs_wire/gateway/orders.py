"""Commands for devices of a connection: claimed like those that go by the broker.

A claimed command is due again after a while, so whatever happens between two steps it is handed
over again with the same id until the device answers or its time is over.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ..contract import Command
from .keeper import Keeper

CLAIM = """
    WITH due AS (
        SELECT command.id FROM ttcs_tele.command
        JOIN ttcs_tele.device ON device.id = device_id AND device.active
        WHERE connection_id = %(connection)s AND operation = ANY(%(operations)s)
            AND external_code = COALESCE(%(name)s, external_code)
            AND state IN ('queued', 'sent')
            AND next_at <= now() AT TIME ZONE 'UTC' AND not_before <= now() AT TIME ZONE 'UTC'
            AND expires_at > now() AT TIME ZONE 'UTC'
        ORDER BY lane, next_at LIMIT 100 FOR UPDATE OF command SKIP LOCKED
    )
    UPDATE ttcs_tele.command SET tries = tries + 1,
        next_at = now() AT TIME ZONE 'UTC' + make_interval(
            secs => CASE tries WHEN 0 THEN 5 WHEN 1 THEN 15 ELSE 60 END)
    FROM due, ttcs_tele.device
    WHERE command.id = due.id AND device.id = device_id
    RETURNING command.id::text, device.code, external_code, operation, arguments, mode,
        not_before, expires_at
"""
MARK_SENT = """
    UPDATE ttcs_tele.command SET state = 'sent', sent_at = now() AT TIME ZONE 'UTC'
    WHERE id = ANY(%s::uuid[]) AND state = 'queued' RETURNING id::text
"""


class Due(NamedTuple):
    """A command, and the name that its device has in the connection."""

    command: Command
    name: str


def claim(keeper: Keeper, operations: Iterable[str], name: str | None = None) -> list[Due]:
    """Commands that are due now, emergencies first; of one device or of all."""
    rows = keeper.execute(
        CLAIM,
        {"connection": keeper.connection, "operations": sorted(operations), "name": name},
    )
    return [
        Due(Command(identifier, code, operation, begins, expires, arguments, mode), external)
        for identifier, code, external, operation, arguments, mode, begins, expires in rows
    ]


def mark_sent(keeper: Keeper, identifiers: list[str]) -> None:
    """Note that whoever takes them further has them."""
    if identifiers:
        keeper.execute(MARK_SENT, [identifiers])
