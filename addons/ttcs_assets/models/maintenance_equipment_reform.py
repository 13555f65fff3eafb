from odoo import api, models
from odoo.tools import SQL


class MaintenanceEquipment(models.Model):
    """Assets in a reform: disposed ones stay, parts, tags and open work orders follow."""

    _inherit = "maintenance.equipment"

    @api.model
    def _is_handed_over(self):
        return SQL("record.life_state <> 'disposed'")

    @api.model
    def _asked_about(self, asking):
        """A component goes with what it is built into, so only that is asked about."""
        if not asking:
            return asking
        ids = [row[0] for row in asking]
        self.env.cr.execute(
            """
            SELECT part.id FROM maintenance_equipment part
            JOIN maintenance_equipment whole ON whole.id = part.parent_asset_id
            WHERE part.id = ANY(%(ids)s) AND whole.id = ANY(%(ids)s)
                AND part.family = 'component'
                AND part.unit_id IS NOT DISTINCT FROM whole.unit_id
                AND part.agency_id IS NOT DISTINCT FROM whole.agency_id
            """,
            {"ids": ids},
        )
        following = {row[0] for row in self.env.cr.fetchall()}
        return [row for row in asking if row[0] not in following]

    @api.model
    def _place_anew(self, rows, date):
        if not rows:
            return rows
        rows = super()._place_anew(rows + self._following_parts(rows), date)
        old_agencies = [row[2] for row in rows]
        ids = [row[0] for row in rows]
        self.env.cr.execute(
            """
            UPDATE ttcs_tag tag
            SET unit_id = asset.unit_id,
                agency_id = CASE WHEN tag.agency_id = row.old_agency_id
                    THEN asset.agency_id ELSE tag.agency_id END
            FROM unnest(%s::integer[], %s::integer[]) AS row (id, old_agency_id)
            JOIN maintenance_equipment asset ON asset.id = row.id
            WHERE tag.equipment_id = row.id
            """,
            [ids, old_agencies],
        )
        self.env.cr.execute(
            """
            UPDATE maintenance_request request
            SET unit_id = asset.unit_id, commune_id = asset.commune_id,
                agency_id = asset.agency_id
            FROM maintenance_equipment asset
            WHERE asset.id = ANY(%s) AND request.equipment_id = asset.id
                AND request.closed_at IS NULL
            """,
            [ids],
        )
        return rows

    @api.model
    def _following_parts(self, rows):
        """Rows of components that stand where their whole stood and are not in the rows."""
        self.env.cr.execute(
            """
            WITH RECURSIVE placed AS (
                SELECT * FROM unnest(%s::integer[], %s::integer[], %s::integer[],
                    %s::integer[], %s::integer[])
                    AS placed (id, old_unit_id, old_agency_id, unit_id, agency_id)
            ), follower AS (
                SELECT part.id, placed.old_unit_id, placed.old_agency_id, placed.unit_id,
                    placed.agency_id
                FROM placed JOIN maintenance_equipment part ON part.parent_asset_id = placed.id
                WHERE part.family = 'component' AND part.life_state <> 'disposed'
                    AND part.unit_id IS NOT DISTINCT FROM placed.old_unit_id
                    AND part.agency_id IS NOT DISTINCT FROM placed.old_agency_id
                UNION
                SELECT part.id, whole.old_unit_id, whole.old_agency_id, whole.unit_id,
                    whole.agency_id
                FROM follower whole
                JOIN maintenance_equipment part ON part.parent_asset_id = whole.id
                WHERE part.family = 'component' AND part.life_state <> 'disposed'
                    AND part.unit_id IS NOT DISTINCT FROM whole.old_unit_id
                    AND part.agency_id IS NOT DISTINCT FROM whole.old_agency_id
            )
            SELECT * FROM follower WHERE NOT EXISTS (
                SELECT FROM placed WHERE placed.id = follower.id)
            """,
            [list(column) for column in zip(*rows, strict=True)],
        )
        return self.env.cr.fetchall()
