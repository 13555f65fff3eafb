from odoo import fields, models


class TtcsDuty(models.Model):
    """What an assignment lets a person do: the bridge from assignments to access groups.

    Each add-on brings the duties of its own subject.
    """

    _name = "ttcs.duty"
    _description = "Duty"
    _inherit = ["ttcs.guarded.mixin"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    group_id = fields.Many2one("res.groups", required=True, ondelete="restrict")

    _code_unique = models.Constraint("UNIQUE (code)", "This duty exists already.")
    _group_unique = models.Constraint("UNIQUE (group_id)", "This group has a duty already.")
