from odoo import fields, models


class TtcsPosition(models.Model):
    """A position (vị trí việc làm), such as the officer in charge of the station."""

    _name = "ttcs.position"
    _description = "Position"
    _inherit = ["ttcs.plausible.mixin", "ttcs.stepwise.mixin"]
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    works_in_information = fields.Boolean(
        default=True,
        help="Counts among the staff of grassroots information in reports and training.",
    )
    active = fields.Boolean(default=True)
