from odoo import api, fields, models
from odoo.tools import SQL

# A mass outage: so many devices, and so large a part of those of the commune, within minutes.
OUTAGE_DEVICES_PARAMETER, OUTAGE_DEVICES = "ttcs_devices.outage_devices", 5
OUTAGE_PERCENT_PARAMETER, OUTAGE_PERCENT = "ttcs_devices.outage_percent", 30
OUTAGE_MINUTES_PARAMETER, OUTAGE_MINUTES = "ttcs_devices.outage_minutes", 15
LOCK = "ttcs_alarm_watch"
LANGUAGE = "vi_VN"

# What holds of a device by a rule: true, false, or NULL where a silent device does not say.
HOLDS = """
    SELECT device.id AS device_id, rule.id AS rule_id,
        CASE
            WHEN rule.condition = 'silent' THEN NOT COALESCE(last.online, false)
            WHEN NOT COALESCE(last.online, false) THEN NULL
            WHEN rule.condition = 'fault' AND rule.of_last > 1 THEN recent.times >= rule.times
            WHEN rule.condition = 'fault' THEN rule.fault = ANY(last.faults)
            WHEN rule.condition = 'above' THEN figure.value >
                CASE WHEN alarm.id IS NULL THEN rule.raise_at ELSE rule.clear_at END
            ELSE figure.value <
                CASE WHEN alarm.id IS NULL THEN rule.raise_at ELSE rule.clear_at END
        END AS holds,
        CASE WHEN rule.condition = 'silent'
            THEN COALESCE(last.seen_at, device.enrolled_at, now() AT TIME ZONE 'UTC')
            ELSE LEAST(last.ts, now() AT TIME ZONE 'UTC') END AS began_at
    FROM ttcs_alarm_rule rule
    CROSS JOIN ttcs_device device
    JOIN ttcs_device_model model ON model.id = device.model_id
        AND (rule.purpose IS NULL OR rule.purpose = model.purpose)
    LEFT JOIN ttcs_tele.last ON last.device_id = device.id
    LEFT JOIN ttcs_alarm alarm ON alarm.device_id = device.id AND alarm.rule_id = rule.id
        AND alarm.cleared_at IS NULL
    LEFT JOIN LATERAL (
        SELECT CASE rule.measure WHEN 'temperature' THEN last.temperature
            WHEN 'battery' THEN last.battery WHEN 'mains' THEN last.mains
            WHEN 'volume' THEN last.volume WHEN 'signal' THEN last.signal
            WHEN 'drift' THEN last.drift END AS value
    ) figure ON true
    LEFT JOIN LATERAL (
        SELECT count(*) FILTER (WHERE rule.fault = ANY(sample.faults)) AS times
        FROM (
            SELECT faults FROM ttcs_tele.sample
            WHERE sample.device_id = device.id
                AND sample.ts > now() AT TIME ZONE 'UTC' - interval '1 day'
            ORDER BY sample.ts DESC LIMIT rule.of_last
        ) sample
        WHERE rule.of_last > 1
    ) recent ON true
    WHERE rule.active AND device.state = 'enrolled'
"""

# Since when it holds; what holds no more is noted as gone.
NOTE = f"""
    WITH looked AS MATERIALIZED ({HOLDS}),
    begun AS (
        INSERT INTO ttcs_alarm_watch (device_id, rule_id, since)
        SELECT device_id, rule_id,
            date_trunc('second', COALESCE(began_at, now() AT TIME ZONE 'UTC'))
        FROM looked WHERE holds
        ON CONFLICT (device_id, rule_id) DO UPDATE SET gone_since = NULL
        WHERE ttcs_alarm_watch.gone_since IS NOT NULL
    )
    UPDATE ttcs_alarm_watch watch
    SET gone_since = date_trunc('second', now() AT TIME ZONE 'UTC')
    FROM looked
    WHERE watch.device_id = looked.device_id AND watch.rule_id = looked.rule_id
        AND NOT looked.holds AND watch.gone_since IS NULL
"""


