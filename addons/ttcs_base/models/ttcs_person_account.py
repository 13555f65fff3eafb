from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class TtcsPerson(models.Model):
    """The account of a person: opened without a password, used after an activation slip."""

    _inherit = "ttcs.person"

    has_account = fields.Boolean(compute="_compute_has_account")
    activation_ids = fields.One2many(
        "ttcs.activation",
        "person_id",
        string="Activation slips",
        groups="ttcs_base.ttcs_base_group_people_manager",
    )

    @api.depends("user_id")
    def _compute_has_account(self):
        for person in self:
            person.has_account = bool(person.user_id)

    def action_open_account(self):
        """Open an account under the e-mail or telephone, and print its slip."""
        logins = {}
        for person in self.filtered(lambda person: not person.user_id):
            login = (person.email or person.phone or "").strip().lower()
            if not login:
                raise UserError(
                    self.env._(
                        "%(name)s needs an e-mail or a telephone number to sign in with.",
                        name=person.name,
                    )
                )
            logins[person] = login
        self._open_accounts(logins)
        return self.action_issue_slips()

    def action_issue_slips(self):
        """Print new activation slips; those handed out before are void from now on."""
        content = self.env["ttcs.activation"]._issue(self)
        name = self[:1].name if len(self) == 1 else str(len(self))
        return self.env["ttcs.document.kit"]._save_file(
            self.env._("Activation slips - %(name)s.pdf", name=name), content
        )

    def _open_accounts(self, logins):
        """Give persons an account that has no password and so opens by a slip only.

        :param logins: login by person
        """
        if not logins:
            return
        if not self.env.user.has_group("ttcs_base.ttcs_base_group_people_manager"):
            raise AccessError(self.env._("Your duties do not include managing accounts."))
        persons = self.browse(person.id for person in logins)
        persons.check_access("write")
        # sudo: no duty may create users at large; here the account belongs to a person in
        # reach, has no group but that of employees, and the person's own assignments give the
        # others.  Linking it checks that the user may do as much himself.
        users = self.env["res.users"].sudo().with_context(no_reset_password=True)
        taken = users.with_context(active_test=False).search(
            [("login", "in", list(logins.values()))]
        )
        if taken:
            raise UserError(
                self.env._(
                    "The login “%(login)s” belongs to another account. Give another one.",
                    login=taken[0].login,
                )
            )
        created = users.create(
            [
                {
                    "login": login,
                    "partner_id": person.sudo().partner_id.id,
                    "group_ids": [(6, 0, [self.env.ref("base.group_user").id])],
                }
                for person, login in logins.items()
            ]
        )
        for person, user in zip(logins, created, strict=True):
            person.user_id = user
