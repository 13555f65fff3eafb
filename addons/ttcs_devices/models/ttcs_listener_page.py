from odoo import fields, models
from odoo.fields import Domain

from ..roll_call import Asked, AskedNow


class TtcsListener(models.Model):
    """What the page of a listener shows."""

    _inherit = "ttcs.listener"

    def _open_lines(self):
        """The loudspeakers that he is asked about at this moment."""
        self.ensure_one()
        return self._lines_nearby().filtered(lambda line: line._is_open())

    def _lines_nearby(self):
        """Lines of loudspeakers that he hears, of roll calls that are not over."""
        lines = self.env["ttcs.roll.call.line"]
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT line.id FROM ttcs_roll_call_line line
            JOIN ttcs_roll_call call ON call.id = line.roll_call_id AND call.state = 'called'
            WHERE NOT line.is_void AND line.ends_at > now() AT TIME ZONE 'UTC'
                AND line.unit_id IN (SELECT to_unit_id FROM ttcs_unit_reach
                    WHERE from_unit_id = %s)
            ORDER BY line.begins_at, line.id
            """,
            [self.unit_id.id],
        )
        return lines.browse(identifier for (identifier,) in self.env.cr.fetchall())

    def _asked(self):
        """``AskedNow`` of this listener."""
        self.ensure_one()
        nearby = self._lines_nearby()
        lines = nearby.filtered(lambda line: line._is_open())
        if not lines:
            following = nearby[:1].begins_at
            return AskedNow([], "", following and self._local(following))
        told = self._last_words(lines)
        return AskedNow(
            [
                Asked(
                    line.code,
                    line.equipment_id.name,
                    line.equipment_id.site_note or "",
                    *told.get(line.id, ()),
                )
                for line in lines
            ],
            self._local(max(lines.mapped("ends_at")))[0],
            None,
        )

    def _last_words(self, lines):
        """What he told last of each line, and at what local time."""
        answers = self.env["ttcs.roll.call.answer"].search(
            [("line_id", "in", lines.ids), ("listener_id", "=", self.id)], order="id"
        )
        return {
            answer.line_id.id: (answer.answer, self._local(answer.said_at)[0])
            for answer in answers
        }

    def _local(self, moment):
        """Hour and day of a moment on the clock of the administration."""
        zoned = self.with_context(tz=self.env.company._zone())
        at = fields.Datetime.context_timestamp(zoned, moment)
        return f"{at:%H:%M}", f"{at:%d/%m/%Y}"

    def _note_opening(self):
        """Note on his open invitations that he looked, once each."""
        calls = self._open_lines().roll_call_id
        self.env["ttcs.roll.call.invitation"].search(
            Domain("roll_call_id", "in", calls.ids)
            & Domain("listener_id", "=", self.id)
            & Domain("opened_at", "=", False)
        ).opened_at = fields.Datetime.now()
