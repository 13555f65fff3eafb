from odoo import fields, models


class MaintenanceRequest(models.Model):
    _inherit = "maintenance.request"

    reported_by = fields.Selection(
        selection_add=[("listener", "Roll call")], ondelete={"listener": "set default"}
    )
