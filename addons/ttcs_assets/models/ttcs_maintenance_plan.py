from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.ttcs_base.models.trigger_constraint import TriggerConstraint

# Written by the steps of a plan only, each of which checks who takes it.
STEP_FIELDS = {
    "state", "submitted_by_id", "submitted_at", "approved_by_id", "approved_at", "return_reason",
    "number_id",
}  # fmt: skip


class TtcsMaintenancePlan(models.Model):
    """What maintenance an agency plans for a year, and what it will cost.

    The agency above draws up the plan of its area: one plan for each agency that owns assets
    there, filled from what the maintenance rules make due.  Each agency corrects and submits
    its own; the agency above returns or approves it; its leader approves the whole.  What was
    approved stays as it was, costs included.
    """

    _name = "ttcs.maintenance.plan"
    _description = "Maintenance plan"
    _inherit = ["mail.thread", "ttcs.form.mixin", "ttcs.guarded.mixin"]
    _order = "year desc, parent_id desc, agency_id"

    year = fields.Integer(
        required=True, default=lambda self: self.env.company._today().year + 1, tracking=True
    )
    agency_id = fields.Many2one(
        "ttcs.agency",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env["ttcs.placed.mixin"]._default_agency_id(),
        tracking=True,
    )
    unit_id = fields.Many2one(related="agency_id.unit_id", string="Place", store=True, index=True)
    parent_id = fields.Many2one(
        "ttcs.maintenance.plan",
        string="Plan of the area",
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    child_ids = fields.One2many("ttcs.maintenance.plan", "parent_id", string="Plans below")
    state = fields.Selection(
        [
            ("draft", "Being drawn up"),
            ("submitted", "Submitted"),
            ("returned", "Returned"),
            ("approved", "Approved"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        tracking=True,
        index=True,
    )
    purpose = fields.Text(string="Purpose and requirements")
    measures = fields.Text(string="How it is carried out")
    line_ids = fields.One2many("ttcs.maintenance.plan.line", "plan_id", string="Work")
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    own_cost = fields.Monetary(compute="_compute_costs", string="Cost of this agency")
    total_cost = fields.Monetary(
        compute="_compute_costs", string="Cost in all", help="With the plans below."
    )
    child_count = fields.Integer(compute="_compute_children", string="Plans of agencies below")
    approved_count = fields.Integer(compute="_compute_children", string="Approved")
    submitted_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    submitted_at = fields.Datetime(readonly=True, copy=False)
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    approved_at = fields.Datetime(readonly=True, copy=False)
    return_reason = fields.Char(readonly=True, copy=False)
    number_id = fields.Many2one(
        "ttcs.document.number", string="Tracking number", readonly=True, copy=False
    )

    _agency_year_unique = models.Constraint(
        "UNIQUE (agency_id, year)", "This agency has a maintenance plan for this year already."
    )
    _year_possible = models.Constraint(
        "CHECK (year BETWEEN 2000 AND 2100)", "The year lies between 2000 and 2100."
    )
    _not_its_own_part = models.Constraint(
        "CHECK (parent_id <> id)", "A plan cannot be a part of itself."
    )
    _approved_by_another = models.Constraint(
        "CHECK (state <> 'approved' OR (approved_by_id IS NOT NULL AND submitted_by_id IS NOT NULL"
        " AND approved_by_id <> submitted_by_id))",
        "Whoever submitted a plan cannot approve it. Ask another person in charge.",
    )
    _returned_has_reason = models.Constraint(
        "CHECK (state <> 'returned' OR COALESCE(return_reason, '') <> '')",
        "Say why the plan is returned.",
    )
    _is_frozen = TriggerConstraint(
        lambda env, diagnostics: env._(
            "The maintenance plan %(plan)s was approved and stays as it is. Changes belong into "
            "the plan of the next year.",
            plan=diagnostics.message_detail,
        )
    )

    def _compute_currency_id(self):
        self.currency_id = self.env.company.currency_id

    @api.depends("year", "agency_id.name")
    def _compute_display_name(self):
        for plan in self:
            plan.display_name = self.env._(
                "Maintenance plan %(year)s, %(agency)s", year=plan.year, agency=plan.agency_id.name
            )

    @api.depends("line_ids.cost", "child_ids.line_ids.cost")
    def _compute_costs(self):
        lines = self.env["ttcs.maintenance.plan.line"]
        plans = self | self.child_ids
        costs = dict(lines._read_group([("plan_id", "in", plans.ids)], ["plan_id"], ["cost:sum"]))
        for plan in self:
            plan.own_cost = costs.get(plan._origin, 0)
            below = sum(costs.get(child, 0) for child in plan.child_ids)
            plan.total_cost = plan.own_cost + below

    @api.depends("child_ids.state")
    def _compute_children(self):
        groups = self._read_group(
            [("parent_id", "in", self.ids)], ["parent_id", "state"], ["__count"]
        )
        for plan in self:
            counts = {state: count for parent, state, count in groups if parent == plan._origin}
            plan.child_count = sum(counts.values())
            plan.approved_count = counts.get("approved", 0)

    def write(self, vals):
        taken = STEP_FIELDS & set(vals)
        if taken and not self.env.su:
            raise AccessError(
                self.env._("A plan is submitted, returned and approved by its buttons only.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_drafts(self):
        for plan in self:
            if plan.state != "draft" or plan.submitted_at:
                raise UserError(
                    self.env._(
                        "%(plan)s was submitted and is kept. Only a plan that is being drawn up "
                        "can be deleted.",
                        plan=plan.display_name,
                    )
                )
