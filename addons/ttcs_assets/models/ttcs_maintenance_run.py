import logging

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import AccessError

from .ttcs_maintenance_opening import CHUNK

_logger = logging.getLogger(__name__)


class TtcsMaintenanceRun(models.Model):
    """One run of the maintenance rules: what was planned and opened, and how far it is.

    The nightly job makes one, and whoever wants today's orders now makes one by a button.
    """

    _name = "ttcs.maintenance.run"
    _description = "Run of the maintenance rules"
    _inherit = ["ttcs.guarded.mixin"]
    _order = "id desc"
    _rec_name = "started_at"

    started_at = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    started_by_id = fields.Many2one(
        "res.users", readonly=True, ondelete="restrict", default=lambda self: self.env.user
    )
    ended_at = fields.Datetime(readonly=True)
    state = fields.Selection(
        [("running", "Running"), ("done", "Done"), ("failed", "Stopped by an error")],
        required=True,
        readonly=True,
        default="running",
    )
    planned_count = fields.Integer(readonly=True, string="Newly planned")
    overtaken_count = fields.Integer(readonly=True, string="Left out as overtaken")
    to_open_count = fields.Integer(readonly=True, string="Orders to open")
    opened_count = fields.Integer(readonly=True, string="Orders opened")
    progress = fields.Float(compute="_compute_progress", string="Progress (%)")
    message = fields.Char(readonly=True)

    @api.depends("started_at")
    def _compute_display_name(self):
        for run in self:
            moment = fields.Datetime.context_timestamp(run, run.started_at)
            run.display_name = self.env._("Run of %(moment)s", moment=f"{moment:%H:%M %d/%m/%Y}")

    def _compute_progress(self):
        for run in self:
            if run.state == "done":
                run.progress = 100.0
            else:
                run.progress = 100.0 * run.opened_count / (run.to_open_count or 1)

    @api.model
    def action_start(self):
        """Plan and open what is due now, as a job; shows how far it is."""
        if not self.env.user.has_group("ttcs_assets.ttcs_assets_group_maintenance_manager"):
            raise AccessError(self.env._("Your duties do not include planning maintenance."))
        # sudo: a run is written by the engine only.
        run = self.sudo().create({"started_by_id": self.env.uid})
        run.with_delay(description=self.env._("Maintenance rules"))._work_step()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": run.id,
            "views": [[False, "form"]],
        }

    def _prepare(self):
        """Bring the ledger up to date and count what is to be opened."""
        self.planned_count = self.env["ttcs.maintenance.rule"]._expand()
        occurrences = self.env["ttcs.maintenance.occurrence"]
        self.overtaken_count = occurrences._skip_overtaken()
        self.to_open_count = occurrences._count_to_open()

    def _open_chunk(self):
        """Open the next orders; False when none is left."""
        opened = self.env["ttcs.maintenance.occurrence"]._open_chunk()
        self.opened_count += opened
        if opened:
            return True
        self.write({"state": "done", "ended_at": fields.Datetime.now()})
        return False

    def _step(self):
        """Plan, or open the next chunk; False when the run has ended.

        A step that fails ends the run, which then says why.  What it had opened before stays,
        and the next run goes on from there.
        """
        try:
            with self.env.cr.savepoint():
                if not self.to_open_count:
                    self._prepare()
                return self._open_chunk()
        except OperationalError:
            # Two that met: whoever started the step repeats it.
            raise
        except Exception as error:  # pylint: disable=broad-except
            _logger.exception("A run of the maintenance rules stopped")
            self.write(
                {"state": "failed", "ended_at": fields.Datetime.now(), "message": str(error)}
            )
            return False

    def _work_step(self):
        """One step of a run as a job."""
        if self.state == "running" and self._step():
            self.with_delay(description=self.env._("Maintenance rules"))._work_step()

    @api.model
    def _cron_run(self):
        """Every night: plan, then open what is due, one chunk in each transaction."""
        run = self.create({})
        while run._step():
            self.env["ir.cron"]._commit_progress(
                CHUNK, remaining=max(0, run.to_open_count - run.opened_count)
            )
        self.env["ir.cron"]._commit_progress(remaining=0)
