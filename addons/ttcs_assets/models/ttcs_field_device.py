import hashlib
import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

TOKEN_BYTES = 32
DAYS_PARAMETER = "ttcs.field_device_days"
DEFAULT_DAYS = 90
# Writing the hour of every request would only wear the disk.
SEEN_STEP = timedelta(minutes=10)


class TtcsFieldDevice(models.Model):
    """A phone that its user has signed in to the field app.

    The phone holds a random token, the database only its SHA-256.  The token opens the field
    interface and nothing else: it is neither a session nor one of Odoo's keys.  A renewed
    sign-in on the same phone keeps the row and changes the token.
    """

    _name = "ttcs.field.device"
    _description = "Field phone"
    _order = "last_seen desc, id desc"

    name = fields.Char(required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users", required=True, readonly=True, index=True, ondelete="cascade"
    )
    # Whose assignments say which administrator has this phone in reach.
    person_id = fields.Many2one("ttcs.person", readonly=True, index=True, ondelete="set null")
    token_hash = fields.Char(required=True, readonly=True, groups=fields.NO_ACCESS, copy=False)
    signed_in_at = fields.Datetime(required=True, readonly=True, string="Signed in on")
    expires_at = fields.Datetime(required=True, readonly=True, string="Valid until")
    last_seen = fields.Datetime(readonly=True)
    waiting_count = fields.Integer(readonly=True, string="Not sent yet")
    waiting_at = fields.Datetime(
        readonly=True,
        string="Queue told on",
        help="When the phone last told how much is not sent.",
    )
    revoked_at = fields.Datetime(readonly=True)
    revoked_by_id = fields.Many2one("res.users", readonly=True)
    state = fields.Selection(
        [("active", "Signed in"), ("expired", "Expired"), ("revoked", "Revoked")],
        compute="_compute_state",
        search="_search_state",
    )

    _token_unique = models.Constraint("UNIQUE (token_hash)", "This token exists already.")

    @api.depends("expires_at", "revoked_at")
    def _compute_state(self):
        now = fields.Datetime.now()
        for device in self:
            is_valid = device.expires_at and device.expires_at > now
            device.state = "revoked" if device.revoked_at else "active" if is_valid else "expired"

    def _search_state(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        now = fields.Datetime.now()
        in_use = fields.Domain("revoked_at", "=", False)
        states = {
            "revoked": ~in_use,
            "active": in_use & fields.Domain("expires_at", ">", now),
            "expired": in_use & fields.Domain("expires_at", "<=", now),
        }
        domain = fields.Domain.OR([states[state] for state in value if state in states])
        return domain if operator == "in" else ~domain

    @api.model
    def _sign_in(self, user, name, known_token=None):
        """Make a token for a phone of a user who has just proved who he is.

        :param known_token: what the phone holds from before; its row is used again when it is
            this user's and was not revoked
        :returns: ``(device, token)``; nobody can ask for the token a second time
        """
        token = secrets.token_urlsafe(TOKEN_BYTES)
        now = fields.Datetime.now()
        # sudo: whoever signed in may have a phone; only this method writes tokens.
        devices = self.sudo()
        days = int(devices.env["ir.config_parameter"].get_param(DAYS_PARAMETER) or DEFAULT_DAYS)
        values = {
            "name": name,
            "person_id": user.sudo().ttcs_person_ids.id,
            "token_hash": self._hash(token),
            "signed_in_at": now,
            "expires_at": now + timedelta(days=days),
            "last_seen": now,
        }
        device = devices.search(
            [
                ("token_hash", "=", self._hash(known_token or "")),
                ("user_id", "=", user.id),
                ("revoked_at", "=", False),
            ]
        )
        if device:
            device.write(values)
        else:
            device = devices.create({**values, "user_id": user.id})
        return device.with_env(self.env), token

    @api.model
    def _hash(self, token):
        return hashlib.sha256(token.encode()).hexdigest()

    @api.model
    def _identify(self, token):
        """Whose phone a token is of; one query, no access rights needed.

        :returns: ``(device id, user id, "")`` or ``(0, 0, reason)``, where reason is
            ``unknown``, ``revoked``, ``expired`` or ``disabled``
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT device.id, device.user_id, device.revoked_at IS NOT NULL,
                    device.expires_at <= %(now)s, NOT users.active
                FROM ttcs_field_device device
                JOIN res_users users ON users.id = device.user_id
                WHERE device.token_hash = %(hash)s
                """,
                now=fields.Datetime.now(),
                hash=self._hash(token),
            )
        )
        if not rows:
            return 0, 0, "unknown"
        device_id, user_id, *refusals = rows[0]
        for reason, holds in zip(("revoked", "expired", "disabled"), refusals, strict=True):
            if holds:
                return 0, 0, reason
        return device_id, user_id, ""

    @api.model
    def _is_phone_of(self, token, login):
        """Whether a token, expired or not, is of a phone on which this account was used."""
        # sudo: asked before anybody has signed in, and answered by a limit only.
        domain = [
            ("token_hash", "=", self._hash(token)),
            ("user_id.login", "=", login),
            ("revoked_at", "=", False),
        ]
        return bool(self.sudo().search_count(domain, limit=1))

    def _note_seen(self):
        """Write down that a phone was here, at most every ten minutes; never waits."""
        now = fields.Datetime.now()
        self.env.cr.execute(
            """
            UPDATE ttcs_field_device SET last_seen = %s WHERE id IN (
                SELECT id FROM ttcs_field_device
                WHERE id = ANY(%s) AND (last_seen IS NULL OR last_seen < %s)
                FOR NO KEY UPDATE SKIP LOCKED
            )
            """,
            [now, self.ids, now - SEEN_STEP],
        )

    def _note_waiting(self, count):
        """Write down how much a phone still holds; in the transaction of what it has just sent,
        so that an empty queue is never known before the actions that emptied it."""
        self.env.cr.execute(
            """
            UPDATE ttcs_field_device
            SET waiting_count = %s, waiting_at = clock_timestamp() AT TIME ZONE 'UTC'
            WHERE id = ANY(%s)
            """,
            [count, self.ids],
        )
        self.invalidate_recordset(["waiting_count", "waiting_at"])

    def action_revoke(self):
        """Sign phones out: their owner does it, or an administrator in whose reach they are."""
        # The rules of reading are those of revoking: own phones, or all in reach.
        self.check_access("read")
        revoked = self.filtered(lambda device: not device.revoked_at)
        if not revoked:
            raise UserError(self.env._("These phones are signed out already."))
        revoked._revoke()

    def _revoke(self):
        # sudo: nobody writes phones otherwise; who may revoke was decided by the caller.
        self.sudo().write({"revoked_at": fields.Datetime.now(), "revoked_by_id": self.env.uid})
