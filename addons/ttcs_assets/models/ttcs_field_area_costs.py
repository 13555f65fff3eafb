from odoo import api, models
from odoo.tools import SQL

PART_FIELDS = ("id", "name", "uom")


class TtcsFieldArea(models.AbstractModel):
    """The catalogue of spare parts, without prices, and what the meters showed last."""

    _inherit = "ttcs.field.area"

    @api.model
    def _area(self, commune_ids=None):
        """Adds ``parts`` and, of the assets whose orders ask for a meter, ``meters``."""
        area = super()._area(commune_ids)
        return area | {
            "parts": self._as_table(PART_FIELDS, self._parts()),
            "meters": self._as_table(("equipment_id", "hours"), self._meters(area)),
        }

    @api.model
    def _parts(self):
        """The parts in use, by name."""
        parts = self.env["ttcs.spare.part"].search_fetch([], PART_FIELDS)
        return [[part[name] for name in PART_FIELDS] for part in parts]

    @api.model
    def _meters(self, area):
        lines, held = area["checklist_lines"], area["order_checklists"]["rows"]
        checklist, kind = (lines["columns"].index(name) for name in ("checklist_id", "kind"))
        with_meter = {line[checklist] for line in lines["rows"] if line[kind] == "meter"}
        order_ids = {order_id for order_id, checklist_id in held if checklist_id in with_meter}
        # The assets that the area shows, so those in the user's reach.
        assets = {asset[0] for asset in area["assets"]["rows"]}
        asset_ids = {order[2] for order in area["orders"]["rows"] if order[0] in order_ids}
        self.env["ttcs.meter.reading"].flush_model()
        return [
            list(row)
            for row in self.env.execute_query(
                SQL(
                    """
                    SELECT DISTINCT ON (equipment_id) equipment_id, hours::float
                    FROM ttcs_meter_reading WHERE equipment_id = ANY(%s)
                    ORDER BY equipment_id, read_at DESC, id DESC
                    """,
                    list(assets & asset_ids),
                )
            )
        ]
