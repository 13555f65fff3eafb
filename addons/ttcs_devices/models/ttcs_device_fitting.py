from odoo import fields, models

from odoo.addons.ttcs_base.models.trigger_constraint import TriggerConstraint


class TtcsDeviceFitting(models.Model):
    """Which device served which asset, from when to when; written by triggers."""

    _name = "ttcs.device.fitting"
    _description = "Device on an asset"
    _order = "fitted_at desc, id desc"
    _rec_name = "device_id"
    _log_access = False

    device_id = fields.Many2one(
        "ttcs.device", required=True, readonly=True, index=True, ondelete="cascade"
    )
    equipment_id = fields.Many2one(
        "maintenance.equipment",
        string="Asset",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    fitted_at = fields.Datetime(required=True, readonly=True, string="Fitted on")
    taken_off_at = fields.Datetime(readonly=True, string="Taken off on")
    reason = fields.Char(readonly=True)

    _one_open = models.UniqueIndex(
        "(device_id) WHERE taken_off_at IS NULL", "A device is fitted to one asset at a time."
    )
    _period_ordered = models.Constraint(
        "CHECK (taken_off_at >= fitted_at)", "A fitting cannot end before it begins."
    )
    _is_kept = TriggerConstraint(
        lambda env, diagnostics: env._(
            "The history of fittings follows the devices and is not written by hand."
        )
    )
