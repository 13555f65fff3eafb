from odoo import fields, models
from odoo.exceptions import AccessError, UserError


class TtcsMaintenancePlan(models.Model):
    """Who submits, returns and approves a plan, and when."""

    _inherit = "ttcs.maintenance.plan"

    def action_submit(self):
        """Hand plans to the agency above, or the plan of the area to its leader."""
        self.check_access("write")
        self._check_drawn_up()
        for plan in self:
            waiting = plan.child_ids.filtered(lambda child: child.state != "approved")
            if waiting:
                raise UserError(
                    self.env._(
                        "%(count)s plans below are not approved yet, the first that of "
                        "%(agency)s. Approve or remind them first.",
                        count=len(waiting),
                        agency=waiting[0].agency_id.name,
                    )
                )
            if not plan.line_ids and not plan.child_ids:
                raise UserError(
                    self.env._(
                        "%(plan)s is empty. Fill it from the maintenance rules first.",
                        plan=plan.display_name,
                    )
                )
        # sudo: checked above; the fields of the steps nobody writes otherwise.
        self.sudo().write(
            {
                "state": "submitted",
                "submitted_by_id": self.env.uid,
                "submitted_at": fields.Datetime.now(),
                "return_reason": False,
            }
        )

    def action_approve(self):
        """Approve what was submitted; by then nobody changes it any more."""
        for plan in self:
            plan._check_may_decide()
            plan._check_not_drawn_up_by_oneself()
            number = plan.number_id or self.env["ttcs.document.series"]._issue(
                plan.agency_id, "maintenance_plan", plan, plan.year
            )
            # sudo: checked above; see action_submit.
            plan.sudo().write(
                {
                    "state": "approved",
                    "approved_by_id": self.env.uid,
                    "approved_at": fields.Datetime.now(),
                    "number_id": number.id,
                }
            )
        self.env.flush_all()

    def _return(self, reason):
        """Give submitted plans back with the reason."""
        for plan in self:
            plan._check_may_decide()
        # sudo: checked above; see action_submit.
        self.sudo().write({"state": "returned", "return_reason": reason})

    def _check_not_drawn_up_by_oneself(self):
        """Whoever wrote lines does not approve them, whoever pressed the button to submit."""
        if self.env.user in self.line_ids.write_uid:
            raise UserError(
                self.env._(
                    "You changed lines of %(plan)s yourself. Another person in charge approves "
                    "it.",
                    plan=self.display_name,
                )
            )

    def _check_may_decide(self):
        """The agency above decides about a plan; about that of an area its leader."""
        self.ensure_one()
        if self.state != "submitted":
            raise UserError(
                self.env._("%(plan)s does not wait for a decision.", plan=self.display_name)
            )
        if self.submitted_by_id == self.env.user:
            raise UserError(
                self.env._(
                    "You submitted %(plan)s yourself. Another person in charge approves it.",
                    plan=self.display_name,
                )
            )
        may = self.env.user.has_group("ttcs_base.ttcs_base_group_leader")
        if self.parent_id:
            is_manager = self.env.user.has_group(
                "ttcs_assets.ttcs_assets_group_maintenance_manager"
            )
            may = (may or is_manager) and self.parent_id.has_access("read")
        if not (may and self.has_access("read")):
            raise AccessError(
                self.env._(
                    "%(plan)s is decided by the agency above it, that of the whole area by its "
                    "leader.",
                    # sudo: the name is in the list that the user pressed the button in.
                    plan=self.sudo().display_name,
                )
            )
