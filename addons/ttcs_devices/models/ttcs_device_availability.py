from odoo import fields, models


class TtcsDeviceAvailability(models.Model):
    """For how long the devices of an asset were there, month by month: the last twelve months.

    Time in which the asset had a device in service, less the time of its alarms of silence;
    power cuts are counted apart, because they are nobody's fault who keeps the network.
    Overlapping alarms count once.  Raised by ``ttcs.alarm.watch``, so to the minute.
    """

    _name = "ttcs.device.availability"
    _description = "Availability of an asset"
    _auto = False
    _order = "month desc, availability, id"
    _rec_name = "equipment_id"
    _depends = {
        "ttcs.alarm": ["device_id", "equipment_id", "rule_id", "began_at", "cleared_at"],
        "ttcs.outage": ["is_power"],
        "ttcs.device.fitting": ["device_id", "equipment_id", "fitted_at", "taken_off_at"],
        "ttcs.device": ["enrolled_at"],
    }

    equipment_id = fields.Many2one("maintenance.equipment", string="Asset", readonly=True)
    agency_id = fields.Many2one("ttcs.agency", readonly=True)
    unit_id = fields.Many2one("ttcs.unit", string="Place", readonly=True)
    commune_id = fields.Many2one("ttcs.unit", readonly=True)
    month = fields.Date(readonly=True)
    watched_hours = fields.Float(readonly=True, string="Watched (hours)", digits=(12, 1))
    silent_hours = fields.Float(readonly=True, string="Silent (hours)", digits=(12, 1))
    power_hours = fields.Float(readonly=True, string="Without power (hours)", digits=(12, 1))
    availability = fields.Float(
        readonly=True,
        string="Availability (%)",
        digits=(5, 2),
        aggregator="avg",
        help="Of the watched time with power. Of several assets the mean.",
    )

    def init(self):
        self.env.cr.execute(
            """
            CREATE OR REPLACE FUNCTION ttcs_hours(spans tsmultirange) RETURNS double precision
            LANGUAGE sql IMMUTABLE AS $$
                SELECT COALESCE(sum(extract(epoch FROM upper(span) - lower(span))) / 3600, 0)
                FROM unnest(spans) span
            $$;
            CREATE OR REPLACE VIEW ttcs_device_availability AS
            WITH month AS (
                SELECT first, tsrange(
                    first AT TIME ZONE ttcs_zone() AT TIME ZONE 'UTC',
                    LEAST((first + interval '1 month') AT TIME ZONE ttcs_zone()
                        AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC')) AS span
                FROM generate_series(
                    date_trunc('month', ttcs_today()::timestamp) - interval '11 months',
                    date_trunc('month', ttcs_today()::timestamp), '1 month') first
            ),
            watched AS (
                SELECT fitting.equipment_id, month.first,
                    range_agg(month.span * fitted.span) AS spans
                FROM ttcs_device_fitting fitting
                JOIN ttcs_device device ON device.id = fitting.device_id
                    AND device.enrolled_at IS NOT NULL
                CROSS JOIN LATERAL (
                    SELECT GREATEST(fitting.fitted_at, device.enrolled_at) AS since,
                        COALESCE(fitting.taken_off_at, now() AT TIME ZONE 'UTC') AS until
                ) period
                CROSS JOIN LATERAL (
                    SELECT tsrange(period.since, GREATEST(period.since, period.until)) AS span
                ) fitted
                JOIN month ON month.span && fitted.span
                GROUP BY 1, 2
            ),
            lost AS (
                SELECT alarm.equipment_id,
                    range_agg(span) FILTER (WHERE is_power) AS power,
                    range_agg(span) FILTER (WHERE NOT is_power) AS silent
                FROM (
                    SELECT alarm.equipment_id,
                        COALESCE(rule.is_power, false) OR COALESCE(outage.is_power, false)
                            AS is_power,
                        tsrange(alarm.began_at, GREATEST(alarm.began_at,
                            COALESCE(alarm.cleared_at, now() AT TIME ZONE 'UTC'))) AS span
                    FROM ttcs_alarm alarm
                    JOIN ttcs_alarm_rule rule ON rule.id = alarm.rule_id
                    LEFT JOIN ttcs_outage outage ON outage.id = alarm.outage_id
                    WHERE alarm.equipment_id IS NOT NULL
                        AND (rule.condition = 'silent' OR rule.is_power)
                        AND COALESCE(alarm.cleared_at, now() AT TIME ZONE 'UTC')
                            > now() AT TIME ZONE 'UTC' - interval '13 months'
                ) alarm GROUP BY 1
            ),
            counted AS (
                SELECT watched.equipment_id, watched.first,
                    ttcs_hours(watched.spans) AS watched_hours,
                    ttcs_hours(watched.spans * lost.power) AS power_hours,
                    ttcs_hours(watched.spans * (lost.silent
                        - COALESCE(lost.power, '{}'::tsmultirange))) AS silent_hours
                FROM watched LEFT JOIN lost ON lost.equipment_id = watched.equipment_id
            )
            SELECT (counted.equipment_id::bigint << 12)
                    | ((extract(year FROM first)::int - 2000) * 12
                        + extract(month FROM first)::int) AS id,
                counted.equipment_id, asset.agency_id, asset.unit_id, asset.commune_id,
                first::date AS month, watched_hours, power_hours, silent_hours,
                CASE WHEN watched_hours - power_hours > 0
                    THEN 100 * (1 - silent_hours / (watched_hours - power_hours)) END
                    AS availability
            FROM counted
            JOIN maintenance_equipment asset ON asset.id = counted.equipment_id
            """
        )
