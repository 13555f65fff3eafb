from odoo import api, fields, models


class TtcsDeviceModel(models.Model):
    """A make of device, and what it can do."""

    _name = "ttcs.device.model"
    _description = "Model of device"
    _inherit = ["ttcs.named.mixin", "ttcs.guarded.mixin"]
    _order = "vendor_id, name, id"
    _rec_names_search = ["name", "vendor_id.name"]

    name = fields.Char(required=True)
    vendor_id = fields.Many2one(
        "ttcs.device.vendor", required=True, index=True, ondelete="restrict"
    )
    purpose = fields.Selection(
        [
            ("receiver", "Receiver with amplifier"),
            ("board", "Controller of a public board"),
            ("station", "Equipment of a station"),
            ("meter", "Meter or sensor"),
        ],
        required=True,
        default="receiver",
    )
    note = fields.Text()
    device_count = fields.Integer(compute="_compute_device_count", string="Devices")
    active = fields.Boolean(default=True)

    _name_unique = models.Constraint(
        "UNIQUE (vendor_id, name)", "This vendor has a model of this name already."
    )

    @api.depends("name", "vendor_id.name")
    def _compute_display_name(self):
        for model in self:
            model.display_name = f"{model.vendor_id.name or ''} {model.name or ''}".strip()

    def _compute_device_count(self):
        counts = dict(
            self.env["ttcs.device"]._read_group(
                [("model_id", "in", self.ids)], ["model_id"], ["__count"]
            )
        )
        for model in self:
            model.device_count = counts.get(model, 0)

    def action_open_devices(self):
        """The devices of this model that the user may see."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("ttcs_devices.ttcs_device_action")
        return {**action, "domain": [("model_id", "=", self.id)], "context": {}}
