from odoo import models


class TtcsAssignment(models.Model):
    _inherit = "ttcs.assignment"

    def action_hand_over(self):
        """A hand-over of what the person holds of this agency's assets."""
        self.ensure_one()
        held = self.env["maintenance.equipment"].search(
            [("custodian_id", "=", self.person_id.id), ("agency_id", "=", self.agency_id.id)]
        )
        return self.env["ttcs.handover"]._ask(held, self.person_id)
