from odoo import fields, models


class MaintenanceEquipmentCategory(models.Model):
    """The checklist that repairs of a kind of asset begin with."""

    _inherit = "maintenance.equipment.category"

    checklist_id = fields.Many2one(
        "ttcs.checklist",
        string="Checklist of repairs",
        ondelete="restrict",
        help="Taken by repairs of this kind of asset; none unless the agency chooses one.",
    )
