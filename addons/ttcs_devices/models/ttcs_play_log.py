from datetime import timedelta

from odoo import api, fields, models

OUTCOMES = [
    ("played", "Played"),
    ("late", "Began late"),
    ("cut", "Cut short"),
    ("missed", "Not played"),
    ("unplanned", "Not planned"),
]
# Events of a device without a network arrive late: so many days are looked at again.
DAYS_AGAIN = 3


class TtcsPlayLog(models.Model):
    """What devices were to play by their schedule, and what they say that they played.

    A row for each programme of each device and day, once its time is over; and one for each
    thing played that no schedule asked for: an order, or the device's own.  The plan is the
    schedule that the device had applied by then, as its own answers tell.  What another vendor's
    console played is taken from its log (``imports/play_logs.py``), a row for each line of it.
    """

    _name = "ttcs.play.log"
    _description = "Broadcast log"
    _inherit = ["ttcs.guarded.mixin"]
    _order = "day desc, began_at desc, planned_at desc, id desc"
    _rec_name = "equipment_id"

    device_id = fields.Many2one("ttcs.device", readonly=True, index=True, ondelete="restrict")
    equipment_id = fields.Many2one(
        "maintenance.equipment", string="Asset", readonly=True, index=True, ondelete="restrict"
    )
    unit_id = fields.Many2one("ttcs.unit", string="Place", readonly=True, ondelete="restrict")
    commune_id = fields.Many2one("ttcs.unit", readonly=True, index=True, ondelete="restrict")
    agency_id = fields.Many2one("ttcs.agency", readonly=True, index=True, ondelete="restrict")
    day = fields.Date(required=True, readonly=True, index=True)
    programme_id = fields.Many2one(
        "ttcs.device.programme", readonly=True, index=True, ondelete="restrict"
    )
    order_id = fields.Many2one("ttcs.device.order", readonly=True, index=True, ondelete="restrict")
    reference = fields.Char(readonly=True, string="Name at the device")
    source = fields.Selection(
        [("device", "The device"), ("file", "A file of the vendor")],
        required=True,
        readonly=True,
        default="device",
        string="Told by",
    )
    planned_at = fields.Datetime(readonly=True, string="Planned for")
    began_at = fields.Datetime(readonly=True, string="Began")
    ended_at = fields.Datetime(readonly=True, string="Ended")
    outcome = fields.Selection(OUTCOMES, required=True, readonly=True, index=True)
    planned = fields.Integer(readonly=True, string="Planned times")
    played = fields.Integer(readonly=True, string="Played times")
    minutes = fields.Float(readonly=True, string="Minutes on air", digits=(12, 1))
    success = fields.Float(
        readonly=True,
        string="Played (%)",
        digits=(5, 1),
        aggregator="avg",
        help="Of what was planned: the share that was played, also late or cut short.",
    )

    _programme_once = models.UniqueIndex(
        "(device_id, programme_id, day) WHERE programme_id IS NOT NULL",
        "This programme of the day is in the log already.",
    )
    _unplanned_once = models.UniqueIndex(
        "(device_id, began_at, reference) WHERE programme_id IS NULL AND device_id IS NOT NULL",
        "This is in the log already.",
    )
    _file_once = models.UniqueIndex(
        "(equipment_id, COALESCE(planned_at, began_at), reference) WHERE source = 'file'",
        "This line of a vendor's log is in the log already.",
    )
    _planned_has_time = models.Constraint(
        "CHECK ((programme_id IS NULL OR planned_at IS NOT NULL)"
        " AND (outcome = 'unplanned') = (planned_at IS NULL)"
        " AND (outcome = 'missed') = (began_at IS NULL))",
        "What was planned has its time, what was played has its beginning.",
    )
    _played_in_order = models.Constraint(
        "CHECK (ended_at >= began_at)", "A programme ends after it began."
    )
    _told_of_something = models.Constraint(
        "CHECK (CASE source WHEN 'file' THEN equipment_id IS NOT NULL AND reference <> ''"
        " AND device_id IS NULL ELSE device_id IS NOT NULL END)",
        "The log tells of a device, or of an asset and a bulletin.",
    )

    @api.model
    def _cron_write(self):
        """Each hour: today and the days before, again where more has come in since."""
        today = self.env.company._today()
        for days in range(DAYS_AGAIN, -1, -1):
            self._write_day(today - timedelta(days=days))

    @api.model
    def _write_day(self, day):
        """The log of one day on the clock of the administration; repeatable."""
        self.env.flush_all()
        values = {"day": day, "uid": self.env.uid}
        self.env.cr.execute(PLANNED, values)
        self.env.cr.execute(UNPLANNED, values)
        self.invalidate_model()


