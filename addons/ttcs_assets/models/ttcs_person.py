from odoo import fields, models


class TtcsPerson(models.Model):
    _inherit = "ttcs.person"

    custody_ids = fields.One2many(
        "ttcs.custody",
        "person_id",
        readonly=True,
        groups="ttcs_assets.ttcs_assets_group_user,ttcs_base.ttcs_base_group_leader",
    )

    def action_hand_over(self):
        """A hand-over of everything that this person holds, in reach of the user."""
        self.ensure_one()
        held = self.env["maintenance.equipment"].search([("custodian_id", "=", self.id)])
        return self.env["ttcs.handover"]._ask(held, self)
