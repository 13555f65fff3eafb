from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL

from ..tagging import parse_spoken_code


class Face(NamedTuple):
    """All that anybody may learn from a tag.  What is not here cannot get onto the page.

    ``status``: ``assigned``, ``blank``, ``revoked``, ``void`` or ``forged``.
    ``condition``: as in ``maintenance.equipment``, or ``gone`` for what is no longer in use.
    ``spoken_code``: of the tag that is on the asset now.
    """

    status: str
    tag_id: int = 0
    asset_id: int = 0
    spoken_code: str = ""
    name: str = ""
    kind: str = ""
    hamlet: str = ""
    commune: str = ""
    condition: str = ""
    condition_since: object = None
    checked_on: object = None
    agency: str = ""
    phone: str = ""


FORGED = Face("forged")


class TtcsTag(models.Model):
    _inherit = "ttcs.tag"

    @api.model
    def _face(self, text):
        """What everybody may see behind a code or a call code; at most one query.

        The signature comes first: a forged code asks the database nothing.  The statement
        names each column that may be shown, and no access rights are asked, because nothing
        else leaves it.

        :param text: 18 symbols in any spelling, or a call code of eight digits
        """
        text = (text or "").strip()
        spoken = parse_spoken_code(text)
        identifier = None if spoken else self.env["ttcs.tag.key.ring"]._ring().verify(text)
        if not spoken and not identifier:
            return FORGED
        named = (
            SQL("tag.spoken_code = %s", spoken)
            if spoken
            else SQL("tag.identifier = %s", identifier)
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT tag.state, tag.id, asset.id, COALESCE(current.spoken_code, tag.spoken_code),
                    COALESCE(asset.name ->> %(lang)s, asset.name ->> 'en_US', ''),
                    COALESCE(kind.name ->> %(lang)s, kind.name ->> 'en_US', ''),
                    CASE WHEN place.id <> place.commune_id THEN place.full_name ELSE '' END,
                    COALESCE(commune.full_name, place.full_name, ''),
                    CASE WHEN asset.active AND asset.life_state = 'in_use'
                        THEN asset.condition ELSE 'gone' END,
                    COALESCE(asset.condition_since, asset.condition_date), asset.condition_date,
                    COALESCE(agency.name, ''), COALESCE(agency.phone, '')
                FROM ttcs_tag tag
                LEFT JOIN ttcs_tag current
                    ON current.equipment_id = tag.equipment_id AND current.state = 'assigned'
                    AND tag.state = 'revoked'
                LEFT JOIN maintenance_equipment asset
                    ON asset.id = tag.equipment_id
                    AND (tag.state = 'assigned' OR current.id IS NOT NULL)
                LEFT JOIN maintenance_equipment_category kind ON kind.id = asset.category_id
                LEFT JOIN ttcs_unit place ON place.id = asset.unit_id
                LEFT JOIN ttcs_unit commune ON commune.id = place.commune_id
                LEFT JOIN ttcs_agency agency ON agency.id = asset.agency_id
                WHERE %(named)s
                ORDER BY current.id DESC
                LIMIT 1
                """,
                lang=self.env.lang or "en_US",
                named=named,
            )
        )
        return Face(*(value or "" for value in rows[0])) if rows else FORGED

    @api.model
    def _log_scan(self, tag_id, face, user_id=None):
        """Append a look at a tag; gives up rather than wait for anybody.

        :param face: who looked: ``citizen``, ``technician`` or ``office``
        """
        self.env.cr.execute(
            """
            INSERT INTO ttcs_tag_scan (tag_id, scanned_at, face, user_id)
            SELECT id, %s, %s, %s FROM ttcs_tag WHERE id = %s FOR KEY SHARE SKIP LOCKED
            """,
            [fields.Datetime.now(), face, user_id, tag_id],
        )
