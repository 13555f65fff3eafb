import logging

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..imports.writing import ChunkWriting
from . import ttcs_import_batch

_logger = logging.getLogger(__name__)

CHUNK = 1000


class TtcsImportBatch(models.Model):
    """The writing of a checked list, and the jobs that work on a long one."""

    _inherit = "ttcs.import.batch"

    def action_apply(self):
        """Write what is new and changed; a long list is written by jobs, one for each chunk."""
        self.ensure_one()
        self._take_turn()
        self._check_may_change()
        if self.state != "checked":
            raise UserError(self.env._("Check the rows first."))
        if self.is_stale:
            self._check()
        if not self.new_count and not self.update_count:
            raise UserError(self.env._("No row is new or changed: there is nothing to write."))
        self.write({"applied_by_id": self.env.uid, "applied_at": fields.Datetime.now()})
        if self.new_count + self.update_count > ttcs_import_batch.ROWS_AT_ONCE:
            self._enqueue("write")
            return True
        self.write({"state": "running", "work": "write"})
        while self._write_chunk():
            pass
        self._finish()
        return True

    def _take_turn(self):
        """Of two people who press the button at once one writes, and the other is told."""
        if not self.try_lock_for_update(allow_referencing=True):
            raise UserError(
                self.env._(
                    "Somebody else is importing “%(name)s” right now. Nothing was written twice; "
                    "load the page again to see the result.",
                    name=self.name,
                )
            )
        self.invalidate_recordset()

    def _write_chunk(self):
        """Write the next rows; False when none is left."""
        written = ChunkWriting(self).write(CHUNK)
        self._count()
        return written

    def _finish(self):
        self._count()
        self.write({"state": "done", "work": False})
        if self.created_count > CHUNK:
            self._tell_planner()

    def _tell_planner(self):
        """Let PostgreSQL count the tables that have grown, before anybody asks them for more.

        Otherwise it takes them for as small as before until it notices by itself, and the next
        check of the same list takes minutes instead of seconds.
        """
        kind = self._import_kind()
        self.env.flush_all()
        for model in (kind.model, *kind.parts, "ttcs.import.row"):
            self.env.cr.execute(SQL("ANALYZE %s", SQL.identifier(self.env[model]._table)))

    def _enqueue(self, work):
        self.write({"state": "running", "work": work, "failure": False})
        self._delay_step()

    def _delay_step(self):
        key = f"ttcs.import.batch-{self.id}-{self.work}-{self._written_count()}"
        description = self.env._("Import %(name)s", name=self.name)
        self.with_delay(description=description, identity_key=key)._work_step()

    def _work_step(self):
        """One step of a long list: the check, or one chunk of the writing."""
        if self.state != "running" or not self.try_lock_for_update(allow_referencing=True):
            return  # its end has come, or another job is at this very step
        try:
            with self.env.cr.savepoint():
                more = self._check() if self.work == "check" else self._write_chunk()
        except UserError as error:
            self._fail(str(error))
            return
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
            _logger.exception("Import %s cannot be worked on", self.id)
            self._fail(self.env._("The import stopped by an error of the system. Tell support."))
            return
        if more:
            self._delay_step()
        elif self.work == "write":
            self._finish()

    def _fail(self, message):
        self._count()
        self.write({"state": "failed", "failure": message})

    def action_resume(self):
        """Go on with a list whose job was lost, or stopped by an error."""
        self.ensure_one()
        self.check_access("write")
        self._take_turn()
        if self.state not in ("running", "failed") or not self.work:
            raise UserError(self.env._("This import does not wait for anything."))
        self._enqueue(self.work)
        return True
