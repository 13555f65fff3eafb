from odoo import fields, models

REASONS = [
    ("malformed", "Not in the form of the contract"),
    ("oversized", "Larger than 64 KiB"),
    ("future", "From the future: the clock is wrong"),
    ("too-old", "Older than what is kept"),
    ("unknown-topic", "Unknown topic"),
    ("unknown-device", "Unknown device"),
    ("unnamed", "Names no device"),
    ("no-time", "Tells no time"),
    ("shut-out", "Device not in service"),
    ("unknown-command", "Answers a command that was not given"),
    ("refused-by-database", "Refused by the database"),
]


class TtcsDeviceQuarantine(models.Model):
    """Messages that could not be kept, counted by day, device and reason."""

    _name = "ttcs.device.quarantine"
    _description = "Messages set apart"
    _auto = False
    _order = "day desc, messages desc, id desc"
    _rec_name = "reason"

    day = fields.Date(readonly=True)
    device_id = fields.Many2one("ttcs.device", readonly=True)
    agency_id = fields.Many2one("ttcs.agency", readonly=True)
    unit_id = fields.Many2one("ttcs.unit", string="Place", readonly=True)
    device_code = fields.Char(string="Name given", readonly=True)
    reason = fields.Selection(REASONS, readonly=True)
    messages = fields.Integer(readonly=True)
    first_at = fields.Datetime(string="First", readonly=True)
    last_at = fields.Datetime(string="Last", readonly=True)
    topic = fields.Char(readonly=True)
    specimen = fields.Text(string="Newest message", readonly=True)

    def init(self):
        self.env["ttcs.telemetry"]._upgrade()
        self.env.cr.execute("DROP VIEW IF EXISTS ttcs_device_quarantine")
        # 32 bits of a hash beside the day: an id that stays, below 2^53.
        self.env.cr.execute(
            """
            CREATE VIEW ttcs_device_quarantine AS
            WITH named AS (
                SELECT quarantine.*,
                    CASE WHEN device ~ '^[0-9]{1,9}:' THEN split_part(device, ':', 1)::integer END
                        AS connection_id,
                    substr(device, strpos(device, ':') + 1) AS name_there
                FROM ttcs_tele.quarantine
            )
            SELECT ((apart.day - DATE '2020-01-01')::bigint << 32)
                    | (hashtext(apart.device || apart.reason)::bigint & 4294967295) AS id,
                apart.day, device.id AS device_id,
                COALESCE(device.agency_id, way.agency_id) AS agency_id, device.unit_id,
                apart.device AS device_code, apart.reason, apart.messages::integer AS messages,
                apart.first_at, apart.last_at, apart.topic,
                encode(apart.specimen, 'escape') AS specimen
            FROM named apart
            LEFT JOIN ttcs_device_connection way ON way.id = apart.connection_id
            LEFT JOIN ttcs_device device ON device.code = apart.device
                OR (device.connection_id = way.id AND device.external_code = apart.name_there)
            """
        )
