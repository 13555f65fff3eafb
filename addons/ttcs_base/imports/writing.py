"""Writing many rows at once, and still telling which one cannot be written and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from psycopg2 import DataError, IntegrityError

from odoo.exceptions import UserError
from odoo.tools import clean_context

Item = TypeVar("Item")
REFUSED_ATTENTION = 2
WITHOUT_HISTORY = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "no_reset_password": True,
}


@dataclass(frozen=True)
class Outcome(Generic[Item]):
    """What became of one item: the id of its record, or why there is none."""

    item: Item
    res_id: int | None = None
    reason: str = ""


def write_isolated(
    env, items: Sequence[Item], write: Callable[[Sequence[Item]], Sequence[int]]
) -> list[Outcome[Item]]:
    """Write all items, or all but those at fault.

    On a refusal the items are halved until the one at fault is alone, each half in a savepoint
    of its own.  Conflicts with other transactions are raised, for the whole is tried again.

    :param write: writes some items and gives the id of the record of each, in the same order
    """
    if not items:
        return []
    try:
        with env.cr.savepoint():
            ids = write(items)
        return [Outcome(item, res_id) for item, res_id in zip(items, ids, strict=True)]
    except (IntegrityError, DataError, UserError, ValueError) as error:
        if len(items) == 1:
            return [Outcome(items[0], reason=_reason(env, error))]
    middle = len(items) // 2
    return [
        *write_isolated(env, items[:middle], write),
        *write_isolated(env, items[middle:], write),
    ]


class ChunkWriting:
    """Writes the next rows of a checked batch as its user, and notes what became of each.

    :param batch: a ``ttcs.import.batch`` that is being written
    """

    def __init__(self, batch) -> None:
        self.batch = batch
        self.env = batch.env
        context = {**clean_context(batch.env.context), **WITHOUT_HISTORY}
        self.kind = batch.with_context(context)._import_kind()
        # sudo: rows are kept by the engine; what they hold is written as the user.
        self._rows = self.env["ttcs.import.row"].sudo()

    def write(self, size: int) -> bool:
        """Write at most ``size`` rows; False when none is left."""
        rows = self._next(size)
        if not rows:
            return False
        self._write(rows.filtered(lambda row: row.verdict == "update"), self._update)
        self._write(rows.filtered(lambda row: row.verdict == "new"), self._create)
        return True

    def _next(self, size: int):
        """The next rows of one stage: a row comes after those it belongs to."""
        rows = self._rows.search_fetch(
            [
                ("batch_id", "=", self.batch.id),
                ("verdict", "in", ("new", "update")),
                ("is_written", "=", False),
            ],
            ["verdict", "vals", "links", "changes", "key", "res_id", "stage", "number"],
            order="stage, number",
            limit=size,
        )
        return rows.filtered(lambda row: row.stage == rows[0].stage)

    def _write(self, rows, write) -> None:
        ready = self._resolved(rows)
        outcomes = write_isolated(self.env, ready, write)
        done = [(each.item[0], each.res_id) for each in outcomes if each.res_id]
        self._note_written(done)
        for outcome in outcomes:
            if not outcome.res_id:
                self._refuse(outcome.item[0], outcome.reason)
        ready_rows = self._rows.browse(row.id for row, _vals in ready)
        self._refuse(
            rows - ready_rows,
            self.env._("The row that this one belongs to was not written."),
        )

    def _resolved(self, rows) -> list:
        """Pairs of row and values in which links to other rows have become ids."""
        numbers = {number for row in rows for number in (row.links or {}).values()}
        linked = self._rows.search_fetch(
            [("batch_id", "=", self.batch.id), ("number", "in", list(numbers))],
            ["number", "res_id"],
        )
        ids = {row.number: row.res_id for row in linked if row.res_id}
        return [
            (row, {**(row.vals or {}), **{name: ids[n] for name, n in (row.links or {}).items()}})
            for row in rows
            if all(number in ids for number in (row.links or {}).values())
        ]

    def _create(self, pairs) -> list[int]:
        return self.kind.create([dict(vals) for _row, vals in pairs])

    def _update(self, pairs) -> list[int]:
        """Write changes, unless somebody has changed the record since the preview."""
        names = {name for row, _vals in pairs for name, _old in row.changes or ()}
        present = self.kind.snapshot([row.res_id for row, _vals in pairs], names)
        for row, _vals in pairs:
            before = present.get(row.res_id, {})
            if any((before.get(name) or None) != (old or None) for name, old in row.changes or ()):
                raise UserError(
                    self.env._(
                        "The record has been changed since the preview. Check the list again."
                    )
                )
        self.kind.update([(row.res_id, vals) for row, vals in pairs])
        return [row.res_id for row, _vals in pairs]

    def _note_written(self, done) -> None:
        if not done:
            return
        self.env["ttcs.import.key"].sudo()._remember(  # sudo: kept by the engine
            self.batch.agency_id,
            self.batch.kind,
            {row.key: res_id for row, res_id in done if row.key},
        )
        self.env.cr.execute_values(
            """
            UPDATE ttcs_import_row row SET is_written = true, res_id = written.res_id
            FROM (VALUES %s) AS written (id, res_id) WHERE row.id = written.id
            """,
            [(row.id, res_id) for row, res_id in done],
        )
        self._rows.browse(row.id for row, _id in done).invalidate_recordset()

    def _refuse(self, rows, reason: str) -> None:
        rows.write({"verdict": "refused", "attention": REFUSED_ATTENTION, "message": reason})


def _reason(env, error: Exception) -> str:
    if not isinstance(error, IntegrityError):
        return str(error)
    table = error.diag.table_name
    model = next((name for name, each in env.registry.items() if each._table == table), "base")
    return env[model]._sql_error_to_message(error)
