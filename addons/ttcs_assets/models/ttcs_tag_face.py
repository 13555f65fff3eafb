from typing import NamedTuple

from markupsafe import Markup

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
        else leaves it.  It goes step by step: planning one join of all these tables would take
        PostgreSQL ten times as long as running it.

        :param text: 18 symbols in any spelling, or a call code of eight digits
        """
        text = (text or "").strip()
        spoken = parse_spoken_code(text)
        identifier = None if spoken else self.env["ttcs.tag.key.ring"]._ring().verify(text)
        if not spoken and not identifier:
            return FORGED
        named = SQL("spoken_code = %s", spoken) if spoken else SQL("identifier = %s", identifier)
        rows = self.env.execute_query(
            SQL(
                """
                WITH tag AS MATERIALIZED (
                    SELECT id, state, spoken_code, equipment_id FROM ttcs_tag WHERE %(named)s
                ), successor AS MATERIALIZED (
                    SELECT later.spoken_code
                    FROM tag
                    JOIN ttcs_tag later
                        ON later.equipment_id = tag.equipment_id AND later.state = 'assigned'
                    WHERE tag.state = 'revoked'
                    ORDER BY later.id DESC
                    LIMIT 1
                ), asset AS MATERIALIZED (
                    SELECT asset.*
                    FROM tag
                    JOIN maintenance_equipment asset ON asset.id = tag.equipment_id
                    WHERE tag.state = 'assigned' OR EXISTS (SELECT FROM successor)
                ), place AS MATERIALIZED (
                    SELECT place.id, place.full_name, place.commune_id
                    FROM asset JOIN ttcs_unit place ON place.id = asset.unit_id
                )
                SELECT tag.state, tag.id, asset.id,
                    COALESCE((SELECT spoken_code FROM successor), tag.spoken_code),
                    COALESCE(asset.name ->> %(lang)s, asset.name ->> 'en_US'),
                    (
                        SELECT COALESCE(kind.name ->> %(lang)s, kind.name ->> 'en_US')
                        FROM maintenance_equipment_category kind
                        WHERE kind.id = asset.category_id
                    ),
                    (SELECT full_name FROM place WHERE id <> commune_id),
                    COALESCE(
                        (
                            SELECT commune.full_name
                            FROM place JOIN ttcs_unit commune ON commune.id = place.commune_id
                        ),
                        (SELECT full_name FROM place)
                    ),
                    CASE WHEN asset.active AND asset.life_state = 'in_use'
                        THEN asset.condition ELSE 'gone' END,
                    COALESCE(asset.condition_since, asset.condition_date), asset.condition_date,
                    agency.name, agency.phone
                FROM tag
                LEFT JOIN asset ON TRUE
                LEFT JOIN ttcs_agency agency ON agency.id = asset.agency_id
                """,
                lang=self.env.lang or "en_US",
                named=named,
            )
        )
        return Face(*(value or "" for value in rows[0])) if rows else FORGED

    @api.model
    def _face_section(self, face):
        """What add-ons above have to ask or to say on the face of an asset, as markup.

        The page is the same for everybody and kept by caches for a minute.

        :param face: ``Face``
        """
        return Markup()

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