# A programme may begin so much late and still be in time.
PLANNED = """
    WITH applied AS (
        SELECT command.device_id, asked.schedule_id, command.ended_at
        FROM ttcs_tele.command
        JOIN ttcs_device_order asked ON asked.id = command.order_id
        WHERE command.operation = 'apply_schedule' AND command.state = 'done'
    ),
    slot AS (
        SELECT applied.device_id, programme.id AS programme_id, programme.minutes,
            (%(day)s::timestamp + make_interval(mins => round(programme.begins_at * 60)::int))
                AT TIME ZONE ttcs_zone() AT TIME ZONE 'UTC' AS planned_at,
            applied.ended_at AS applied_at
        FROM applied
        JOIN ttcs_device_programme programme ON programme.schedule_id = applied.schedule_id
        WHERE (ARRAY[programme.monday, programme.tuesday, programme.wednesday, programme.thursday,
            programme.friday, programme.saturday, programme.sunday])
            [extract(isodow FROM %(day)s::date)]
    ),
    planned AS (
        SELECT DISTINCT ON (slot.device_id, slot.programme_id) slot.*
        FROM slot
        WHERE slot.applied_at <= slot.planned_at
            AND slot.planned_at + make_interval(mins => slot.minutes)
                <= now() AT TIME ZONE 'UTC'
            AND NOT EXISTS (
                SELECT FROM applied later WHERE later.device_id = slot.device_id
                    AND later.ended_at > slot.applied_at AND later.ended_at <= slot.planned_at)
        ORDER BY slot.device_id, slot.programme_id, slot.applied_at DESC
    ),
    found AS (
        SELECT planned.*, heard.ts AS began_at, ended.ts AS ended_at,
            CASE
                WHEN heard.ts IS NULL THEN 'missed'
                WHEN heard.ts > planned.planned_at + interval '5 minutes' THEN 'late'
                WHEN ended.code = 'stopped' THEN 'cut'
                ELSE 'played'
            END AS outcome
        FROM planned
        LEFT JOIN LATERAL (
            SELECT min(ts) AS ts FROM ttcs_tele.event
            WHERE reference = 'P' || planned.programme_id
                AND event.device_id = planned.device_id AND kind = 'play_start'
                AND ts BETWEEN planned.planned_at - interval '5 minutes'
                    AND planned.planned_at + make_interval(mins => planned.minutes)
        ) heard ON true
        LEFT JOIN LATERAL (
            SELECT ts, code FROM ttcs_tele.event
            WHERE reference = 'P' || planned.programme_id
                AND event.device_id = planned.device_id AND kind = 'play_end'
                AND ts >= heard.ts AND ts < heard.ts + interval '1 day'
            ORDER BY ts LIMIT 1
        ) ended ON true
    )
    INSERT INTO ttcs_play_log AS log (device_id, equipment_id, unit_id, commune_id, agency_id,
        source, day, programme_id, reference, planned_at, began_at, ended_at, outcome, planned,
        played, minutes, success, create_uid, create_date, write_uid, write_date)
    SELECT device.id, device.equipment_id, device.unit_id, device.commune_id, device.agency_id,
        'device', %(day)s, found.programme_id, 'P' || found.programme_id, found.planned_at,
        found.began_at, found.ended_at, found.outcome, 1, (found.began_at IS NOT NULL)::int,
        COALESCE(extract(epoch FROM found.ended_at - found.began_at) / 60, 0),
        100 * (found.began_at IS NOT NULL)::int,
        %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
    FROM found JOIN ttcs_device device ON device.id = found.device_id
    ORDER BY device.id, found.programme_id
    ON CONFLICT (device_id, programme_id, day) WHERE programme_id IS NOT NULL DO UPDATE
    SET began_at = excluded.began_at, ended_at = excluded.ended_at, outcome = excluded.outcome,
        played = excluded.played, minutes = excluded.minutes, success = excluded.success
    WHERE (log.began_at, log.ended_at, log.outcome)
        IS DISTINCT FROM (excluded.began_at, excluded.ended_at, excluded.outcome)
"""
UNPLANNED = """
    INSERT INTO ttcs_play_log AS log (device_id, equipment_id, unit_id, commune_id, agency_id,
        source, day, order_id, reference, began_at, ended_at, outcome, planned, played, minutes,
        create_uid, create_date, write_uid, write_date)
    SELECT device.id, device.equipment_id, device.unit_id, device.commune_id, device.agency_id,
        'device', %(day)s, asked.id, heard.reference, heard.began_at, ended.ts, 'unplanned', 0, 1,
        COALESCE(extract(epoch FROM ended.ts - heard.began_at) / 60, 0),
        %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
    FROM (
        SELECT DISTINCT event.device_id, date_trunc('second', event.ts) AS began_at,
            COALESCE(event.reference, '') AS reference
        FROM ttcs_tele.event
        WHERE event.kind = 'play_start'
            AND event.ts >= %(day)s::timestamp AT TIME ZONE ttcs_zone() AT TIME ZONE 'UTC'
            AND event.ts < (%(day)s::timestamp + interval '1 day')
                AT TIME ZONE ttcs_zone() AT TIME ZONE 'UTC'
            AND COALESCE(event.reference, '') !~ '^P[0-9]+$'
    ) heard
    JOIN ttcs_device device ON device.id = heard.device_id
    LEFT JOIN ttcs_device_order asked ON heard.reference = 'O' || asked.id
    LEFT JOIN LATERAL (
        SELECT ts FROM ttcs_tele.event
        WHERE event.device_id = heard.device_id AND kind = 'play_end'
            AND COALESCE(event.reference, '') = heard.reference
            AND ts >= heard.began_at AND ts < heard.began_at + interval '1 day'
        ORDER BY ts LIMIT 1
    ) ended ON true
    ORDER BY device.id, heard.began_at
    ON CONFLICT (device_id, began_at, reference) WHERE programme_id IS NULL
        AND device_id IS NOT NULL DO UPDATE
    SET ended_at = excluded.ended_at, minutes = excluded.minutes
    WHERE log.ended_at IS DISTINCT FROM excluded.ended_at
"""
