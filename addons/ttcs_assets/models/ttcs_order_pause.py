from odoo import api, fields, models

from odoo.addons.ttcs_base.models.trigger_constraint import TriggerConstraint

REASONS = [
    ("access", "Waiting for access"),
    ("parts", "Waiting for parts that the agency supplies"),
    ("force_majeure", "Force majeure"),
]


class TtcsOrderPause(models.Model):
    """A time in which the contractor could not work, so that his deadlines stand still."""

    _name = "ttcs.order.pause"
    _description = "Pause of a work order"
    _inherit = ["ttcs.guarded.mixin"]
    _order = "request_id, started_at"
    _rec_name = "reason"

    request_id = fields.Many2one(
        "maintenance.request", string="Work order", required=True, index=True, ondelete="restrict"
    )
    reason = fields.Selection(REASONS, required=True)
    started_at = fields.Datetime(required=True, default=fields.Datetime.now)
    ended_at = fields.Datetime()
    note = fields.Char()

    _one_at_a_time = models.Constraint(
        "EXCLUDE USING gist (request_id WITH =, tsrange(started_at, ended_at) WITH &&)",
        "This work order was paused at that time already.",
    )
    _period_ordered = models.Constraint(
        "CHECK (ended_at IS NULL OR ended_at >= started_at)",
        "A pause cannot end before it begins.",
    )
    _is_frozen = TriggerConstraint(
        lambda env, diagnostics: env._(
            "“%(order)s” is closed, so its pauses stay as they are. Reopen the work order to "
            "correct them.",
            order=diagnostics.message_detail,
        )
    )

    @api.model_create_multi
    def create(self, vals_list):
        pauses = super().create(vals_list)
        pauses.request_id._set_deadlines()
        return pauses

    def write(self, vals):
        orders = self.request_id
        result = super().write(vals)
        (orders | self.request_id)._set_deadlines()
        return result

    def unlink(self):
        orders = self.request_id
        result = super().unlink()
        orders._set_deadlines()
        return result
