from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain


class TtcsAssignment(models.Model):
    """Who holds which position and duties in which agency, from when to when.

    Access follows from it: the place that the agency serves becomes visible to the person's
    user (``ttcs.unit.reader``), and the duties become access groups, both for these dates
    only.
    """

    _name = "ttcs.assignment"
    _description = "Assignment"
    _inherit = ["mail.thread", "ttcs.guarded.mixin"]
    _order = "valid_to desc, valid_from desc, id"

    person_id = fields.Many2one("ttcs.person", required=True, index=True, ondelete="cascade")
    user_id = fields.Many2one(related="person_id.user_id")
    agency_id = fields.Many2one("ttcs.agency", required=True, index=True, ondelete="restrict")
    unit_id = fields.Many2one(related="agency_id.unit_id", store=True, index=True)
    position_id = fields.Many2one("ttcs.position", required=True, ondelete="restrict")
    duty_ids = fields.Many2many("ttcs.duty", string="Duties")
    valid_from = fields.Date(
        required=True, default=lambda self: self.env.company._today(), tracking=True
    )
    valid_to = fields.Date(tracking=True, help="The last day of the assignment.")
    decision = fields.Char(help="Number of the decision that assigned the person.")
    in_force = fields.Boolean(compute="_compute_in_force", search="_search_in_force")

    _period_ordered = models.Constraint(
        "CHECK (valid_to IS NULL OR valid_to >= valid_from)",
        "An assignment cannot end before it begins.",
    )
    _no_overlap = models.Constraint(
        "EXCLUDE USING gist (person_id WITH =, agency_id WITH =, position_id WITH =,"
        " daterange(valid_from, valid_to, '[]') WITH &&)",
        "This person already holds this position in the same period.",
    )

    @api.depends("person_id.name", "position_id.name", "agency_id.name")
    def _compute_display_name(self):
        for assignment in self:
            parts = (assignment.person_id, assignment.position_id, assignment.agency_id)
            assignment.display_name = ", ".join(part.name for part in parts if part)

    @api.depends("valid_from", "valid_to")
    def _compute_in_force(self):
        today = self.env.company._today()
        for assignment in self:
            assignment.in_force = bool(
                assignment.valid_from
                and assignment.valid_from <= today
                and (not assignment.valid_to or assignment.valid_to >= today)
            )

    def _search_in_force(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        domain = self._domain_in_force_on(self.env.company._today())
        return domain if (operator == "in") == (True in value) else ~domain

    @api.model
    def _domain_in_force_on(self, date):
        """The assignments that hold on a date."""
        return Domain("valid_from", "<=", date) & (
            Domain("valid_to", "=", False) | Domain("valid_to", ">=", date)
        )

    @api.model_create_multi
    def create(self, vals_list):
        assignments = super().create(vals_list)
        assignments._check_grants_no_more_than_held(assignments.duty_ids)
        assignments._synchronise_duties()
        return assignments

    def write(self, vals):
        users, duties = self.person_id.user_id, self.duty_ids
        result = super().write(vals)
        self._check_grants_no_more_than_held(self.duty_ids - duties)
        # sudo: see ttcs.person._synchronise_duties.
        users.sudo()._synchronise_duties()
        self._synchronise_duties()
        return result

    def unlink(self):
        users = self.person_id.user_id
        result = super().unlink()
        # sudo: see ttcs.person._synchronise_duties.
        users.sudo()._synchronise_duties()
        return result

    def _synchronise_duties(self):
        self.person_id._synchronise_duties()

    def _check_grants_no_more_than_held(self, duties):
        """Nobody hands out a duty that he does not hold, an administrator excepted."""
        if self.env.su or self.env.user.has_group("ttcs_base.ttcs_base_group_administrator"):
            return
        # sudo: reading which group a duty stands for reveals nothing about a person.
        beyond = duties.sudo().filtered(
            lambda duty: duty.group_id not in self.env.user.all_group_ids
        )
        if beyond:
            raise AccessError(
                self.env._(
                    "You cannot assign the duty %(duties)s, because you do not hold it "
                    "yourself. Ask an administrator.",
                    duties=", ".join(beyond.mapped("name")),
                )
            )

    @api.model
    def _cron_synchronise_duties(self):
        """Give and take the duties of assignments that began or ended since the last run."""
        self.env["ttcs.person"].search([("user_id", "!=", False)])._synchronise_duties()
