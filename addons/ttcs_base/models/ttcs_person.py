from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

PARTNER_FIELDS = ("name", "phone", "email")


class TtcsPerson(models.Model):
    """Somebody who works for the network: employee, part-time operator, volunteer.

    Not everybody has a user or an employee record; everybody has a partner, so that
    messages and signatures have an address.  The person leads, the partner follows.

    A password can be reset by e-mail, and an account has the rights that its person's
    assignments give until he is archived: so the account, the archiving and, with an account,
    the e-mail are changed only by somebody who may do as much himself.
    """

    _name = "ttcs.person"
    _description = "Person"
    _inherit = ["mail.thread", "ttcs.named.mixin", "ttcs.guarded.mixin"]
    # Made with the person; ``_check_contact_is_not_chosen`` refuses one that is given.
    _given_at_creation = frozenset({"partner_id"})
    _order = "name, id"
    _rec_names_search = ["name", "phone", "email"]

    name = fields.Char(required=True, index="trigram")
    birth_date = fields.Date()
    gender = fields.Selection([("female", "Female"), ("male", "Male")])
    phone = fields.Char()
    email = fields.Char()
    partner_id = fields.Many2one(
        "res.partner", required=True, index=True, ondelete="restrict", readonly=True, copy=False
    )
    user_id = fields.Many2one("res.users", index=True, ondelete="restrict", copy=False)
    employee_id = fields.Many2one("hr.employee", index=True, ondelete="set null", copy=False)
    assignment_ids = fields.One2many("ttcs.assignment", "person_id")
    # The same, for record rules only.  A rule reads as superuser, and what it reads of a
    # one2many stays in the cache for everybody: the rule on people would put assignments out
    # of reach into assignment_ids.
    scope_assignment_ids = fields.One2many(
        "ttcs.assignment", "person_id", groups=fields.NO_ACCESS, copy=False
    )
    agency_ids = fields.Many2many(
        "ttcs.agency", compute="_compute_agency_ids", search="_search_agency_ids"
    )
    active = fields.Boolean(default=True)

    _user_unique = models.Constraint("UNIQUE (user_id)", "This user belongs to another person.")
    _partner_unique = models.Constraint(
        "UNIQUE (partner_id)", "This contact belongs to another person."
    )
    _employee_unique = models.Constraint(
        "UNIQUE (employee_id)", "This employee belongs to another person."
    )

    @api.depends("assignment_ids.agency_id")
    def _compute_agency_ids(self):
        for person in self:
            person.agency_ids = person.assignment_ids.agency_id

    def _search_agency_ids(self, operator, value):
        return [("assignment_ids.agency_id", operator, value)]

    @api.constrains("user_id")
    def _check_user_is_internal(self):
        for person in self:
            if person.user_id and person.user_id.share:
                raise ValidationError(
                    self.env._("%(name)s is not an internal user.", name=person.user_id.login)
                )

    @api.model_create_multi
    def create(self, vals_list):
        self._check_contact_is_not_chosen(vals_list)
        vals_list = [dict(self._with_normal_name(vals)) for vals in vals_list]
        # sudo: whoever may record a person may have its contact made; the values are those
        # of the person and nothing else of the contact can be reached this way.
        users, partners = self.env["res.users"].sudo(), self.env["res.partner"].sudo()
        users = users.browse(vals["user_id"] for vals in vals_list if vals.get("user_id"))
        contact_of = {user.id: user.partner_id.id for user in users}
        for vals in vals_list:
            vals["partner_id"] = vals.get("partner_id") or contact_of.get(vals.get("user_id"))
        without = [vals for vals in vals_list if not vals["partner_id"]]
        created = partners.create(
            [{field: vals.get(field) for field in PARTNER_FIELDS} for vals in without]
        )
        for vals, partner in zip(without, created, strict=True):
            vals["partner_id"] = partner.id
        persons = super().create(vals_list)
        persons.filtered("user_id")._check_may_handle_account()
        persons._synchronise_duties()
        return persons

    def write(self, vals):
        self._check_contact_is_not_chosen([vals])
        vals = self._with_normal_name(vals)
        users = self.user_id
        if "user_id" in vals or "active" in vals:
            self._check_may_handle_account()
        elif "email" in vals:
            # sudo: whose account it is, to compare.
            mine = self.env.user.sudo().ttcs_person_ids
            (self.filtered("user_id") - mine)._check_may_handle_account()
        result = super().write(vals)
        shared = {field: vals[field] for field in PARTNER_FIELDS if field in vals}
        if shared:
            # sudo: as in create, the contact follows the person.
            self.sudo().partner_id.write(shared)
        if "user_id" in vals:
            self._check_may_handle_account()
        if "user_id" in vals or "active" in vals:
            self.env["ttcs.unit"]._forget_readers()
            (users | self.user_id).sudo()._synchronise_duties()
        return result

    def _check_contact_is_not_chosen(self, vals_list):
        """A contact comes with the person or its user; another one could be anybody's."""
        if not self.env.su and any("partner_id" in vals for vals in vals_list):
            raise AccessError(
                self.env._("The contact of a person is made with the person; leave it out.")
            )

    def _check_may_handle_account(self):
        """Nobody touches the account of somebody who may do more than he himself.

        :raises AccessError: naming the persons whose account or assignments give a duty, a
            place or a right over the whole system that the current user has not
        """
        user = self.env.user
        if self.env.su or not self:
            return
        # sudo: what others may do is read to be compared, and not shown.
        persons = self.sudo()
        guarded = self.env.ref("base.group_erp_manager")
        if not user.has_group("ttcs_base.ttcs_base_group_administrator"):
            guarded |= self.env["ttcs.duty"].sudo().search([]).group_id
        withheld = guarded - user.all_group_ids
        today = self.env.company._today()
        lasting = persons.scope_assignment_ids.filtered(
            lambda assignment: not assignment.valid_to or assignment.valid_to >= today
        )
        reached = lasting.unit_id.filtered_domain([("reader_ids.user_id", "=", user.id)])
        beyond = lasting.filtered(
            lambda assignment: (
                assignment.unit_id not in reached
                or assignment.duty_ids.group_id.all_implied_ids & withheld
            )
        ).person_id
        beyond |= persons.filtered(lambda person: person.user_id.all_group_ids & withheld)
        if beyond:
            raise AccessError(
                self.env._(
                    "%(names)s may do more than you, or work in places out of your reach: ask "
                    "an administrator to change the account or the e-mail, or to archive them.",
                    names=", ".join(beyond.mapped("name")),
                )
            )

    def _synchronise_duties(self):
        # sudo: groups follow assignments; who may assign is decided by the assignment's own
        # access rules, and no group outside the duties is touched.
        self.user_id.sudo()._synchronise_duties()
