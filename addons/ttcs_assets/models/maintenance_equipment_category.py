from odoo import fields, models

FAMILIES = [
    ("station", "Station"),
    ("cluster", "Loudspeaker cluster"),
    ("board", "Public board"),
    ("component", "Component"),
]


class MaintenanceEquipmentCategory(models.Model):
    """A kind of asset: core's category, and which family of the network it belongs to."""

    _inherit = "maintenance.equipment.category"
    _description = "Kind of asset"
    _order = "family, sequence, id"

    name = fields.Char(string="Kind of asset")
    family = fields.Selection(FAMILIES, index=True)
    code = fields.Char(help="Stable key for imports and add-ons.")
    sequence = fields.Integer(default=10)
    technician_user_id = fields.Many2one(default=False)

    _code_unique = models.Constraint("UNIQUE (code)", "This kind of asset exists already.")
