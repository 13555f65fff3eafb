from datetime import timedelta

from odoo import api, fields, models

from ttcs_wire.store import upgrade

DAYS_AHEAD = 8
SAMPLE_DAYS_PARAMETER = "ttcs_devices.sample_days"
SAMPLE_DAYS = 30
EVENT_DAYS_PARAMETER = "ttcs_devices.event_days"
EVENT_DAYS = 5 * 366
COMMAND_DAYS_PARAMETER = "ttcs_devices.command_days"
COMMAND_DAYS = 5 * 366
QUARANTINE_DAYS = 366
FORGET_AT_ONCE = 50_000
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
        self._forget()
        self._enter_runtime()

    @api.model
    def _forget(self):
        """Drop commands that ended years ago, and old counts of what was set apart.

        The order stays with its list of devices.  What a device last applied as its schedule stays
        too, because the broadcast log plans by it.  A night drops so many at most.
        """
        today = self._today()
        self.env.cr.execute(
            """
            DELETE FROM ttcs_tele.command WHERE id IN (
                SELECT id FROM ttcs_tele.command
                WHERE ended_at < %(ended_before)s
                    AND NOT (operation = 'apply_schedule' AND state = 'done')
                ORDER BY ended_at LIMIT %(most)s);
            DELETE FROM ttcs_tele.quarantine WHERE day < %(day)s
            """,
            {
                "ended_before": today
                - timedelta(days=self._days(COMMAND_DAYS_PARAMETER, COMMAND_DAYS)),
                "most": FORGET_AT_ONCE,
                "day": today - timedelta(days=QUARANTINE_DAYS),
            },
        )

    @api.model
    def _enter_runtime(self):
        """Add what devices were on air to the meters of their assets; one statement.

        The meter of an asset goes on where it was when a controller is replaced: only what this
        device counted since it was fitted is added.  A count that begins anew is added whole.
        """
        self.env.flush_all()
        self.env.cr.execute(
            """
            WITH counted AS (
                SELECT device.id, device.equipment_id, last.runtime,
                    CASE WHEN last.runtime >= COALESCE(device.runtime_entered, 0)
                        THEN last.runtime - COALESCE(device.runtime_entered, 0)
                        ELSE last.runtime END / 360 AS tenths
                FROM ttcs_device device
                JOIN ttcs_tele.last ON last.device_id = device.id
                WHERE device.equipment_id IS NOT NULL AND last.runtime IS NOT NULL
                ORDER BY device.id FOR UPDATE OF device
            ),
            entered AS (
                UPDATE ttcs_device device
                SET runtime_entered = CASE WHEN counted.runtime
                    >= COALESCE(device.runtime_entered, 0)
                    THEN COALESCE(device.runtime_entered, 0) ELSE 0 END + counted.tenths * 360
                FROM counted WHERE device.id = counted.id AND counted.tenths > 0
                RETURNING device.id
            )
            INSERT INTO ttcs_meter_reading (equipment_id, hours, read_at, source, user_id,
                create_uid, create_date, write_uid, write_date)
            SELECT counted.equipment_id, COALESCE(known.hours, 0) + sum(counted.tenths) / 10.0,
                now() AT TIME ZONE 'UTC', 'device', %(uid)s, %(uid)s,
                now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
            FROM counted
            LEFT JOIN LATERAL (
                SELECT hours FROM ttcs_meter_reading reading
                WHERE reading.equipment_id = counted.equipment_id
                ORDER BY read_at DESC, id DESC LIMIT 1
            ) known ON true
            WHERE counted.tenths > 0
            GROUP BY counted.equipment_id, known.hours
            """,
            {"uid": self.env.uid},
        )
        self.env["ttcs.meter.reading"].invalidate_model()
        self.env["ttcs.device"].invalidate_model(["runtime_entered"])

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
