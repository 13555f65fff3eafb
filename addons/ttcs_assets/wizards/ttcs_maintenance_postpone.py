from odoo import api, fields, models
from odoo.exceptions import UserError


class TtcsMaintenancePostpone(models.TransientModel):
    """Leaves out or postpones maintenance that is planned, with the reason."""

    _name = "ttcs.maintenance.postpone"
    _description = "Postpone maintenance"
    _inherit = ["ttcs.reason.mixin"]

    occurrence_ids = fields.Many2many("ttcs.maintenance.occurrence", string="Maintenance due")
    decision = fields.Selection(
        [
            ("postpone", "Postpone"),
            ("skip", "Leave out this time"),
            ("take_back", "Take back what was left out"),
        ],
        required=True,
        default="postpone",
    )
    day = fields.Date(string="New day")

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        if self.env.context.get("active_model") == "ttcs.maintenance.occurrence":
            values["occurrence_ids"] = [(6, 0, self.env.context.get("active_ids", []))]
        return values

    def _act(self, reason):
        if not self.occurrence_ids:
            raise UserError(self.env._("Choose in the list what is to be decided about."))
        if self.decision == "take_back":
            self.occurrence_ids._take_back(reason)
        elif self.decision == "skip":
            self.occurrence_ids._skip(reason)
        elif not self.day:
            raise UserError(self.env._("Choose the new day."))
        else:
            self.occurrence_ids._postpone(self.day, reason)
