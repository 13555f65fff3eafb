from odoo import fields, models

from odoo.addons.ttcs_base.models.trigger_constraint import TriggerConstraint


class TtcsMeterReading(models.Model):
    """Hours of operation of an asset, as its meter showed them; only added to.

    Readings are typed in, come with a work order, or are written by the devices' add-on.  A
    lower figure than before means that the meter was exchanged.
    """

    _name = "ttcs.meter.reading"
    _description = "Meter reading"
    _inherit = ["ttcs.guarded.mixin"]
    _order = "read_at desc, id desc"

    equipment_id = fields.Many2one(
        "maintenance.equipment", string="Asset", required=True, ondelete="restrict"
    )
    hours = fields.Float(required=True, digits=(12, 1), string="Hours of operation")
    read_at = fields.Datetime(required=True, default=fields.Datetime.now)
    source = fields.Selection(
        [("hand", "Typed in"), ("order", "Work order"), ("device", "Device")],
        required=True,
        default="hand",
    )
    user_id = fields.Many2one(
        "res.users", string="Read by", readonly=True, default=lambda self: self.env.user
    )

    answer_id = fields.Many2one(
        "ttcs.checklist.answer", string="Line of the checklist", readonly=True, ondelete="restrict"
    )

    # An answer that was corrected after its order was reopened is another reading.
    _answer_once = models.UniqueIndex(
        "(answer_id, hours) WHERE answer_id IS NOT NULL", "This answer was entered already."
    )
    _asset_idx = models.Index("(equipment_id, read_at DESC, id DESC)")
    _hours_possible = models.Constraint(
        "CHECK (hours >= 0 AND hours < 10000000)", "Hours of operation are not negative."
    )
    _is_kept = TriggerConstraint(
        lambda env, diagnostics: env._(
            "A meter reading stays as it was read. Enter a new reading instead."
        )
    )