class TtcsAlarmWatch(models.Model):
    """Conditions that hold, since when; from these alarms are raised and cleared.

    Every minute, whatever the number of devices, in a handful of statements: what holds is
    noted with its beginning, what held long enough is raised, what is gone long enough is
    cleared, many of one commune are gathered, and work orders are opened for what asks for one.
    """

    _name = "ttcs.alarm.watch"
    _description = "Condition of a device"
    _inherit = ["ttcs.guarded.mixin"]

    device_id = fields.Many2one("ttcs.device", required=True, readonly=True, ondelete="cascade")
    rule_id = fields.Many2one("ttcs.alarm.rule", required=True, readonly=True, ondelete="cascade")
    since = fields.Datetime(required=True, readonly=True)
    gone_since = fields.Datetime(readonly=True)

    _once = models.Constraint("UNIQUE (device_id, rule_id)", "This condition is noted already.")

    @api.model
    def _cron_watch(self):
        """Look at every device by every rule; one process at a time."""
        self.env.cr.execute("SELECT pg_try_advisory_xact_lock(hashtext(%s))", [LOCK])
        if not self.env.cr.fetchone()[0]:
            return
        self.env.flush_all()
        self._note()
        # Work orders are read by everybody: in the administration's language, not the job's.
        speaking = self.with_context(lang=self.env.company.partner_id.lang or LANGUAGE)
        raised = speaking._raise()
        cleared = speaking._clear()
        self.env.invalidate_all()
        self._gather()
        self.env.invalidate_all()
        raised.exists()._open_orders_asked_for()
        cleared._note_recovery()

    @api.model
    def _note(self):
        """Since when what holds, and what does not hold any more."""
        self.env.cr.execute(NOTE)
        # What never became an alarm is forgotten as soon as it is gone.
        self.env.cr.execute(
            """
            DELETE FROM ttcs_alarm_watch watch
            WHERE gone_since IS NOT NULL AND NOT EXISTS (
                SELECT FROM ttcs_alarm alarm WHERE alarm.device_id = watch.device_id
                    AND alarm.rule_id = watch.rule_id AND alarm.cleared_at IS NULL)
            """
        )

    @api.model
    def _raise(self):
        """Alarms for what held long enough."""
        self.env.cr.execute(
            """
            INSERT INTO ttcs_alarm (device_id, rule_id, equipment_id, unit_id, commune_id,
                agency_id, severity, severity_rank, began_at, raised_at, create_uid, create_date,
                write_uid, write_date)
            SELECT device.id, rule.id, device.equipment_id, device.unit_id, device.commune_id,
                device.agency_id, rule.severity,
                array_position(ARRAY['danger', 'major', 'minor'], rule.severity::text),
                LEAST(watch.since, at.moment), at.moment, %(uid)s, at.moment, %(uid)s, at.moment
            FROM ttcs_alarm_watch watch
            JOIN ttcs_alarm_rule rule ON rule.id = watch.rule_id AND rule.active
            JOIN ttcs_device device ON device.id = watch.device_id AND device.state = 'enrolled',
            LATERAL (SELECT date_trunc('second', now() AT TIME ZONE 'UTC') AS moment) at
            WHERE watch.gone_since IS NULL
                AND watch.since <= at.moment - make_interval(mins => rule.hold_minutes)
            ORDER BY device.id
            ON CONFLICT (device_id, rule_id) WHERE cleared_at IS NULL DO NOTHING
            RETURNING id
            """,
            {"uid": self.env.uid},
        )
        return self.env["ttcs.alarm"].browse([row[0] for row in self.env.cr.fetchall()])

    @api.model
    def _clear(self):
        """Clear what is gone long enough, and what nobody watches any more."""
        self.env.cr.execute(
            """
            UPDATE ttcs_alarm alarm
            SET cleared_at = GREATEST(alarm.began_at, over.at), cleared_because = over.because
            FROM (
                SELECT alarm.id,
                    CASE WHEN device.state <> 'enrolled' THEN 'device'
                        WHEN NOT rule.active THEN 'rule' ELSE 'gone' END AS because,
                    date_trunc('second', COALESCE(watch.gone_since, now() AT TIME ZONE 'UTC'))
                        AS at
                FROM ttcs_alarm alarm
                JOIN ttcs_alarm_rule rule ON rule.id = alarm.rule_id
                JOIN ttcs_device device ON device.id = alarm.device_id
                LEFT JOIN ttcs_alarm_watch watch
                    ON watch.device_id = alarm.device_id AND watch.rule_id = alarm.rule_id
                WHERE alarm.cleared_at IS NULL AND (device.state <> 'enrolled'
                    OR NOT rule.active OR watch.gone_since <= now() AT TIME ZONE 'UTC'
                        - make_interval(mins => rule.clear_minutes))
            ) over
            WHERE alarm.id = over.id
            RETURNING alarm.id
            """
        )
        cleared = self.env["ttcs.alarm"].browse([row[0] for row in self.env.cr.fetchall()])
        self.env.cr.execute(
            """
            DELETE FROM ttcs_alarm_watch watch USING ttcs_alarm alarm
            WHERE alarm.id = ANY(%s) AND watch.device_id = alarm.device_id
                AND watch.rule_id = alarm.rule_id
            """,
            [cleared.ids],
        )
        return cleared

    @api.model
    def _gather(self):
        """Join alarms to the open outage of their commune, begin new ones, end those over."""
        telemetry = self.env["ttcs.telemetry"]
        limits = {
            "devices": telemetry._days(OUTAGE_DEVICES_PARAMETER, OUTAGE_DEVICES),
            "percent": telemetry._days(OUTAGE_PERCENT_PARAMETER, OUTAGE_PERCENT),
            "minutes": telemetry._days(OUTAGE_MINUTES_PARAMETER, OUTAGE_MINUTES),
        }
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO ttcs_outage (commune_id, is_power, began_at,
                    create_uid, create_date, write_uid, write_date)
                SELECT alarm.commune_id, bool_or(rule.is_power), min(alarm.began_at),
                    %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
                FROM ttcs_alarm alarm
                JOIN ttcs_alarm_rule rule ON rule.id = alarm.rule_id
                WHERE alarm.cleared_at IS NULL AND alarm.outage_id IS NULL
                    AND (rule.is_power OR rule.condition = 'silent')
                    AND alarm.commune_id IS NOT NULL
                    AND alarm.raised_at > now() AT TIME ZONE 'UTC'
                        - make_interval(mins => %(minutes)s)
                GROUP BY alarm.commune_id
                HAVING count(DISTINCT alarm.device_id) >= %(devices)s
                    AND count(DISTINCT alarm.device_id) * 100 >= %(percent)s * (
                        SELECT count(*) FROM ttcs_device device
                        WHERE device.commune_id = alarm.commune_id AND device.state = 'enrolled')
                ON CONFLICT (commune_id) WHERE ended_at IS NULL DO NOTHING
                """,
                uid=self.env.uid,
                **limits,
            )
        )
        self.env.cr.execute(
            """
            UPDATE ttcs_alarm alarm SET outage_id = outage.id
            FROM ttcs_outage outage, ttcs_alarm_rule rule
            WHERE outage.commune_id = alarm.commune_id AND outage.ended_at IS NULL
                AND rule.id = alarm.rule_id AND (rule.is_power OR rule.condition = 'silent')
                AND alarm.cleared_at IS NULL AND alarm.outage_id IS NULL
                AND alarm.request_id IS NULL
            """
        )
        self.env.cr.execute(
            """
            UPDATE ttcs_outage outage SET ended_at = GREATEST(outage.began_at, (
                SELECT max(cleared_at) FROM ttcs_alarm WHERE outage_id = outage.id))
            WHERE ended_at IS NULL AND NOT EXISTS (
                SELECT FROM ttcs_alarm WHERE outage_id = outage.id AND cleared_at IS NULL)
            """
        )
