from odoo import fields, models


class TtcsAsOfLine(models.TransientModel):
    """An asset as it stood on the day of a ``ttcs.as.of``; written by it, for its user."""

    _name = "ttcs.as.of.line"
    _description = "Asset on a day"
    _order = "commune_id, unit_id, id"
    _rec_name = "equipment_id"

    as_of_id = fields.Many2one("ttcs.as.of", required=True, index=True, ondelete="cascade")
    equipment_id = fields.Many2one("maintenance.equipment", string="Asset", ondelete="cascade")
    category_id = fields.Many2one("maintenance.equipment.category", string="Kind")
    unit_id = fields.Many2one("ttcs.unit", string="Place on the day")
    agency_id = fields.Many2one("ttcs.agency", string="Owning agency on the day")
    map_unit_id = fields.Many2one("ttcs.unit", string="Place on the map")
    commune_id = fields.Many2one("ttcs.unit", string="Commune on the map")
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    original_cost = fields.Monetary()

    def _compute_currency_id(self):
        self.currency_id = self.env.company.currency_id

    def action_open_asset(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "maintenance.equipment",
            "res_id": self.equipment_id.id,
            "views": [(False, "form")],
        }
