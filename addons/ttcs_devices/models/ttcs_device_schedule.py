from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.ttcs_base.models.trigger_constraint import TriggerConstraint

from .ttcs_device_programme import DAYS


class TtcsDeviceSchedule(models.Model):
    """What devices play by themselves, each week anew, also while no network reaches them.

    A schedule reaches devices by an order; those keep it until another is applied.  Once it was
    ordered it stays as it is, so that what was planned can be told later: a change is a new
    schedule.
    """

    _name = "ttcs.device.schedule"
    _description = "Broadcast schedule"
    _inherit = ["ttcs.named.mixin", "ttcs.guarded.mixin"]
    _order = "id desc"

    name = fields.Char(required=True)
    agency_id = fields.Many2one(
        "ttcs.agency",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env["ttcs.placed.mixin"]._default_agency_id(),
    )
    programme_ids = fields.One2many(
        "ttcs.device.programme", "schedule_id", string="Programmes", copy=True
    )
    note = fields.Text()
    active = fields.Boolean(default=True)
    is_ordered = fields.Boolean(compute="_compute_is_ordered", string="Sent to devices")
    weekly_minutes = fields.Integer(compute="_compute_weekly_minutes", string="Minutes a week")

    _is_kept = TriggerConstraint(
        lambda env, diagnostics: env._(
            "The schedule “%(name)s” was sent to devices and stays as it is. Copy it, change the "
            "copy and send that.",
            name=diagnostics.message_detail,
        )
    )

    def _compute_is_ordered(self):
        # sudo: that it was sent, not to whom.
        orders = self.env["ttcs.device.order"].sudo()
        ordered = orders._read_group(
            [("schedule_id", "in", self.ids), ("released_at", "!=", False)], ["schedule_id"]
        )
        ids = {schedule.id for (schedule,) in ordered}
        for schedule in self:
            schedule.is_ordered = schedule._origin.id in ids

    @api.depends("programme_ids.minutes", *(f"programme_ids.{day}" for day in DAYS))
    def _compute_weekly_minutes(self):
        for schedule in self:
            schedule.weekly_minutes = sum(
                programme.minutes * sum(programme[day] for day in DAYS)
                for programme in schedule.programme_ids
            )

    def copy_data(self, default=None):
        """A copy says that it is one, so that two of a name are told apart."""
        copies = super().copy_data(default)
        for schedule, vals in zip(self, copies, strict=True):
            if "name" not in (default or {}):
                vals["name"] = self.env._("%s (copy)", schedule.name)
        return copies

    def _body(self):
        """What devices are told; see ``Schedule`` in ``ttcs_wire.contract``.

        :raises UserError: while nothing is in it
        """
        self.ensure_one()
        if not self.programme_ids:
            raise UserError(
                self.env._("The schedule “%s” is empty. Add programmes to it.", self.name)
            )
        zoned = self.with_context(tz=self.env.company._zone())
        offset = fields.Datetime.context_timestamp(zoned, fields.Datetime.now()).utcoffset()
        return {
            "utc": int(offset.total_seconds() // 60),
            "programmes": [programme._body() for programme in self.programme_ids],
        }

    def action_apply(self):
        """An order that applies this schedule, to be written."""
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "ttcs_devices.ttcs_device_order_action"
            ),
            "views": [(False, "form")],
            "context": {
                "default_operation": "apply_schedule",
                "default_schedule_id": self.id,
                "default_target_kind": "places",
            },
        }
