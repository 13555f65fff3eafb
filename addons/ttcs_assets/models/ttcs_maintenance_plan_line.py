from odoo import api, fields, models

from odoo.addons.ttcs_base.models.trigger_constraint import TriggerConstraint

from .maintenance_equipment_category import FAMILIES


class TtcsMaintenancePlanLine(models.Model):
    """One task on one family of assets in a year: how often, and what it costs.

    ``planned_times`` is what the rules make due; an agency that plans another number says why.
    Unit costs are those of the task on the day the line was filled.
    """

    _name = "ttcs.maintenance.plan.line"
    _description = "Line of a maintenance plan"
    _inherit = ["ttcs.guarded.mixin"]
    _order = "plan_id, task_id, family"

    plan_id = fields.Many2one(
        "ttcs.maintenance.plan", required=True, index=True, ondelete="cascade"
    )
    task_id = fields.Many2one("ttcs.maintenance.task", required=True, ondelete="restrict")
    family = fields.Selection(FAMILIES, required=True)
    asset_count = fields.Integer(required=True, readonly=True, default=0, string="Assets")
    planned_times = fields.Integer(
        required=True, readonly=True, default=0, string="Times by the rules"
    )
    times = fields.Integer(required=True, default=0, string="Times planned")
    currency_id = fields.Many2one(related="plan_id.currency_id")
    labour_cost = fields.Monetary(required=True, default=0, string="Labour, one time")
    material_cost = fields.Monetary(required=True, default=0, string="Material, one time")
    cost = fields.Monetary(compute="_compute_cost", store=True)
    note = fields.Char(string="Explanation")

    _task_unique = models.Constraint(
        "UNIQUE (plan_id, task_id, family)", "This task is in the plan already."
    )
    _amounts_possible = models.Constraint(
        "CHECK (times >= 0 AND labour_cost >= 0 AND material_cost >= 0"
        " AND labour_cost = trunc(labour_cost) AND material_cost = trunc(material_cost))",
        "Times and costs are whole numbers, not negative.",
    )
    _cost_adds_up = models.Constraint(
        "CHECK (cost = times * (labour_cost + material_cost))",
        "The cost is the times by labour and material.",
    )
    _difference_has_note = models.Constraint(
        "CHECK (times = planned_times OR trim(COALESCE(note, '')) <> '')",
        "Say why another number of times is planned than the rules make due.",
    )
    _is_frozen = TriggerConstraint(
        lambda env, diagnostics: env._(
            "The maintenance plan %(plan)s was approved, so its lines stay as they are.",
            plan=diagnostics.message_detail,
        )
    )

    @api.depends("times", "labour_cost", "material_cost")
    def _compute_cost(self):
        for line in self:
            line.cost = line.times * (line.labour_cost + line.material_cost)
