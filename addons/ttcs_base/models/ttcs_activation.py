from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..accounts.activation_code import code_matches, hash_code, new_code
from ..accounts.slips import Slip, SlipWords, render_slips

VALID_DAYS = 14


class TtcsActivation(models.Model):
    """A slip with a one-time code by which a person opens his account, or opens it again.

    The code is printed once and stored only as a slow hash.  A new slip voids the one before.
    """

    _name = "ttcs.activation"
    _description = "Activation slip"
    _inherit = ["ttcs.guarded.mixin"]
    _order = "id desc"
    _rec_name = "person_id"

    person_id = fields.Many2one("ttcs.person", required=True, index=True, ondelete="cascade")
    user_id = fields.Many2one("res.users", required=True, index=True, ondelete="cascade")
    code_hash = fields.Char(required=True, groups=fields.NO_ACCESS, copy=False)
    issued_by_id = fields.Many2one(
        "res.users", string="Issued by", required=True, default=lambda self: self.env.uid
    )
    expires_at = fields.Datetime(required=True)
    state = fields.Selection(
        [("issued", "Issued"), ("used", "Used"), ("void", "Void")],
        required=True,
        default="issued",
    )
    used_at = fields.Datetime()
    is_expired = fields.Boolean(compute="_compute_is_expired")

    _one_open = models.UniqueIndex(
        "(user_id) WHERE state = 'issued'", "This account has an open slip already."
    )

    @api.depends("expires_at", "state")
    def _compute_is_expired(self):
        now = fields.Datetime.now()
        for slip in self:
            slip.is_expired = slip.state == "issued" and slip.expires_at < now

    @api.model
    def _issue(self, persons):
        """Void the open slips of these persons' accounts and issue new ones.

        :returns: the PDF with all slips, the only place where the codes can be read
        :raises AccessError: unless the user may manage these accounts
        """
        if not self.env.user.has_group("ttcs_base.ttcs_base_group_people_manager"):
            raise AccessError(self.env._("Your duties do not include managing accounts."))
        persons.check_access("write")
        without = persons.filtered(lambda person: not person.user_id)
        if without:
            raise UserError(
                self.env._(
                    "%(names)s have no account yet. Open one first.",
                    names=", ".join(without.mapped("name")),
                )
            )
        persons._check_may_handle_account()
        # sudo: the hash is nobody's to read or write; who may issue was checked above.
        slips = self.sudo()
        earlier = slips.search([("user_id", "in", persons.user_id.ids), ("state", "=", "issued")])
        earlier.write({"state": "void"})
        # Before the new ones are inserted: an account has one open slip at any instant.
        earlier.flush_recordset()
        expires = fields.Datetime.now() + timedelta(days=VALID_DAYS)
        codes = {person: new_code() for person in persons}
        slips.create(
            [
                {
                    "person_id": person.id,
                    "user_id": person.user_id.id,
                    "code_hash": hash_code(code),
                    "issued_by_id": self.env.uid,
                    "expires_at": expires,
                }
                for person, code in codes.items()
            ]
        )
        return self._print(codes, expires)

    @api.model
    def _print(self, codes, expires):
        host = self.env["ir.config_parameter"].sudo().get_param("web.base.url")
        address = f"{host}/ttcs/activate"
        words = SlipWords(
            title=self.env._("Account activation slip"),
            address=address,
            step=self.env._("Scan the symbol or open this address:"),
            login=self.env._("Login:"),
            code=self.env._("One-time code:"),
            expires=self.env._("Valid until"),
            warning=self.env._(
                "You choose your password yourself. Nobody of the office will ever ask for it."
            ),
        )
        local = fields.Datetime.context_timestamp(self, expires)
        today = self.env.company._today()
        printed = [
            Slip(
                name=person.name,
                position=self._position(person, today),
                login=person.user_id.login,
                code=code,
                expires=f"{local:%d/%m/%Y}",
            )
            for person, code in codes.items()
        ]
        return render_slips(printed, words, self.env["ttcs.document.kit"]._fonts())

    @api.model
    def _position(self, person, today):
        held = person.assignment_ids.filtered(
            lambda each: not each.valid_to or each.valid_to >= today
        )
        return ", ".join(filter(None, (held[:1].position_id.name, held[:1].agency_id.name)))

    @api.model
    def _redeem(self, login, code, password):
        """Set the password of an account by its slip; whether the slip was good.

        The caller has counted the try.  A wrong login costs as much time as a wrong code.
        """
        # sudo: nobody is signed in yet; the code is what proves the right.
        slip = self.sudo().search(
            [("user_id.login", "=", login), ("state", "=", "issued")], limit=1
        )
        is_open = bool(slip) and slip.expires_at >= fields.Datetime.now() and slip.user_id.active
        if not code_matches(code, slip.code_hash if is_open else None):
            return False
        if not slip.try_lock_for_update():
            return False
        slip.write({"state": "used", "used_at": fields.Datetime.now()})
        slip.user_id.with_user(slip.user_id).sudo().write({"password": password})
        return True
