from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class TtcsAsOf(models.TransientModel):
    """Assets with the place and the owner that they had on a day, on the map of any day."""

    _name = "ttcs.as.of"
    _description = "Assets on a day"
    _inherit = ["ttcs.plausible.mixin"]

    date = fields.Date(required=True, default=lambda self: self._last_day_of_old_map())
    map_date = fields.Date(
        string="On the map of",
        help="Which places to add up by: those of this day. Empty: those of the day asked for.",
    )
    line_ids = fields.One2many("ttcs.as.of.line", "as_of_id")

    @api.model
    def _last_day_of_old_map(self):
        edge = self.env["ttcs.unit.lineage"].search([], order="date desc", limit=1)
        return fields.Date.subtract(edge.date, days=1) if edge else self.env.company._today()

    def action_show(self):
        """A list, grouped by the communes of the map chosen."""
        self.ensure_one()
        if self.date > self.env.company._today():
            raise UserError(self.env._("The day lies in the future; choose one that has been."))
        self._fill()
        map_date = self.map_date or self.date
        return {
            "type": "ir.actions.act_window",
            "name": self.env._(
                "Assets on %(date)s, places of %(map_date)s",
                date=f"{self.date:%d/%m/%Y}",
                map_date=f"{map_date:%d/%m/%Y}",
            ),
            "res_model": "ttcs.as.of.line",
            "views": [(False, "list"), (False, "kanban"), (False, "pivot")],
            "domain": [("as_of_id", "=", self.id)],
            "context": {"search_default_group_commune": 1, "ttcs_as_of": self.date},
        }

    def _fill(self):
        """Write the lines: one statement for any number of assets."""
        assets = self.env["maintenance.equipment"].with_context(active_test=False)
        readable = assets._search([])
        placed = self.env["ttcs.placement"]._as_of(assets._name, self.date, self.map_date or None)
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO ttcs_as_of_line (as_of_id, equipment_id, category_id, unit_id,
                    agency_id, map_unit_id, commune_id, original_cost, create_uid, create_date)
                SELECT %(wizard)s, asset.id, asset.category_id, placed.unit_id,
                    placed.agency_id, placed.map_unit_id, unit.commune_id, asset.original_cost,
                    %(uid)s, now() AT TIME ZONE 'UTC'
                FROM (%(placed)s) placed
                JOIN maintenance_equipment asset ON asset.id = placed.res_id
                LEFT JOIN ttcs_unit unit ON unit.id = placed.map_unit_id
                WHERE asset.id IN %(readable)s
                """,
                wizard=self.id,
                uid=self.env.uid,
                placed=placed,
                readable=readable.subselect(),
            )
        )
        self.env["ttcs.as.of.line"].invalidate_model()
