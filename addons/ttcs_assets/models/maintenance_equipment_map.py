from odoo import api, models
from odoo.tools import SQL

FAMILY_CODES = {"station": "s", "cluster": "c", "board": "b", "component": "p"}


class MaintenanceEquipment(models.Model):
    """What the map asks: points only, details when a point is tapped."""

    _inherit = "maintenance.equipment"

    @api.model
    def get_map(self, domain):
        """Points of the assets of a domain that the user may read, and names of communes.

        :returns: ``{"points": [[id, latitude, longitude, family, condition]], "communes":
            [[name, latitude, longitude]], "without_position": count}``; three queries for
            any number of assets
        """
        query = self._search(domain)
        table = query.table
        columns = ("id", "latitude", "longitude", "family", "condition")
        self.env.cr.execute(query.select(*(SQL.identifier(table, column) for column in columns)))
        rows = self.env.cr.fetchall()
        points = [
            [record, float(lat), float(lon), FAMILY_CODES.get(family, "p"), condition]
            for record, lat, lon, family, condition in rows
            if lat and lon
        ]
        return {
            "points": points,
            "communes": self._map_communes(),
            "without_position": len(rows) - len(points),
        }

    @api.model
    def _map_communes(self):
        """Names of the communes in reach, and where they stand on the map."""
        communes = self.env["ttcs.unit"].search_fetch(
            [
                ("level", "=", 3),
                ("in_force", "=", True),
                ("latitude", "!=", 0),
                ("in_reach", "=", True),
            ],
            ["full_name", "latitude", "longitude"],
        )
        return [[c.full_name, c.latitude, c.longitude] for c in communes]

    def get_map_card(self):
        """What the map shows of one tapped asset."""
        self.ensure_one()
        self.check_access("read")
        conditions = dict(self._fields["condition"]._description_selection(self.env))
        return {
            "id": self.id,
            "name": self.display_name,
            "kind": self.category_id.name,
            "place": self.unit_id.display_name or "",
            "condition": conditions.get(self.condition, ""),
        }
