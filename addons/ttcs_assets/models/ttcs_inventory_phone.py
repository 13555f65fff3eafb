from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from odoo.addons.ttcs_base.models.trigger_constraint import TriggerConstraint


class TtcsInventoryPhone(models.Model):
    """A phone that took a sheet along, and may hold counts that have not arrived.

    It is awaited until it has come with an empty queue after the closing was asked for.
    """

    _name = "ttcs.inventory.phone"
    _description = "Phone with a sheet"
    _inherit = ["ttcs.guarded.mixin"]
    _order = "sheet_id, id"
    _log_access = False
    _rec_name = "device_id"

    inventory_id = fields.Many2one(
        "ttcs.inventory", required=True, readonly=True, index=True, ondelete="cascade"
    )
    sheet_id = fields.Many2one(
        "ttcs.inventory.sheet", required=True, readonly=True, index=True, ondelete="cascade"
    )
    device_id = fields.Many2one(
        "ttcs.field.device", string="Phone", required=True, readonly=True, ondelete="restrict"
    )
    # By value beside the phone itself, which only its user and administrators read.
    device_name = fields.Char(
        related="device_id.name", related_sudo=True, string="Name of the phone"
    )
    user_id = fields.Many2one(
        related="device_id.user_id", related_sudo=True, string="User", readonly=True
    )
    waiting_count = fields.Integer(
        related="device_id.waiting_count", related_sudo=True, string="Not sent"
    )
    waiting_at = fields.Datetime(
        related="device_id.waiting_at", related_sudo=True, string="Came last on"
    )
    carried_at = fields.Datetime(required=True, readonly=True, string="Took it along on")
    excused_version = fields.Integer(readonly=True)
    excused_by = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    excused_at = fields.Datetime(readonly=True)
    excuse = fields.Char(readonly=True, string="Why it is not awaited")
    is_awaited = fields.Boolean(compute="_compute_is_awaited", string="Awaited")

    _device_sheet_unique = models.Constraint(
        "UNIQUE (device_id, sheet_id)", "This phone took this sheet along before."
    )
    _excuse_has_reason = models.Constraint(
        "CHECK (excused_at IS NULL OR (excused_by IS NOT NULL AND COALESCE(excuse, '') <> ''))",
        "A phone is excused by somebody and with a reason.",
    )
    _is_frozen = TriggerConstraint(
        lambda env, diagnostics: env._(
            "%(inventory)s is closed: which phones took part stays as it was.",
            inventory=diagnostics.message_detail,
        )
    )

    @api.depends("excused_version", "sheet_id.version", "sheet_id.closing_asked_at")
    def _compute_is_awaited(self):
        # sudo: only when the phone came last and with how much, of whatever user.
        for phone in self.sudo():
            sheet, device = phone.sheet_id, phone.device_id
            moments = filter(None, (phone.carried_at, sheet.closing_asked_at))
            is_empty = device.waiting_at and not device.waiting_count
            # Who signs out himself leaves nothing on the phone but what was told before.
            signed_out = device.revoked_at and device.revoked_by_id == device.user_id
            phone.is_awaited = phone.excused_version != sheet.version and not (
                is_empty and (signed_out or device.waiting_at >= max(moments))
            )

    @api.model
    def _carry(self, device_id, sheet_ids):
        """Note that a phone takes sheets along; its first time counts."""
        if not (device_id and sheet_ids):
            return
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO ttcs_inventory_phone (inventory_id, sheet_id, device_id, carried_at)
                SELECT inventory_id, id, %(device)s, clock_timestamp() AT TIME ZONE 'UTC'
                FROM ttcs_inventory_sheet sheet
                WHERE id = ANY(%(sheets)s) AND NOT EXISTS (
                    SELECT FROM ttcs_inventory_phone known
                    WHERE known.device_id = %(device)s AND known.sheet_id = sheet.id)
                ORDER BY id
                """,
                device=device_id,
                sheets=list(sheet_ids),
            )
        )

    def _awaiting_notice(self):
        """What whoever closes reads: which phones are awaited, and what to do."""
        names = ", ".join(
            phone._awaited_name()
            for phone in self.sudo()  # sudo: named to who waits for them
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "title": self.env._("Not closed yet: phones are awaited"),
                "message": self.env._(
                    "These phones took the sheet along and have not come with an empty queue "
                    "since: %(phones)s. Have the app opened with a network, then close again; "
                    "or excuse a phone with a reason.",
                    phones=names,
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _awaited_name(self):
        self.ensure_one()
        named = {"person": self.user_id.name, "phone": self.device_name}
        if not self.waiting_count:
            return self.env._("%(person)s (%(phone)s, not connected since then)", **named)
        return self.env._(
            "%(person)s (%(phone)s, %(count)s not sent)", count=self.waiting_count, **named
        )

    def action_ask_excuse(self):
        return self.env["ttcs.inventory.reason"]._ask(self)

    def _excuse(self, reason):
        """Close without waiting for phones; who runs the round or chairs it answers for it."""
        for phone in self:
            sheet = phone.sheet_id
            if not (
                sheet.inventory_id.may_run or sheet.inventory_id._is_chaired_by(self.env.user)
            ):
                raise AccessError(
                    self.env._(
                        "Only who runs the inventory or chairs its committee may excuse a phone."
                    )
                )
            if not sheet.is_counting:
                raise UserError(self.env._("%(sheet)s is closed already.", sheet=sheet._title()))
        # sudo: checked above; nobody writes this otherwise.
        for phone in self.sudo():
            phone.write(
                {
                    "excused_version": phone.sheet_id.version,
                    "excused_by": self.env.uid,
                    "excused_at": fields.Datetime.now(),
                    "excuse": reason,
                }
            )
            phone.sheet_id.message_post(
                body=self.env._(
                    "The phone of %(person)s is not awaited: %(reason)s",
                    person=phone.user_id.name,
                    reason=reason,
                )
            )
