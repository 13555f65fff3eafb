from odoo import fields, models


class ResPartner(models.Model):
    """The contact of a person; out of reach as the person is (``ttcs_base_rules.xml``)."""

    _inherit = "res.partner"

    ttcs_person_ids = fields.One2many(
        "ttcs.person", "partner_id", string="Person", groups="ttcs_base.ttcs_base_group_user"
    )
