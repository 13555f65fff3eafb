from odoo import api, fields, models


class TtcsOutage(models.Model):
    """Many devices of a commune fell silent, or lost their power, at about the same time.

    Then the line or the power is at fault, not each of them: their alarms are gathered here,
    and one work order is opened, not one for each.
    """

    _name = "ttcs.outage"
    _description = "Mass outage"
    _inherit = ["ttcs.guarded.mixin"]
    _order = "began_at desc, id desc"
    _rec_name = "commune_id"

    commune_id = fields.Many2one(
        "ttcs.unit", required=True, readonly=True, index=True, ondelete="restrict"
    )
    is_power = fields.Boolean(readonly=True, string="Power cut")
    began_at = fields.Datetime(required=True, readonly=True)
    ended_at = fields.Datetime(readonly=True)
    request_id = fields.Many2one(
        "maintenance.request", string="Work order", readonly=True, index=True, ondelete="restrict"
    )
    alarm_ids = fields.One2many("ttcs.alarm", "outage_id", string="Alarms")
    device_count = fields.Integer(compute="_compute_counts", string="Devices")
    open_count = fields.Integer(compute="_compute_counts", string="Not back yet")

    _one_open = models.UniqueIndex(
        "(commune_id) WHERE ended_at IS NULL", "This commune has an open outage already."
    )
    _period_ordered = models.Constraint(
        "CHECK (ended_at IS NULL OR ended_at >= began_at)", "An outage ends after it began."
    )

    @api.depends("commune_id", "began_at")
    def _compute_display_name(self):
        for outage in self:
            began = outage.began_at and fields.Datetime.context_timestamp(outage, outage.began_at)
            parts = (outage.commune_id.full_name, began and f"{began:%d/%m/%Y %H:%M}")
            outage.display_name = " ".join(filter(None, parts))

    @api.depends("alarm_ids.cleared_at")
    def _compute_counts(self):
        alarms = self.env["ttcs.alarm"]
        asked = [("outage_id", "in", self.ids)]
        all_of = dict(alarms._read_group(asked, ["outage_id"], ["device_id:count_distinct"]))
        open_of = dict(
            alarms._read_group(
                [*asked, ("cleared_at", "=", False)], ["outage_id"], ["device_id:count_distinct"]
            )
        )
        for outage in self:
            outage.device_count = all_of.get(outage._origin, 0)
            outage.open_count = open_of.get(outage._origin, 0)

    def action_open_alarms(self):
        """The alarms gathered here."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("ttcs_devices.ttcs_alarm_action")
        return {**action, "domain": [("outage_id", "=", self.id)], "context": {}}
