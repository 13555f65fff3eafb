from odoo import fields, models

PROVINCE, DISTRICT, COMMUNE, HAMLET, RESIDENTIAL_CLUSTER = 1, 2, 3, 4, 5


class TtcsUnitKind(models.Model):
    """What a place is called: tỉnh, huyện, xã, phường, ấp, khóm, cụm dân cư."""

    _name = "ttcs.unit.kind"
    _description = "Kind of place"
    _inherit = ["ttcs.guarded.mixin"]
    _order = "level, sequence, id"

    code = fields.Char(required=True)
    name = fields.Char(required=True, help="As it stands before the name, e.g. Xã.")
    level = fields.Integer(
        required=True,
        help="1 province, 2 district, 3 commune, 4 hamlet, 5 residential cluster.",
    )
    sequence = fields.Integer(default=10)

    _code_unique = models.Constraint("UNIQUE (code)", "This kind of place exists already.")
    _level_known = models.Constraint(
        "CHECK (level BETWEEN 1 AND 5)", "The level of a kind of place goes from 1 to 5."
    )
