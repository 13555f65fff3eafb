from odoo import fields, models


class MaintenanceEquipment(models.Model):
    """When an asset is to be maintained next, by the rules that hold for it."""

    _inherit = "maintenance.equipment"

    next_maintenance_date = fields.Date(
        compute="_compute_next_maintenance_date", string="Next maintenance"
    )

    def _compute_next_maintenance_date(self):
        still_due = [
            ("equipment_id", "in", self.ids),
            ("state", "in", ("planned", "opened")),
        ]
        # sudo: whoever sees an asset may know when it is maintained next.
        ledger = self.env["ttcs.maintenance.occurrence"].sudo()
        days = dict(ledger._read_group(still_due, ["equipment_id"], ["due_date:min"]))
        for asset in self:
            asset.next_maintenance_date = days.get(asset._origin, False)

    def action_open_maintenance_due(self):
        """What is and was due on this asset."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ttcs_assets.ttcs_maintenance_occurrence_action"
        )
        action["domain"] = [("equipment_id", "=", self.id)]
        return action
