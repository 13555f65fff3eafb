from odoo import api, fields, models

from .ttcs_device_order_target import PROSPECTS

ANSWERED = ("received", "running", "done", "failed", "refused")
COMMAND_STATES = [
    ("queued", "Waits to be sent"),
    ("sent", "Sent"),
    ("received", "The device has it"),
    ("running", "Being carried out"),
    ("done", "Done"),
    ("failed", "Failed"),
    ("refused", "Refused by the device"),
    ("expired", "Expired"),
    ("cancelled", "Cancelled"),
    ("superseded", "Replaced by a later order"),
]
# What a device says of itself.
ANSWERS = [state for state in COMMAND_STATES if state[0] in ANSWERED]


class TtcsDeviceCommand(models.Model):
    """What became of an order at each of its devices: a view over what the bridge keeps.

    Devices that were left out are in it too, without a state.
    """

    _name = "ttcs.device.command"
    _description = "Order at a device"
    _auto = False
    _order = "id desc"
    _rec_name = "device_id"
    _depends = {
        "ttcs.device.order.target": ["order_id", "device_id", "prospect", "is_left_out"],
        "ttcs.device.order": ["operation", "mode", "agency_id", "state"],
        "ttcs.device": ["agency_id", "unit_id"],
    }

    order_id = fields.Many2one("ttcs.device.order", readonly=True)
    device_id = fields.Many2one("ttcs.device", readonly=True)
    equipment_id = fields.Many2one("maintenance.equipment", string="Asset", readonly=True)
    commune_id = fields.Many2one("ttcs.unit", readonly=True)
    order_unit_id = fields.Many2one("ttcs.unit", readonly=True, string="Place of the agency")
    device_agency_id = fields.Many2one("ttcs.agency", readonly=True, string="Owner of the device")
    device_unit_id = fields.Many2one("ttcs.unit", readonly=True, string="Place of the device")
    prospect = fields.Selection(PROSPECTS, string="Before sending", readonly=True)
    is_left_out = fields.Boolean(readonly=True)
    state = fields.Selection(COMMAND_STATES, readonly=True, string="Result")
    code = fields.Char(readonly=True, string="Code of the device")
    code_name = fields.Char(compute="_compute_code_name", string="Why")
    answer = fields.Selection(
        ANSWERS,
        readonly=True,
        string="Its last word",
        help="Also what the device said after the command had ended otherwise.",
    )
    queued_at = fields.Datetime(readonly=True, string="Queued on")
    sent_at = fields.Datetime(readonly=True, string="Sent on")
    ended_at = fields.Datetime(readonly=True, string="Ended on")
    expires_at = fields.Datetime(readonly=True, string="Valid until")
    tries = fields.Integer(readonly=True)

    def init(self):
        self.env["ttcs.telemetry"]._upgrade()
        self.env.cr.execute(
            """
            CREATE OR REPLACE VIEW ttcs_device_command AS
            SELECT target.id, target.order_id, target.device_id, target.equipment_id,
                target.commune_id, target.prospect, target.is_left_out,
                asked.unit_id AS order_unit_id, device.agency_id AS device_agency_id,
                device.unit_id AS device_unit_id,
                command.state, command.code, command.answer, command.queued_at, command.sent_at,
                command.ended_at, command.expires_at, command.tries
            FROM ttcs_device_order_target target
            JOIN ttcs_device_order asked ON asked.id = target.order_id
            JOIN ttcs_device device ON device.id = target.device_id
            LEFT JOIN ttcs_tele.command
                ON command.order_id = target.order_id AND command.device_id = target.device_id
            """
        )

    @api.depends("code")
    def _compute_code_name(self):
        names = self._code_names()
        for command in self:
            command.code_name = names.get(command.code, command.code)

    @api.model
    def _code_names(self):
        """What devices give as a reason, in words; see ``docs/device-protocol.md``."""
        return {
            "not-in-test-mode": self.env._("Its test mode is off"),
            "expired": self.env._("It came too late"),
            "too-early": self.env._("Its clock is behind"),
            "unknown": self.env._("The device cannot do this"),
            "cancelled": self.env._("It was cancelled before it began"),
            "stopped": self.env._("It was stopped"),
            "no-answer": self.env._("The device never told how it ended"),
        }

    def action_open_order(self):
        """The order that asked for it."""
        self.ensure_one()
        return self.order_id.action_open()
