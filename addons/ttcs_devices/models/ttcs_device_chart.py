from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

# What is drawn: from the samples of a day in steps of minutes, from the sums of hours for longer.
FIGURES = {
    "temperature": (SQL("avg(temperature)"), SQL("avg(temperature_average)")),
    "battery": (SQL("avg(battery)"), SQL("min(battery_lowest)")),
    "mains": (SQL("avg(mains)"), SQL("min(mains_lowest)")),
    "volume": (SQL("avg(volume)"), SQL("avg(volume_average)")),
    "signal": (SQL("avg(signal)"), SQL("avg(signal_average)")),
    "on_air": (
        SQL("100.0 * count(*) FILTER (WHERE on_air) / count(*)"),
        SQL("100.0 * sum(on_air_samples) / NULLIF(sum(samples), 0)"),
    ),
}
PERIODS = (1, 7, 30)
STEP = "5 minutes"


class TtcsDevice(models.Model):
    """Curves for the forms of devices and assets."""

    _inherit = "ttcs.device"

    def get_chart(self, figure, days):
        """One curve for each of these devices.

        :param figure: key of ``FIGURES``
        :param days: 1, in steps of five minutes, else 7 or 30 by the hour
        :returns: ``{"times": ["24/11 08:05", …], "series": [{"name", "values": [number or
            None, …]}]}``, times on the clock of the administration
        :raises UserError: for anything else
        """
        self.check_access("read")
        if figure not in FIGURES or days not in PERIODS:
            raise UserError(self.env._("There is no such chart."))
        rows = self.env.execute_query(self._chart_query(figure, days)) if self else []
        times = sorted({moment for _device, moment, _value in rows})
        found = {(device, moment): value for device, moment, value in rows}
        shown = {moment: self._shown_time(moment) for moment in times}
        return {
            "times": [shown[moment] for moment in times],
            "series": [
                {
                    "name": device.display_name,
                    "values": [_rounded(found.get((device.id, moment))) for moment in times],
                }
                for device in self
            ],
        }

    def _chart_query(self, figure, days):
        of_samples, of_hours = FIGURES[figure]
        if days == 1:
            return SQL(
                """
                SELECT device_id, date_bin(%s, ts, '2000-01-01') AS step, %s
                FROM ttcs_tele.sample
                WHERE device_id = ANY(%s) AND ts > now() AT TIME ZONE 'UTC' - interval '1 day'
                GROUP BY 1, 2
                """,
                STEP,
                of_samples,
                self.ids,
            )
        return SQL(
            """
            SELECT device_id, hour, %s FROM ttcs_tele.sample_hour
            WHERE device_id = ANY(%s)
                AND hour > now() AT TIME ZONE 'UTC' - make_interval(days => %s)
            GROUP BY 1, 2
            """,
            of_hours,
            self.ids,
            days,
        )

    @api.model
    def _shown_time(self, moment):
        zoned = self.with_context(tz=self.env.company._zone())
        return f"{fields.Datetime.context_timestamp(zoned, moment):%d/%m %H:%M}"


def _rounded(value):
    return None if value is None else round(float(value), 2)
