from datetime import date

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain


class TtcsAssignment(models.Model):
    """Who holds which position and duties in which agency, from when to when.

    Access follows from it: the place that the agency serves becomes visible to the person's
    user (``ttcs.unit.reader``), and the duties become access groups, both for these dates
    only.

    So whoever may write assignments could give himself the province.  Three refusals hold
    against that, an administrator excepted: nobody changes an assignment of his own, nobody
    grants a duty that he does not hold, nobody assigns to an agency out of his reach.
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
        assignments._check_is_not_own()
        assignments._check_duties_are_held(assignments.duty_ids)
        assignments._follow_changes(assignments.person_id.user_id)
        return assignments

    def write(self, vals):
        self._check_is_not_own()
        users, before = self.person_id.user_id, self._grants()
        result = super().write(vals)
        self._check_is_not_own()
        self._check_duties_are_held(self._duties_granted_beyond(before))
        self._follow_changes(users | self.person_id.user_id)
        if "agency_id" in vals:
            # The record rule was asked about the former agency only.
            self.check_access("write")
        return result

    def unlink(self):
        users = self.person_id.user_id
        result = super().unlink()
        self._follow_changes(users)
        return result

    @api.model
    def _follow_changes(self, users):
        """Give what changed assignments give to these users, and take what they gave."""
        self.env["ttcs.unit"]._forget_readers()
        # sudo: see ttcs.person._synchronise_duties.
        users.sudo()._synchronise_duties()

    def _grants(self):
        """What each of these assignments grants: to whom, where, from when to when, duties."""
        return {
            assignment: (
                (assignment.person_id, assignment.agency_id),
                assignment.valid_from,
                assignment.valid_to or date.max,
                assignment.duty_ids,
            )
            for assignment in self
        }

    def _duties_granted_beyond(self, before):
        """The duties that these assignments grant to others, for longer, or newly.

        :param before: what ``_grants`` gave before the change
        """
        granted = self.env["ttcs.duty"]
        for assignment, (holder, start, end, duties) in self._grants().items():
            holder_before, start_before, end_before, duties_before = before[assignment]
            is_wider = holder != holder_before or start < start_before or end > end_before
            granted |= duties if is_wider else duties - duties_before
        return granted

    def _may_assign_anything(self):
        return self.env.su or self.env.user.has_group("ttcs_base.ttcs_base_group_administrator")

    def _check_is_not_own(self):
        if not self._may_assign_anything() and self.env.user in self.person_id.user_id:
            raise AccessError(
                self.env._(
                    "This assignment is your own, and nobody assigns himself. "
                    "Ask an administrator."
                )
            )

    def _check_duties_are_held(self, duties):
        if self._may_assign_anything():
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
        persons = self.env["ttcs.person"].with_context(active_test=False)
        persons.search([("user_id", "!=", False)])._synchronise_duties()
