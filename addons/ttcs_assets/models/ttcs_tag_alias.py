from odoo import fields, models


class TtcsTagAlias(models.Model):
    """A code that was on an asset before ours: an office's asset code or a vendor's barcode."""

    _name = "ttcs.tag.alias"
    _description = "Other code of an asset"
    _inherit = ["ttcs.guarded.mixin"]
    _order = "name, id"

    name = fields.Char(string="Code", required=True)
    equipment_id = fields.Many2one(
        "maintenance.equipment", string="Asset", required=True, index=True, ondelete="cascade"
    )
    note = fields.Char()

    _name_unique = models.Constraint("UNIQUE (name)", "Another asset has this code.")
