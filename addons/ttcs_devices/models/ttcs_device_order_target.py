from odoo import fields, models

from odoo.addons.ttcs_base.models.trigger_constraint import TriggerConstraint

PROSPECTS = [
    ("now", "Gets it at once"),
    ("when_back", "Silent: gets it if it comes back in time"),
    ("refuses", "Refuses: its test mode is off"),
    ("beyond", "Left out: it belongs to another agency"),
    ("not_enrolled", "Left out: not enrolled"),
    ("shut_out", "Left out: shut out"),
    ("unfit", "Left out: cannot do this"),
]


class TtcsDeviceOrderTarget(models.Model):
    """A device that an order was to reach, as it was when the list was made.

    Also those left out, with the reason, so that nothing is left out in silence.
    """

    _name = "ttcs.device.order.target"
    _description = "Device of an order"
    _inherit = ["ttcs.guarded.mixin"]
    _order = "order_id, id"
    _rec_name = "device_id"

    order_id = fields.Many2one(
        "ttcs.device.order", required=True, readonly=True, index=True, ondelete="cascade"
    )
    device_id = fields.Many2one(
        "ttcs.device", required=True, readonly=True, index=True, ondelete="restrict"
    )
    equipment_id = fields.Many2one(
        "maintenance.equipment", string="Asset", readonly=True, index=True, ondelete="restrict"
    )
    commune_id = fields.Many2one("ttcs.unit", readonly=True, index=True, ondelete="restrict")
    prospect = fields.Selection(PROSPECTS, required=True, readonly=True)
    is_left_out = fields.Boolean(readonly=True)

    _device_once = models.Constraint(
        "UNIQUE (order_id, device_id)", "This device is in the list already."
    )
    _left_out_has_reason = models.Constraint(
        "CHECK (is_left_out = (prospect IN ('beyond', 'not_enrolled', 'shut_out', 'unfit')))",
        "A device is left out for a reason.",
    )
    _is_frozen = TriggerConstraint(
        lambda env, diagnostics: env._(
            "The devices of %s were fixed when it was submitted.", diagnostics.message_detail
        )
    )
