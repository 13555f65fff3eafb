from odoo import api, fields, models

CONNECTIONS = [
    ("playing", "On air"),
    ("online", "Connected"),
    ("faulty", "Faulty"),
    ("silent", "Silent"),
    ("never", "Never heard"),
]


class TtcsDeviceLast(models.Model):
    """How each device in service is now: a view over what the bridge last heard of it."""

    _name = "ttcs.device.last"
    _description = "Presence of a device"
    _auto = False
    _order = "connection_rank, seen_at, id"
    _rec_name = "device_id"
    _depends = {
        "ttcs.device": ["state", "equipment_id", "agency_id", "unit_id", "commune_id", "model_id"]
    }

    device_id = fields.Many2one("ttcs.device", readonly=True)
    equipment_id = fields.Many2one("maintenance.equipment", string="Asset", readonly=True)
    model_id = fields.Many2one("ttcs.device.model", readonly=True)
    agency_id = fields.Many2one("ttcs.agency", readonly=True)
    unit_id = fields.Many2one("ttcs.unit", string="Place", readonly=True)
    commune_id = fields.Many2one("ttcs.unit", readonly=True)
    connection = fields.Selection(CONNECTIONS, readonly=True)
    connection_rank = fields.Integer(readonly=True)
    seen_at = fields.Datetime(string="Last heard", readonly=True)
    faults = fields.Char(string="Codes of faults", readonly=True)
    fault_names = fields.Char(compute="_compute_fault_names", string="Faults")
    firmware = fields.Char(readonly=True)
    configuration = fields.Integer(string="Configuration version", readonly=True)
    test_mode = fields.Boolean(readonly=True)
    playing = fields.Char(string="Playing now", readonly=True)
    playing_name = fields.Char(compute="_compute_playing_name", string="On air now")
    source = fields.Char(string="Audio source", readonly=True)
    drift = fields.Float(
        string="Clock (s)",
        readonly=True,
        help="Seconds by which the clock of the device is ahead.",
    )
    volume = fields.Integer(string="Volume (%)", readonly=True)
    temperature = fields.Float(string="Temperature (°C)", readonly=True)
    battery = fields.Float(string="Battery (V)", readonly=True)
    mains = fields.Float(string="Mains (V)", readonly=True)
    signal = fields.Integer(string="Signal (dBm)", readonly=True)
    runtime = fields.Integer(string="Seconds on air", readonly=True)
    color = fields.Integer(readonly=True)

    def init(self):
        self.env["ttcs.telemetry"]._upgrade()
        self.env.cr.execute("DROP VIEW IF EXISTS ttcs_device_last CASCADE")
        self.env.cr.execute(
            """
            CREATE VIEW ttcs_device_last AS
            SELECT now.*,
                array_position(ARRAY['faulty', 'silent', 'never', 'playing', 'online'],
                    now.connection) AS connection_rank,
                (CASE now.connection WHEN 'faulty' THEN 1 WHEN 'silent' THEN 3
                    WHEN 'playing' THEN 4 WHEN 'online' THEN 10 ELSE 0 END) AS color
            FROM (
                SELECT device.id, device.id AS device_id, device.equipment_id, device.model_id,
                    device.agency_id, device.unit_id, device.commune_id,
                    CASE
                        WHEN last.device_id IS NULL THEN 'never'
                        WHEN NOT last.online THEN 'silent'
                        WHEN last.faults <> '{}' THEN 'faulty'
                        WHEN last.playing IS NOT NULL OR last.on_air THEN 'playing'
                        ELSE 'online'
                    END AS connection,
                    last.seen_at, array_to_string(last.faults, ', ') AS faults, last.firmware,
                    last.configuration, last.test_mode, last.playing, last.source, last.drift,
                    last.volume, last.temperature, last.battery, last.mains, last.signal,
                    last.runtime
                FROM ttcs_device device
                LEFT JOIN ttcs_tele.last ON last.device_id = device.id
                WHERE device.state = 'enrolled'
            ) now
            """
        )

    @api.depends("faults")
    def _compute_fault_names(self):
        names = self._fault_names()
        for presence in self:
            codes = (presence.faults or "").split(", ")
            presence.fault_names = ", ".join(names.get(code, code) for code in codes)

    @api.depends("playing")
    def _compute_playing_name(self):
        names = self._reference_names(self.mapped("playing"))
        for presence in self:
            presence.playing_name = names.get(presence.playing, presence.playing)

    @api.model
    def _reference_names(self, references):
        """What the references that we gave to devices stand for; others are left out.

        :param references: as in ``play_start``: ``O<order>`` or ``P<programme>``, or a vendor's
        """
        named = {}
        for letter, model in (("O", "ttcs.device.order"), ("P", "ttcs.device.programme")):
            ids = {
                int(reference[1:]): reference
                for reference in references
                if reference and reference[0] == letter and reference[1:].isdecimal()
            }
            # sudo: what is on air is heard by everybody.
            found = self.env[model].sudo().browse(ids).exists()
            named |= {ids[record.id]: record.name for record in found}
        return named

    def action_order(self):
        """An order to these devices, to be written."""
        return self.device_id.action_order()

    @api.model
    def _fault_names(self):
        """What the codes of the wire contract mean, in words."""
        rules = self.env["ttcs.alarm.rule"]
        return dict(rules._fields["fault"]._description_selection(self.env))

    def action_open_device(self):
        """The device itself."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "ttcs.device",
            "res_id": self.device_id.id,
            "views": [(False, "form")],
        }
