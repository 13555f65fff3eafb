from odoo import fields, models


class HrEmployee(models.Model):
    """The employee record of a person; out of reach as the person is."""

    _inherit = "hr.employee"

    # For record rules only, as ttcs.person.scope_assignment_ids.
    ttcs_person_ids = fields.One2many("ttcs.person", "employee_id", groups=fields.NO_ACCESS)
