from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

SOUND = [
    ("heard", "Has sound"),
    ("silent", "Clusters broken or stopped"),
    ("none", "No cluster"),
]


class TtcsUnit(models.Model):
    """A place as the network covers it: does it hear the station today?

    A place has sound when a cluster in use there, or in a part of it, works at least badly.
    """

    _inherit = "ttcs.unit"

    asset_ids = fields.One2many("maintenance.equipment", "unit_id", string="Assets")
    sound = fields.Selection(SOUND, compute="_compute_sound", search="_search_sound")
    cluster_count = fields.Integer(compute="_compute_sound", string="Clusters in use")

    def _compute_sound(self):
        counts = self._cluster_counts(self.ids)
        for unit in self:
            working, total = counts.get(unit._origin.id, (0, 0))
            unit.cluster_count = total
            unit.sound = "heard" if working else "silent" if total else "none"

    def _search_sound(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        counts = self._cluster_counts()
        heard = [unit for unit, (working, _total) in counts.items() if working]
        silent = [unit for unit, (working, _total) in counts.items() if not working]
        parts = {
            "heard": Domain("id", "in", heard),
            "silent": Domain("id", "in", silent),
            "none": Domain("id", "not in", [*heard, *silent]),
        }
        domain = Domain.OR([parts[state] for state in value if state in parts])
        return domain if operator == "in" else ~domain

    def _cluster_counts(self, unit_ids=None):
        """Clusters working and in use per place, parts included; one query.

        :param unit_ids: places to count for, all when None
        :returns: ``{unit id: (working, in use)}``, places without a cluster left out
        """
        self.env["maintenance.equipment"].flush_model()
        self.flush_model(["parent_path"])
        wanted = SQL("AND upper_unit.id = ANY(%s)", list(unit_ids)) if unit_ids else SQL()
        self.env.cr.execute(
            SQL(
                """
                SELECT upper_unit.id,
                    count(*) FILTER (WHERE asset.condition IN ('good', 'degraded')),
                    count(*)
                FROM maintenance_equipment asset
                JOIN ttcs_unit unit ON unit.id = asset.unit_id
                CROSS JOIN LATERAL unnest(
                    string_to_array(trim(trailing '/' FROM unit.parent_path), '/')::integer[]
                ) AS upper_unit(id)
                WHERE asset.family = 'cluster' AND asset.life_state = 'in_use' AND asset.active
                %s
                GROUP BY upper_unit.id
                """,
                wanted,
            )
        )
        return {unit: (working, total) for unit, working, total in self.env.cr.fetchall()}
