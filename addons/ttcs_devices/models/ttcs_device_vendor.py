from odoo import fields, models


class TtcsDeviceVendor(models.Model):
    """Who makes devices."""

    _name = "ttcs.device.vendor"
    _description = "Vendor of devices"
    _inherit = ["ttcs.named.mixin", "ttcs.guarded.mixin"]
    _order = "name, id"

    name = fields.Char(required=True)
    website = fields.Char()
    phone = fields.Char(string="Support by telephone")
    model_ids = fields.One2many("ttcs.device.model", "vendor_id", string="Models")
    active = fields.Boolean(default=True)

    _name_unique = models.Constraint("UNIQUE (name)", "There is a vendor of this name already.")
