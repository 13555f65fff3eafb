from odoo import fields, models


class TtcsDowntimeCause(models.Model):
    """Why an asset did not work, and whether that counts against it.

    A power cut, planned works or a failure of the provider's network says nothing about the
    asset or who maintains it: such time is shown apart and leaves the availability alone.
    """

    _name = "ttcs.downtime.cause"
    _description = "Cause of downtime"
    _inherit = ["ttcs.guarded.mixin"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    counts_against = fields.Boolean(
        default=True,
        string="Counts against availability",
        help="Off for what neither the asset nor its maintenance can help.",
    )
    sequence = fields.Integer(default=100)
    active = fields.Boolean(default=True)

    _code_unique = models.Constraint("UNIQUE (code)", "Another cause has the same code.")
