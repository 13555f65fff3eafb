from odoo import api, fields, models

from odoo.addons.ttcs_base.models.res_company import DEFAULT_TIMEZONE

from ..roll_call.page import asked_section


class TtcsTag(models.Model):
    """On the face of a loudspeaker: whether it is heard, while its roll call runs."""

    _inherit = "ttcs.tag"

    @api.model
    def _face_section(self, face):
        section = super()._face_section(face)
        if not face.asset_id or face.condition == "gone":
            return section
        # sudo: that a loudspeaker is called just now is told to everybody before it.
        lines = self.env["ttcs.roll.call.line"].sudo()
        line = lines.search(
            lines._domain_open_now() & fields.Domain("equipment_id", "=", face.asset_id), limit=1
        )
        if line:
            zoned = self.with_context(tz=DEFAULT_TIMEZONE)
            until = fields.Datetime.context_timestamp(zoned, line.ends_at)
            section += asked_section(self.env, line.code, f"{until:%H:%M}")
        return section
