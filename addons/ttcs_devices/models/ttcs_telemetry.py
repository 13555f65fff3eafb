from datetime import timedelta

from odoo import api, fields, models

from ttcs_wire.store import upgrade

DAYS_AHEAD = 8
SAMPLE_DAYS_PARAMETER = "ttcs_devices.sample_days"
SAMPLE_DAYS = 30
EVENT_DAYS_PARAMETER = "ttcs_devices.event_days"
EVENT_DAYS = 5 * 366
ROLLED_UP_DAYS = 2


class TtcsTelemetry(models.AbstractModel):
    """The schema ``ttcs_tele``: installed, kept and summed up here, written by the bridge."""

    _name = "ttcs.telemetry"
    _description = "Telemetry"

    def init(self):
        self._upgrade()

    @api.model
    def _upgrade(self):
        """Run the steps of the schema that this database lacks; views ask for it first."""
        if upgrade(self.env.cr):
            self._make_partitions()

    @api.model
    def _make_partitions(self):
        """Tables for the days kept and for those to come.

        A device that was without a network for weeks still finds the day of its samples.
        """
        self.env.cr.execute(
            "SELECT ttcs_tele.make_partitions(%s, %s)",
            [
                self._today() - timedelta(days=self._days(SAMPLE_DAYS_PARAMETER, SAMPLE_DAYS)),
                self._days(SAMPLE_DAYS_PARAMETER, SAMPLE_DAYS) + DAYS_AHEAD,
            ],
        )

    @api.model
    def _cron_keep(self):
        """Each night: tables ahead, sums of the last days, old tables dropped whole."""
        self._make_partitions()
        today = self._today()
        for days in range(ROLLED_UP_DAYS, -1, -1):
            self.env.cr.execute("SELECT ttcs_tele.roll_up(%s)", [today - timedelta(days=days)])
        self.env.cr.execute(
            "SELECT ttcs_tele.drop_partitions(%s, %s)",
            [
                today - timedelta(days=self._days(SAMPLE_DAYS_PARAMETER, SAMPLE_DAYS)),
                today - timedelta(days=self._days(EVENT_DAYS_PARAMETER, EVENT_DAYS)),
            ],
        )

    @api.model
    def _cron_roll_up(self):
        """Each hour: the sums of today, which the charts read."""
        self.env.cr.execute("SELECT ttcs_tele.roll_up(%s)", [self._today()])

    @api.model
    def _today(self):
        """The day in UTC, by which the tables are cut."""
        return fields.Datetime.now().date()

    @api.model
    def _days(self, parameter, default):
        # sudo: a setting of the instance, read by jobs.
        value = self.env["ir.config_parameter"].sudo().get_param(parameter)
        return int(value) if value and value.isdigit() else default
