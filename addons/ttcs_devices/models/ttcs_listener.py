import io
import secrets
from urllib.parse import quote

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.ttcs_assets.tagging.code import SYMBOLS, encode_symbols, fold_symbols

from ..roll_call import ListenerCard, render_cards

LISTENER_PATH = "/dd"
# 80 random bits: nobody guesses a link, and it can still be typed from a sheet.
CODE_LENGTH = 16
# Cards on one print; a province has some two thousand hamlets.
MOST_CARDS = 3_000


class TtcsListener(models.Model):
    """Somebody who tells how a loudspeaker sounds where he lives: the head of a hamlet, a
    volunteer.

    He needs no account: the link of his own, by message or as a QR code on his wall, leads to the
    loudspeakers of his place while a roll call runs.  Whoever has the link may answer, and no
    more; a lost one is replaced.
    """

    _name = "ttcs.listener"
    _description = "Listener of the roll call"
    _inherit = ["ttcs.placed.mixin", "ttcs.named.mixin", "ttcs.guarded.mixin"]
    _order = "commune_id, unit_id, name, id"
    _rec_names_search = ["name", "phone"]
    # Whatever a call gives, a new listener gets a code of his own.
    _given_at_creation = frozenset({"code"})

    name = fields.Char(required=True, index="trigram")
    phone = fields.Char()
    person_id = fields.Many2one(
        "ttcs.person", index=True, ondelete="set null", help="When he is on the list of people."
    )
    unit_id = fields.Many2one(
        required=True,
        string="Listens in",
        domain="[('in_reach', '=', True), ('in_force', '=', True)]",
    )
    agency_id = fields.Many2one(required=True)
    code = fields.Char(
        required=True, readonly=True, copy=False, groups="ttcs_devices.ttcs_devices_group_user"
    )
    link = fields.Char(
        compute="_compute_link", groups="ttcs_devices.ttcs_devices_group_user", string="Own link"
    )
    answered_at = fields.Datetime(compute="_compute_answered_at", string="Last answer")
    note = fields.Char()
    active = fields.Boolean(default=True)

    _code_unique = models.Constraint("UNIQUE (code)", "Another listener has this link.")
    _code_complete = models.Constraint(
        f"CHECK (code ~ '^[{SYMBOLS}]{{{CODE_LENGTH}}}$')", "The link is not complete."
    )
    _one_for_phone = models.UniqueIndex(
        "(unit_id, phone) WHERE active AND phone <> ''",
        "A listener with this telephone is on the list of this place already.",
    )

    @api.depends("name", "unit_id")
    def _compute_display_name(self):
        for listener in self:
            parts = (listener.name, listener.unit_id.full_name)
            listener.display_name = " – ".join(filter(None, parts))

    @api.depends("code")
    def _compute_link(self):
        # sudo: the address that is printed on every plate too.
        base = self.env["ir.config_parameter"].sudo().get_param("web.base.url")
        for listener in self:
            listener.link = f"{base}{LISTENER_PATH}/{quote(listener.code or '')}"

    def _compute_answered_at(self):
        told = dict(
            self.env["ttcs.roll.call.invitation"]._read_group(
                [("listener_id", "in", self.ids)], ["listener_id"], ["answered_at:max"]
            )
        )
        for listener in self:
            listener.answered_at = told.get(listener._origin, False)

    @api.onchange("person_id")
    def _onchange_person_id(self):
        if self.person_id:
            self.name = self.person_id.name
            self.phone = self.person_id.phone

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([{**vals, "code": self._new_code()} for vals in vals_list])

    @api.model
    def _new_code(self):
        return encode_symbols(secrets.randbits(5 * CODE_LENGTH), CODE_LENGTH)

    @api.model
    def _of_code(self, text):
        """The listener in service with a link's code; none for anything else."""
        code = fold_symbols(text or "", CODE_LENGTH)
        return self.search([("code", "=", code)], limit=1) if code else self.browse()

    @api.model
    def action_take_heads(self):
        """Put the heads of hamlets in reach on the list who are not on it yet.

        The heads are those of the list of hamlets (name and telephone there).
        """
        self.browse().check_access("create")
        hamlets = self.env["ttcs.unit"].search(
            Domain("in_reach", "=", True)
            & Domain("in_force", "=", True)
            & Domain("head_phone", "not in", (False, ""))
        )
        # sudo: whether a hamlet has a listener, whoever keeps the list.
        known = {
            (unit.id, phone)
            for unit, phone in self.sudo()._read_group(
                [("unit_id", "in", hamlets.ids)], ["unit_id", "phone"]
            )
        }
        agencies = self._agencies_of(hamlets.commune_id)
        made = self.create(
            [
                {
                    "name": hamlet.head_name or hamlet.full_name,
                    "phone": hamlet.head_phone,
                    "unit_id": hamlet.id,
                    "agency_id": agencies.get(hamlet.commune_id, self._own_agency()).id,
                }
                for hamlet in hamlets
                if (hamlet.id, hamlet.head_phone) not in known
            ]
        )
        message = (
            self.env._("%s heads of hamlets were put on the list.", len(made))
            if made
            else self.env._(
                "Nobody to add: every head of a hamlet with a telephone is on the list. Names and "
                "telephones are kept in the list of places."
            )
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": message,
                "type": "success" if made else "info",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    @api.model
    def _agencies_of(self, communes):
        """The agency of each commune that is in reach: its committee before others."""
        found = self.env["ttcs.agency"].search([("unit_id", "in", communes.ids)], order="id desc")
        return {agency.unit_id: agency for agency in found}

    @api.model
    def _own_agency(self):
        agency = self.env["ttcs.placed.mixin"]._default_agency_id()
        return agency or self.env["ttcs.agency"].search([], limit=1)

    def action_renew_code(self):
        """Another link in place of the one that came into wrong hands; the old one is dead."""
        self.check_access("write")
        for listener in self:
            listener._by_steps().code = self._new_code()

    def action_print_cards(self):
        """A sheet with four QR cards a page, to be cut and hung up."""
        self.check_access("read")
        listeners = self.filtered("active")
        if not listeners:
            raise UserError(self.env._("Choose the listeners whose cards are printed."))
        if len(listeners) > MOST_CARDS:
            raise UserError(
                self.env._("Print at most %s cards at a time: choose fewer communes.", MOST_CARDS)
            )
        # Whoever reads a card is not who prints it: its language does not follow the user's.
        printed = self.with_context(lang="vi_VN")
        steps = (
            printed.env._(
                "When the loudspeaker is to sound, point the telephone's camera at this code."
            ),
            printed.env._("Tap what you hear: clear, noisy or silent."),
            printed.env._("That is all. No password, no cost beyond your own connection."),
        )
        kit = self.env["ttcs.document.kit"]
        output = io.BytesIO()
        render_cards(
            (
                ListenerCard(
                    title=printed.env._("Roll call of loudspeakers"),
                    place=listener.unit_id.full_name or "",
                    steps=steps,
                    address=listener.link,
                    owner=listener.agency_id.name or "",
                )
                for listener in listeners
            ),
            output,
            kit._fonts(),
        )
        return kit._save_file(f"{printed.env._('Cards for the roll call')}.pdf", output.getvalue())
