from odoo import fields, models


class ResPartner(models.Model):
    """The contact of a person; out of reach as the person is (``ttcs_base_rules.xml``)."""

    _inherit = "res.partner"

    # For record rules only, as ttcs.person.scope_assignment_ids.
    ttcs_person_ids = fields.One2many("ttcs.person", "partner_id", groups=fields.NO_ACCESS)
