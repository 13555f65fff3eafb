from odoo import api, fields, models

from ..orders.operations import minute_of_day

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class TtcsDeviceProgramme(models.Model):
    """One time of certain days in a schedule."""

    _name = "ttcs.device.programme"
    _description = "Programme of a schedule"
    _inherit = ["ttcs.guarded.mixin"]
    _order = "schedule_id, begins_at, id"

    schedule_id = fields.Many2one(
        "ttcs.device.schedule", required=True, index=True, ondelete="cascade"
    )
    name = fields.Char(required=True, string="Programme", size=64)
    begins_at = fields.Float(required=True, string="From", default=5.0)
    minutes = fields.Integer(required=True, default=30)
    recording_id = fields.Many2one(
        "ttcs.device.recording",
        index=True,
        ondelete="restrict",
        help="Left empty, the device relays its own source: a line, FM or a stream.",
    )
    monday = fields.Boolean(default=True)
    tuesday = fields.Boolean(default=True)
    wednesday = fields.Boolean(default=True)
    thursday = fields.Boolean(default=True)
    friday = fields.Boolean(default=True)
    saturday = fields.Boolean(default=True)
    sunday = fields.Boolean(default=True)

    _time_possible = models.Constraint(
        "CHECK (begins_at >= 0 AND begins_at < 24)", "A programme begins between 00:00 and 23:59."
    )
    _minutes_possible = models.Constraint(
        "CHECK (minutes BETWEEN 1 AND 1440)", "A programme lasts between 1 minute and a day."
    )
    _has_days = models.Constraint(
        "CHECK (monday OR tuesday OR wednesday OR thursday OR friday OR saturday OR sunday)",
        "Choose at least one day of the week for each programme.",
    )

    @api.depends("name", "begins_at")
    def _compute_display_name(self):
        for programme in self:
            at = minute_of_day(programme.begins_at)
            programme.display_name = f"{at // 60:02}:{at % 60:02} {programme.name or ''}".strip()

    def _body(self):
        """What devices are told; see ``Programme`` in ``ttcs_wire.contract``."""
        self.ensure_one()
        told = {
            "ref": f"P{self.id}",
            "days": [number for number, day in enumerate(DAYS, 1) if self[day]],
            "at": minute_of_day(self.begins_at),
            "minutes": self.minutes,
        }
        if self.recording_id:
            recording = self.recording_id
            told |= {"url": recording._url(), "sha256": recording.sha256}
        return told
