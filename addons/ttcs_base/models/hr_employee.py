from odoo import fields, models


class HrEmployee(models.Model):
    """The employee record of a person; out of reach as the person is."""

    _inherit = "hr.employee"

    ttcs_person_ids = fields.One2many(
        "ttcs.person", "employee_id", string="Person", groups="hr.group_hr_user"
    )
