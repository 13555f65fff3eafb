"""The schema ``ttcs_tele`` in numbered steps, each run once, in the caller's transaction."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

FOLDER = Path(__file__).parent


class Cursor(Protocol):
    """What psycopg 2 and 3 have in common."""

    def execute(self, query: str) -> object: ...

    def fetchall(self) -> list[tuple]: ...


def steps() -> list[tuple[int, Path]]:
    """Every step as (number, file), in order.

    >>> [number for number, _ in steps()] == list(range(1, len(steps()) + 1))
    True
    """
    return [(int(path.name[:4]), path) for path in sorted(FOLDER.glob("[0-9]*.sql"))]


def upgrade(cursor: Cursor) -> list[int]:
    """Run the steps that this database lacks; gives their numbers.

    The role ``ttcs_bridge`` exists: roles belong to the cluster, so the set-up makes it.
    """
    cursor.execute("SELECT pg_advisory_xact_lock(hashtext('ttcs_tele'))")
    cursor.execute("CREATE SCHEMA IF NOT EXISTS ttcs_tele")
    cursor.execute(
        "CREATE TABLE IF NOT EXISTS ttcs_tele.step"
        " (number integer PRIMARY KEY, at timestamptz NOT NULL DEFAULT now())"
    )
    cursor.execute("SELECT number FROM ttcs_tele.step")
    known = {number for (number,) in cursor.fetchall()}
    missing = [(number, path) for number, path in steps() if number not in known]
    for number, path in missing:
        cursor.execute(path.read_text(encoding="utf-8"))
        cursor.execute(f"INSERT INTO ttcs_tele.step (number) VALUES ({number})")
    return [number for number, _ in missing]
