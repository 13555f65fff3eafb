from odoo import api, fields, models

from ..work_calendar import WorkCalendar


class TtcsCalendarDay(models.Model):
    """A day off besides the weekend, or a weekend day that is worked instead.

    Announced by year; deadlines and maintenance dates follow.
    """

    _name = "ttcs.calendar.day"
    _description = "Special day"
    _inherit = ["ttcs.guarded.mixin"]
    _order = "date desc"

    date = fields.Date(required=True)
    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(
        [("off", "Day off"), ("worked", "Worked instead of a day off")],
        required=True,
        default="off",
    )

    _date_unique = models.Constraint("UNIQUE (date)", "This day is in the list already.")

    @api.model
    def _work_calendar(self):
        """The ``WorkCalendar`` of all years that are known."""
        # sudo: which days are off is known to everybody.
        days = self.sudo().search_fetch([], ["date", "kind"])
        return WorkCalendar.of(
            (day.date for day in days if day.kind == "off"),
            (day.date for day in days if day.kind == "worked"),
        )
