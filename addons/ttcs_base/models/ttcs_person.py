from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..text.vietnamese import normalize

PARTNER_FIELDS = ("name", "phone", "email")


class TtcsPerson(models.Model):
    """Somebody who works for the network: employee, part-time operator, volunteer.

    Not everybody has a user or an employee record; everybody has a partner, so that
    messages and signatures have an address.  The person leads, the partner follows.
    """

    _name = "ttcs.person"
    _description = "Person"
    _inherit = ["mail.thread", "ttcs.guarded.mixin"]
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
        # sudo: whoever may record a person may have its contact made; the values are those
        # of the person and nothing else of the contact can be reached this way.
        partners = self.env["res.partner"].sudo()
        for vals in vals_list:
            vals["name"] = normalize(vals.get("name") or "")
            if not vals.get("partner_id") and vals.get("user_id"):
                users = self.env["res.users"].sudo()
                vals["partner_id"] = users.browse(vals["user_id"]).partner_id.id
        without = [vals for vals in vals_list if not vals.get("partner_id")]
        created = partners.create(
            [{field: vals.get(field) for field in PARTNER_FIELDS} for vals in without]
        )
        for vals, partner in zip(without, created, strict=True):
            vals["partner_id"] = partner.id
        persons = super().create(vals_list)
        persons._synchronise_duties()
        return persons

    def write(self, vals):
        users = self.user_id
        if vals.get("name"):
            vals = {**vals, "name": normalize(vals["name"])}
        result = super().write(vals)
        shared = {field: vals[field] for field in PARTNER_FIELDS if field in vals}
        if shared:
            # sudo: as in create, the contact follows the person.
            self.sudo().partner_id.write(shared)
        if "user_id" in vals:
            (users | self.user_id).sudo()._synchronise_duties()
        return result

    def _synchronise_duties(self):
        # sudo: groups follow assignments; who may assign is decided by the assignment's own
        # access rules, and no group outside the duties is touched.
        self.user_id.sudo()._synchronise_duties()
