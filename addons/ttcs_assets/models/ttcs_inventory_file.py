from odoo import fields, models


class TtcsInventoryFile(models.Model):
    """A file rendered when a round was closed, with its hash."""

    _name = "ttcs.inventory.file"
    _description = "Kept file of an inventory"
    _inherit = ["ttcs.kept.file.mixin"]
    _order = "inventory_id, id"

    inventory_id = fields.Many2one(
        "ttcs.inventory", required=True, readonly=True, index=True, ondelete="restrict"
    )
