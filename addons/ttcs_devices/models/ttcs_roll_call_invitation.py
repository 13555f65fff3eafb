from odoo import api, fields, models

from ..roll_call import sms_link, without_accents


class TtcsRollCallInvitation(models.Model):
    """A listener at a roll call: what he is to be sent, and whether he looked and answered."""

    _name = "ttcs.roll.call.invitation"
    _description = "Listener at a roll call"
    _inherit = ["ttcs.guarded.mixin"]
    _order = "roll_call_id desc, answered_at nulls first, commune_id, unit_id, id"
    _rec_name = "listener_id"

    roll_call_id = fields.Many2one(
        "ttcs.roll.call", required=True, readonly=True, index=True, ondelete="cascade"
    )
    listener_id = fields.Many2one(
        "ttcs.listener", required=True, readonly=True, index=True, ondelete="restrict"
    )
    unit_id = fields.Many2one("ttcs.unit", string="Place", readonly=True, ondelete="restrict")
    commune_id = fields.Many2one("ttcs.unit", readonly=True, index=True, ondelete="restrict")
    agency_id = fields.Many2one("ttcs.agency", readonly=True, index=True, ondelete="restrict")
    loudspeakers = fields.Integer(readonly=True, string="Loudspeakers nearby")
    opened_at = fields.Datetime(readonly=True, string="Opened the page")
    answered_at = fields.Datetime(readonly=True, string="Answered")
    phone = fields.Char(related="listener_id.phone")
    message = fields.Text(
        compute="_compute_message",
        string="Message for Zalo",
        groups="ttcs_devices.ttcs_devices_group_user",
    )
    short_message = fields.Char(
        compute="_compute_message",
        string="Short message without accents",
        groups="ttcs_devices.ttcs_devices_group_user",
    )
    short_message_link = fields.Char(
        compute="_compute_message",
        string="Send as short message",
        groups="ttcs_devices.ttcs_devices_group_user",
    )

    _once = models.Constraint(
        "UNIQUE (roll_call_id, listener_id)", "This listener is invited already."
    )

    @api.depends("listener_id.code", "roll_call_id.begins_at", "roll_call_id.on_air")
    def _compute_message(self):
        # Who gets the message is not who sends it: its language does not follow the user's.
        vietnamese = self.with_context(lang="vi_VN")
        for invitation, told in zip(self, vietnamese, strict=True):
            message, short = told._texts()
            invitation.message = message
            invitation.short_message = short
            invitation.short_message_link = sms_link(invitation.phone, short)

    def _texts(self):
        """The message in full, and one of 160 plain letters."""
        self.ensure_one()
        call, listener = self.roll_call_id, self.listener_id
        zoned = self.with_context(tz=self.env.company._zone())
        begins = fields.Datetime.context_timestamp(zoned, call.begins_at)
        values = {
            "time": f"{begins:%H:%M}",
            "day": f"{begins:%d/%m}",
            "place": listener.unit_id.full_name or "",
            "agency": self.agency_id.name or "",
            "link": listener.link,
        }
        message = self.env._(
            "%(agency)s asks you to listen to the loudspeakers of %(place)s at %(time)s on "
            "%(day)s, then open this link and tap what you hear – clear, noisy or silent: "
            "%(link)s",
            **values,
        )
        if call.on_air:
            message += "\n" + self.env._("On air: %s.", call.on_air)
        short = self.env._("Listen at %(time)s on %(day)s, then tap: %(link)s", **values)
        return message, without_accents(short)
