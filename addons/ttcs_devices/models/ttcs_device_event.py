from odoo import api, fields, models

KINDS = [
    ("fault", "Fault"),
    ("clear", "Fault cleared"),
    ("play_start", "Began to play"),
    ("play_end", "Ended playing"),
    ("power_lost", "Power lost"),
    ("power_back", "Power back"),
    ("button", "Button pressed"),
    ("reboot", "Restarted"),
]


class TtcsDeviceEvent(models.Model):
    """What happened once at a device, as it told.

    The id is made of the second, the number within the start and the device: below 2^53, and
    two events of one second are apart.
    """

    _name = "ttcs.device.event"
    _description = "Event of a device"
    _inherit = ["ttcs.telemetry.row"]
    _auto = False
    _order = "ts desc, id desc"
    _rec_name = "kind"

    device_id = fields.Many2one("ttcs.device", readonly=True)
    agency_id = fields.Many2one("ttcs.agency", readonly=True)
    unit_id = fields.Many2one("ttcs.unit", string="Place", readonly=True)
    ts = fields.Datetime(string="Happened on", readonly=True)
    kind = fields.Selection(KINDS, readonly=True)
    code = fields.Char(readonly=True)
    code_name = fields.Char(compute="_compute_code_name", string="Fault or outcome")
    reference = fields.Char(string="Played", readonly=True)
    reference_name = fields.Char(compute="_compute_reference_name", string="What was played")
    detail = fields.Char(readonly=True)

    def init(self):
        self.env["ttcs.telemetry"]._upgrade()
        self.env.cr.execute("DROP VIEW IF EXISTS ttcs_device_event")
        self.env.cr.execute(
            """
            CREATE VIEW ttcs_device_event AS
            SELECT (((extract(epoch FROM event.ts)::bigint) << 22)
                    | ((event.seq & 3)::bigint << 20)) | event.device_id AS id,
                device.agency_id, device.unit_id,
                event.device_id, event.ts, event.kind, event.code, event.reference, event.detail
            FROM ttcs_tele.event
            JOIN ttcs_device device ON device.id = event.device_id
            """
        )

    @api.depends("reference")
    def _compute_reference_name(self):
        names = self.env["ttcs.device.last"]._reference_names(self.mapped("reference"))
        for event in self:
            event.reference_name = names.get(event.reference, event.reference)

    @api.depends("code")
    def _compute_code_name(self):
        names = {
            **self.env["ttcs.device.last"]._fault_names(),
            "done": self.env._("Played to its end"),
            "stopped": self.env._("Stopped"),
        }
        for event in self:
            event.code_name = names.get(event.code, event.code)
