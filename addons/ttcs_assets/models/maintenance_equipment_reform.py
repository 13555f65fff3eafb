from odoo import api, models
from odoo.tools import SQL

from ..asset_codes import codes_on_arrival


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
        return self._place_exactly(rows + self._following_parts(rows), date) if rows else rows

    @api.model
    def _place_exactly(self, rows, date):
        """Place these assets and no part that is not among them; see ``_place_anew``."""
        self._keep_codes_apart(rows)
        rows = super()._place_anew(rows, date)
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
    def _keep_codes_apart(self, rows):
        """Give assets another code that come to an agency where theirs is taken.

        A note on each says which code it had, as that one stays painted on it.
        """
        self.env.cr.execute(
            """
            SELECT asset.id, asset.code, row.agency_id, asset.agency_id
            FROM unnest(%s::integer[], %s::integer[]) WITH ORDINALITY
                AS row (id, agency_id, number)
            JOIN maintenance_equipment asset ON asset.id = row.id
            WHERE asset.code <> '' AND asset.agency_id <> row.agency_id
            ORDER BY row.number
            """,
            [[row[0] for row in rows], [row[4] for row in rows]],
        )
        arriving = self.env.cr.fetchall()
        agencies = {agency for row in arriving for agency in row[2:]}
        self.env.cr.execute(
            "SELECT agency_id, array_agg(code) FROM maintenance_equipment"
            " WHERE agency_id = ANY(%s) AND code <> '' GROUP BY agency_id",
            [list(agencies)],
        )
        taken = {agency: set(codes) for agency, codes in self.env.cr.fetchall()}
        changed = codes_on_arrival([row[:3] for row in arriving], taken)
        if not changed:
            return
        self.env.cr.execute(
            """
            UPDATE maintenance_equipment asset SET code = row.code
            FROM unnest(%s::integer[], %s::varchar[]) AS row (id, code)
            WHERE asset.id = row.id
            """,
            [list(changed), list(changed.values())],
        )
        self.invalidate_model(["code"])
        # sudo: whose code changes may be out of the reach of who places it.
        self.browse(changed).sudo()._message_log_batch(
            bodies={
                asset: self.env._(
                    "Code %(old)s is taken at the new agency; this asset is now %(new)s.",
                    old=old,
                    new=changed[asset],
                )
                for asset, old, *_agencies in arriving
                if asset in changed
            }
        )

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
